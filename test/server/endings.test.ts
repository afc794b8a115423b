import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assertCalm } from '../fakes/assert-calm.js';
import { PracticeWorld } from '../fakes/practice-world.js';

describe('An end', () => {
  it('reaches Tavus before the answer', async () => {
    const world = await PracticeWorld.open();
    const { id } = await world.start();
    await world.clock.pass(30);
    const { body } = await world.end(id);
    assert.equal(world.billed[0]!.seconds, 30);
    assert.deepEqual([body.session.status, body.session.endReason, body.session.duration], ['paused', 'paused', 30]);
    assert.equal(body.session.remaining, 570);
  });

  it('may be asked for again and again', async () => {
    const world = await PracticeWorld.open();
    const { id } = await world.start();
    const first = (await world.end(id)).body.session;
    await world.clock.pass(5);
    const again = await world.end(id);
    assert.deepEqual([again.status, again.body.session], [200, first]);
    assert.equal(world.calls('end'), 1);
  });

  it('is retried, more and more slowly, until it is confirmed, and keeps the place until then', async () => {
    const world = await PracticeWorld.open({ TAVUS_MAX_RETRIES: '1' });
    world.tavus.setConditions({ callbacks: 'none' });
    const { id } = await world.start();
    world.fail({ call: 'end', fail: 'status', times: 8 });
    assert.equal((await world.end(id)).body.session.status, 'paused', 'the learner is told at once');
    await world.sweepFor(60, 1);
    assert.equal((await world.start()).body.code, 'session_active');
    await world.sweepFor(120, 1);
    const moments = world.tavus.ledger.calls.filter(({ call }) => call === 'end').map(({ at }) => at / 1000);
    const waits = moments.slice(1).map((at, i) => at - moments[i]!);
    assert.deepEqual(waits, [1, 1, 2, 4, 8, 15, 15, 15], 'by chance, here always half of at most 1, 2, 4 … 30 s');
    assert.equal((await world.start()).status, 201);
    assert.equal(world.billed[0]!.reason, 'end_conversation_endpoint_hit');
  });

  it('is tried several times in one pass', async () => {
    const world = await PracticeWorld.open();
    const { id } = await world.start();
    world.fail({ call: 'end', fail: 'status', times: 1 }, { call: 'end', fail: 'reset', times: 1 });
    await world.until(world.end(id));
    assert.equal(world.calls('end'), 3);
    assertCalm(world);
  });

  it('does not keep the learner waiting for a Tavus that hangs', async () => {
    const world = await PracticeWorld.open();
    const { id } = await world.start();
    world.fail({ call: 'end', delay: 3_600_000 });
    const ending = world.end(id);
    await world.clock.pass(2);
    assert.equal((await ending).body.session.status, 'paused');
    await world.clock.pass(30);
    await world.sweepFor(30);
    assertCalm(world);
  });

  it('of a conversation Tavus no longer knows is an end', async () => {
    const world = await PracticeWorld.open();
    const { id } = await world.start();
    await world.tavus.handle(
      new Request(`http://localhost:8788/v2/conversations/${world.billed[0]!.id}`, {
        method: 'DELETE',
        headers: { 'x-api-key': 'canary-key' },
      }),
    );
    await world.end(id);
    assert.equal((await world.start()).status, 201);
  });

  it('asked for by a process that dies is carried out by another', async () => {
    const world = await PracticeWorld.open();
    const { id } = await world.start();
    world.fail({ call: 'end', delay: 3_600_000 });
    void world.end(id);
    await world.clock.pass(1);
    world.kill();
    world.restart();
    await world.sweepFor(30);
    assertCalm(world);
  });

  it('of somebody else’s session is not to be had', async () => {
    const world = await PracticeWorld.open();
    const { id } = await world.start();
    assert.equal((await world.end(id, 'ben')).status, 404);
    assert.equal((await world.end(id, 'staff')).status, 404);
    assert.equal(world.billed[0]!.endedAt, null);
  });
});

describe('Several sweepers', () => {
  it('do each errand once', async () => {
    const world = await PracticeWorld.open();
    world.tavus.setConditions({ callbacks: 'none' });
    const learners = Array.from({ length: 8 }, (_, i) => `learner-${i}`);
    await Promise.all(learners.map((learner) => world.start(learner)));
    const sweepers = [world.backend, world.restart(), world.restart()].map(({ sweeper }) => sweeper);
    await world.clock.pass(50);
    await Promise.all(sweepers.map((sweeper) => sweeper.sweep()));
    assert.equal(world.calls('end'), 8);
    assertCalm(world);
  });

  it('leave nothing undone when one is killed in the middle', async () => {
    const world = await PracticeWorld.open();
    world.tavus.setConditions({ callbacks: 'none' });
    await Promise.all(['ben', 'cem', 'dia'].map((learner) => world.start(learner)));
    world.fail({ call: 'end', delay: 3_600_000, times: 3 });
    await world.clock.pass(50);
    void world.backend.sweeper.sweep();
    await world.clock.pass(1);
    world.kill();
    world.restart();
    await world.sweepFor(30);
    assertCalm(world);
  });
});

describe('An orphan', () => {
  const create = async (world: PracticeWorld, name: string) => {
    const response = await world.tavus.handle(
      new Request('http://localhost:8788/v2/conversations', {
        method: 'POST',
        headers: { 'x-api-key': 'canary-key' },
        body: JSON.stringify({ pal_id: 'p', conversation_name: name }),
      }),
    );
    return ((await response.json()) as { conversation_id: string }).conversation_id;
  };
  const running = (world: PracticeWorld) => world.billed.filter(({ endedAt }) => endedAt === null).map(({ id }) => id);

  it('with our tag is ended; what is ours and wanted, or somebody else’s, is not touched', async () => {
    const world = await PracticeWorld.open();
    await world.start();
    const ours = world.billed[0]!;
    const [, deployment] = ours.name.split('/');
    await create(world, `tavus-practice/${deployment}/${crypto.randomUUID()}/${crypto.randomUUID()}`);
    await create(world, `tavus-practice/${deployment}/`);
    await create(world, ours.name);
    const strangers = await Promise.all(
      ['', 'New Conversation', 'tavus-practice/0badc0de/a/b', `my tavus-practice/${deployment}/x/y`].map((name) =>
        create(world, name),
      ),
    );
    assert.equal(await world.backend.sweeper.sweepOrphans(), 3);
    assert.deepEqual(running(world), [ours.id, ...strangers]);
  });

  it('is not what is being created at this very moment', async () => {
    const world = await PracticeWorld.open();
    world.fail({ call: 'create', delay: 10_000, when: 'after' });
    const starting = world.start();
    await world.clock.pass(1);
    assert.equal(await world.backend.sweeper.sweepOrphans(), 0);
    await world.clock.pass(10);
    assert.ok((await starting).body.join);
  });

  it('that cannot be ended does not protect the others', async () => {
    const world = await PracticeWorld.open({ TAVUS_MAX_RETRIES: '1' });
    await world.start();
    const [, deployment] = world.billed[0]!.name.split('/');
    for (const n of [1, 2, 3]) await create(world, `tavus-practice/${deployment}/lost/${n}`);
    world.fail({ call: 'end', fail: 'status', times: 1 });
    await world.backend.sweeper.sweepOrphans();
    assert.equal(running(world).length, 2, 'the wanted one, and the one that failed');
    await world.backend.sweeper.sweepOrphans();
    assert.equal(running(world).length, 1);
  });

  it('is found by a running sweeper, also behind hundreds of somebody else’s', async () => {
    const world = await PracticeWorld.open();
    const { id } = await world.start();
    const [, deployment] = world.billed[0]!.name.split('/');
    await world.end(id);
    const orphans = [await create(world, `tavus-practice/${deployment}/lost/1`)];
    for (let i = 0; i < 250; i++) await create(world, 'somebody else’s');
    orphans.push(await create(world, `tavus-practice/${deployment}/lost/2`));
    const stop = new AbortController();
    const swept = world.backend.sweeper.run(5, stop.signal);
    await world.clock.pass(1);
    assert.equal(running(world).length, 250);
    assert.ok(orphans.every((orphan) => !running(world).includes(orphan)));
    stop.abort();
    await world.until(swept);
  });
});

describe('An end that Tavus has not confirmed', () => {
  const finished = { n: 1, type: 'completed', data: {} };
  const unconfirmed = async () => {
    const world = await PracticeWorld.open();
    world.tavus.setConditions({ callbacks: 'none' });
    const { id } = await world.start();
    world.fail({ call: 'end', fail: 'status', times: 9 });
    return { world, id };
  };

  it('is told apart from a conversation that runs, and is over by itself', async () => {
    const { world, id } = await unconfirmed();
    assert.equal((await world.offer()).availability.reason, 'session_active');
    await world.until(world.facts('ada', 'w', [{ ...finished, sessionId: id }]));
    const { availability, activeSession } = await world.offer();
    assert.deepEqual([availability.canStart, availability.reason, activeSession], [false, 'ending', null]);
    world.fail();
    await world.sweepFor(60);
    const after = await world.offer();
    assert.deepEqual([after.availability.canStart, after.availability.reason], [true, undefined]);
  });

  it('names the paused session, which can be finished meanwhile', async () => {
    const { world, id } = await unconfirmed();
    await world.until(world.end(id));
    const { availability, activeSession } = await world.offer();
    assert.deepEqual([availability.reason, activeSession?.id, activeSession?.status], ['ending', id, 'paused']);
  });

  it('keeps a start and a resume waiting, and says for whom and how long', async () => {
    const { world, id } = await unconfirmed();
    await world.until(world.end(id));
    for (const { status, body } of [await world.start(), await world.resume(id)])
      assert.deepEqual([status, body.code, body.activeSessionId, body.retryAfter], [409, 'session_active', id, 5]);
    await world.until(world.facts('ada', 'w', [{ ...finished, sessionId: id }]));
    const { status, headers, body } = await world.start();
    assert.deepEqual([status, body.code, body.activeSessionId], [409, 'session_active', id]);
    assert.equal(headers.get('retry-after'), '5');
  });

  it('is not mixed up with a conversation that is being resumed', async () => {
    const world = await PracticeWorld.open();
    const { id } = await world.start();
    await world.end(id);
    world.fail({ call: 'create', delay: 5000 });
    const resuming = world.resume(id);
    await world.clock.pass(1);
    const { availability, activeSession } = await world.offer();
    assert.deepEqual([availability.reason, activeSession?.id], ['session_active', id]);
    await world.until(resuming);
  });
});

describe('A Tavus that is down', () => {
  for (const network of ['refused', 'silent'] as const)
    it(`(${network}) keeps what has to be ended until it is back`, async () => {
      const world = await PracticeWorld.open();
      world.tavus.setConditions({ callbacks: 'none' });
      const { id } = await world.start();
      world.network = network;
      await world.sweepFor(240);
      assert.equal((await world.until(world.read(id))).body.session.status, 'paused');
      assert.equal((await world.offer()).availability.reason, 'ending');
      world.network = 'up';
      await world.sweepFor(60);
      assertCalm(world);
      assert.equal((await world.offer()).availability.canStart, true);
    });
});
