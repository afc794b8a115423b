import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Fault } from '../../src/simulator/faults.js';
import { PracticeWorld, type Answer } from '../fakes/practice-world.js';

/** Nothing of ours runs at Tavus, and no run was asked for twice. */
function assertCalm(world: PracticeWorld): void {
  const names = world.billed.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length, 'no run has two conversations');
  assert.deepEqual(
    world.billed.filter(({ endedAt }) => endedAt === null),
    [],
    'nothing runs any more',
  );
}

describe('A create that Tavus certainly refused', () => {
  const refusals: [name: string, fault: Omit<Fault, 'call'>, status: number, code: string][] = [
    ['too many conversations (400)', { fail: 'concurrency' }, 503, 'provider_busy'],
    ['a wrong key (401)', { fail: 'unauthorized' }, 503, 'provider_misconfigured'],
    ['no credits (402)', { fail: 'credits' }, 503, 'out_of_credits'],
    ['403', { fail: 'status', status: 403 }, 503, 'provider_misconfigured'],
    ['404', { fail: 'status', status: 404 }, 503, 'provider_misconfigured'],
    ['422', { fail: 'status', status: 422 }, 503, 'provider_misconfigured'],
    ['too many requests (429)', { fail: 'rate_limited' }, 503, 'provider_busy'],
  ];
  for (const [name, fault, status, code] of refusals)
    it(`for ${name} fails with ${code}, costs nothing and gives the quota back`, async () => {
      const world = await PracticeWorld.open();
      world.fail({ call: 'create', ...fault });
      const start = await world.start();
      assert.deepEqual([start.status, start.body.code], [status, code]);
      const { session } = (await world.read(start.id)).body;
      assert.deepEqual([session.status, session.failure, session.runs], ['failed', { code }, 0]);
      assert.equal((await world.offer()).availability.remaining, 3);
      await world.sweepFor(60);
      assert.equal((await world.repeat(start)).body.code, code);
      assert.equal(world.calls('create'), 1);
      assert.equal(world.billed.length, 0);
      assert.equal((await world.start()).status, 201, 'and the next start is free to go');
    });

  it('because nobody listens fails with provider_unavailable', async () => {
    const world = await PracticeWorld.open();
    world.network = 'refused';
    const start = await world.start();
    assert.deepEqual([start.status, start.body.code], [502, 'provider_unavailable']);
    assert.equal((await world.offer()).availability.remaining, 3);
    world.network = 'up';
    assert.equal((await world.repeat(start)).body.code, 'provider_unavailable');
    assert.equal(world.calls('create'), 0);
  });

  it('because the course is set up wrongly fails with provider_misconfigured', async () => {
    const courses = [{ id: 'spanish-101', title: 'Without a face' }];
    const world = await PracticeWorld.open({ PRACTICE_COURSES: JSON.stringify(courses) });
    const start = await world.start();
    assert.deepEqual([start.status, start.body.code], [503, 'provider_misconfigured']);
  });

  it('says nothing of what Tavus said', async () => {
    const world = await PracticeWorld.open();
    world.fail({ call: 'create', fail: 'unauthorized' });
    const { body } = await world.start();
    assert.doesNotMatch(JSON.stringify(body), /access token|canary/i);
    assert.doesNotMatch(JSON.stringify(world.logged), /canary/);
  });
});

describe('A create whose outcome is unknown', () => {
  const unknowns: [name: string, fault: Omit<Fault, 'call'>, created: boolean][] = [
    ['a time-out before', { delay: 3_600_000 }, false],
    ['a time-out after', { delay: 3_600_000, when: 'after' }, true],
    ['a reset before', { fail: 'reset' }, false],
    ['a reset after', { fail: 'reset', when: 'after' }, true],
    ['a 500 before', { fail: 'status', status: 500 }, false],
    ['a 503 before', { fail: 'status', status: 503 }, false],
    ['a 502 after', { fail: 'status', status: 502, when: 'after' }, true],
    ['an unknown 400 before', { fail: 'status', status: 400 }, false],
    ['an unknown 409 after', { fail: 'status', status: 409, when: 'after' }, true],
    ['a garbled 200 before', { fail: 'garbled' }, false],
    ['a garbled 200 after', { fail: 'garbled', when: 'after' }, true],
    ['a truncated 200 after', { fail: 'truncated', when: 'after' }, true],
    ['a 200 of another form after', { fail: 'nonsense', when: 'after' }, true],
  ];
  for (const [name, fault, created] of unknowns)
    it(`for ${name} creating is resolved by looking, never by trying again`, async () => {
      const world = await PracticeWorld.open();
      world.fail({ call: 'create', ...fault });
      const start = await world.until(world.start());
      assert.deepEqual([start.status, start.body.join, start.body.session.status], [202, undefined, 'confirmed']);
      assert.ok(Number(start.body.retryAfter) > 0);

      for (let i = 0; i < 10; i++) {
        await world.sweepFor(5);
        await world.until(world.repeat(start));
      }
      const after = await world.repeat(start);
      assert.deepEqual([after.status, after.body.code], [502, 'provider_unavailable']);
      assert.equal((await world.read(start.id)).body.session.status, 'failed');
      assert.equal((await world.offer()).availability.remaining, 3, 'the quota is given back');
      assert.equal(world.calls('create'), 1);
      assert.equal(world.billed.length, created ? 1 : 0);
      for (const { seconds } of world.billed) assert.ok(seconds <= 40, `it ran for ${seconds} s`);
      assertCalm(world);
      assert.equal((await world.start()).status, 201, 'and the next start is free to go');
    });

  it('keeps the learner’s place and answers 202 until it is known', async () => {
    const world = await PracticeWorld.open();
    world.fail({ call: 'create', fail: 'reset' });
    const start = await world.start();
    await world.clock.pass(10);
    const again = await world.repeat(start);
    assert.deepEqual([again.status, again.body.retryAfter], [202, 2]);
    assert.equal((await world.start()).body.code, 'session_active');
    assert.equal((await world.offer()).availability.remaining, 2);
  });

  it('is looked for until the settle window is over', async () => {
    const world = await PracticeWorld.open({ PRACTICE_SETTLE_SECONDS: '30' });
    world.fail({ call: 'create', fail: 'reset' });
    const start = await world.start();
    await world.sweepFor(29, 1);
    assert.equal((await world.repeat(start)).status, 202);
    await world.sweepFor(1, 1);
    assert.equal((await world.repeat(start)).status, 502);
  });

  it('is found behind hundreds of conversations', async () => {
    const world = await PracticeWorld.open();
    world.fail({ call: 'create', fail: 'reset', when: 'after' });
    const lost = await world.start();
    assert.equal(lost.status, 202);
    world.kill();
    world.fail({ call: 'create', fail: 'reset', when: 'after' });
    world.restart();
    await Promise.all(Array.from({ length: 220 }, (_, i) => world.start(`learner-${i}`)));
    await world.sweepFor(5);
    assert.equal(world.billed.filter(({ endedAt }) => endedAt !== null).length, 2, 'the two that were lost');
    assert.equal((await world.repeat(lost)).status, 502);
  });

  it('is not given up because the list could not be read', async () => {
    const world = await PracticeWorld.open();
    world.fail({ call: 'create', fail: 'reset', when: 'after' }, { call: 'list', fail: 'status', times: 'always' });
    const start = await world.until(world.start());
    await world.sweepFor(120);
    assert.equal((await world.until(world.repeat(start))).status, 202);
    world.fail();
    await world.sweepFor(60);
    assert.equal((await world.repeat(start)).status, 502);
    assertCalm(world);
  });
});

describe('A server killed while Tavus creates', () => {
  for (const when of ['before', 'after'] as const)
    it(`${when} the effect leaves nothing running and asks only once`, async () => {
      const world = await PracticeWorld.open();
      world.fail({ call: 'create', delay: 3_600_000, when });
      void world.start();
      await world.clock.pass(1);
      world.kill();
      world.restart();
      assert.equal((await world.offer()).availability.reason, 'session_active');
      await world.sweepFor(60);
      const offer = await world.offer();
      assert.deepEqual([offer.availability.canStart, offer.availability.remaining], [true, 3]);
      assert.equal(world.calls('create'), 1);
      assert.equal(world.billed.length, when === 'after' ? 1 : 0);
      assertCalm(world);
      for (const { seconds } of world.billed) assert.ok(seconds <= 60, `it ran for ${seconds} s`);
    });

  it('is not taken for dead while it still waits for the answer', async () => {
    const world = await PracticeWorld.open();
    world.fail({ call: 'create', delay: 14_000, when: 'after' });
    const starting = world.start();
    await world.clock.pass(1);
    world.restart();
    await world.sweepFor(15, 1);
    assert.equal((await starting).status, 201);
    assert.equal(world.billed[0]!.endedAt, null);
  });
});

describe('A create that answers after the learner has gone', () => {
  const leaving: [string, (world: PracticeWorld, id: string) => Promise<unknown>, string][] = [
    ['asked for the end', (world, id) => world.end(id, 'ada', { cause: 'left' }), 'left'],
    ['gave up', (world, id) => world.facts('ada', 'w', [{ n: 1, type: 'abandoned', sessionId: id, data: {} }]), ''],
  ];
  for (const [name, leave, reason] of leaving)
    it(`is ended when the learner ${name} meanwhile`, async () => {
      const world = await PracticeWorld.open();
      world.fail({ call: 'create', delay: 5000, when: 'after' });
      const id = crypto.randomUUID();
      const starting = world.start('ada', { id });
      await world.clock.pass(2);
      const left = await leave(world, id);
      assert.equal((left as Answer).status, 200);
      await world.clock.pass(5);
      const { status, body } = await starting;
      assert.deepEqual([status, body.join, body.session.status], [201, undefined, 'paused']);
      if (reason) assert.equal(body.session.endReason, reason);
      assert.equal(world.billed[0]!.reason, 'end_conversation_endpoint_hit');
      assert.equal(world.billed[0]!.seconds, 5);
      assert.equal((await world.offer()).availability.remaining, 3, 'nobody was ever let in');
      assertCalm(world);
    });

  it('and then fails changes nothing when another process has found and ended it meanwhile', async () => {
    const world = await PracticeWorld.open({ TAVUS_TIMEOUT_SECONDS: '300' });
    world.fail({ call: 'create', delay: 290_000, when: 'after', fail: 'status', status: 500 });
    const start = world.start();
    await world.clock.pass(1);
    const id = (await world.offer()).activeSession!.id;
    await world.store.transaction(async (transaction) => {
      const session = (await transaction.session(id))!;
      session.runs[0]!.nextAt = session.dueAt = world.clock.now;
      await transaction.saveSession(session);
    });
    await world.sweepFor(5);
    assertCalm(world);
    const settled = (await world.read(id)).body.session;
    assert.equal(settled.status, 'failed');
    await world.clock.pass(300);
    assert.equal((await start).body.code, 'provider_unavailable');
    assert.deepEqual((await world.read(id)).body.session, settled);
    assert.equal((await world.offer()).availability.canStart, true);
  });

  it('is ended although it was given up as lost', async () => {
    const world = await PracticeWorld.open({ PRACTICE_SETTLE_SECONDS: '0', TAVUS_TIMEOUT_SECONDS: '300' });
    world.fail({ call: 'create', delay: 290_000 });
    const id = crypto.randomUUID();
    const starting = world.start('ada', { id });
    await world.clock.pass(1);
    // A second process whose patience is shorter has given the run up before the answer comes.
    await world.store.transaction(async (transaction) => {
      const session = await transaction.session(id);
      Object.assign(session!.runs[0]!, { state: 'failed', refusedWith: 'provider_unavailable' });
      Object.assign(session!, { status: 'failed', failure: { code: 'provider_unavailable' }, dueAt: null });
      await transaction.saveSession(session!);
    });
    await world.clock.pass(290);
    assert.equal((await starting).body.code, 'provider_unavailable');
    await world.sweepFor(5);
    assertCalm(world);
    assert.equal(world.billed.length, 1);
  });
});

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
    assert.deepEqual(waits, [1, 2, 4, 8, 16, 30, 30, 30]);
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

describe('A Tavus that is down', () => {
  for (const network of ['refused', 'silent'] as const)
    it(`(${network}) keeps what has to be ended until it is back`, async () => {
      const world = await PracticeWorld.open();
      world.tavus.setConditions({ callbacks: 'none' });
      const { id } = await world.start();
      world.network = network;
      await world.sweepFor(240);
      assert.equal((await world.until(world.read(id))).body.session.status, 'paused');
      assert.equal((await world.offer()).availability.reason, 'session_active');
      world.network = 'up';
      await world.sweepFor(60);
      assertCalm(world);
      assert.equal((await world.offer()).availability.canStart, true);
    });
});

describe('A callback', () => {
  const callbackPath = (world: PracticeWorld) =>
    new URL(world.billed[0]!.terms.callback_url).pathname.replace('/api/practice', '');
  const post = (world: PracticeWorld, path: string, body: unknown = { event_type: 'system.shutdown' }) =>
    world.ask('nobody', 'POST', path, body);

  for (const callbacks of ['once', 'twice', 'shuffled', 'delayed', 'none'] as const)
    it(`that comes ${callbacks} leads to the same outcome`, async () => {
      const world = await PracticeWorld.open();
      world.tavus.setConditions({ callbacks });
      const { id } = await world.start();
      await world.clock.pass(20);
      await world.heartbeat(id);
      await world.sweepFor(120);
      const { session } = (await world.read(id)).body;
      assert.deepEqual(
        [session.status, session.endReason, session.endedAt],
        ['paused', 'lease', '2026-11-22T10:01:05.000Z'],
      );
      assertCalm(world);
    });

  it('that claims the end of a running conversation is not believed', async () => {
    const world = await PracticeWorld.open();
    const { id } = await world.start();
    const forged = { event_type: 'system.shutdown', properties: { shutdown_reason: 'max_call_duration reached' } };
    assert.equal((await post(world, callbackPath(world), forged)).status, 200);
    assert.equal((await world.read(id)).body.session.status, 'started');
    assert.equal(world.billed[0]!.endedAt, null);
  });

  it('brings forward the look that finds an early end', async () => {
    const world = await PracticeWorld.open();
    const { id } = await world.start();
    await world.tavus.handle(
      new Request(`http://localhost:8788/v2/conversations/${world.billed[0]!.id}/end`, {
        method: 'POST',
        headers: { 'x-api-key': 'canary-key' },
      }),
    );
    await world.clock.pass(1);
    const { session } = (await world.read(id)).body;
    assert.deepEqual([session.status, session.endReason], ['paused', 'provider']);
  });

  it('with any body, or none, does no harm', async () => {
    const world = await PracticeWorld.open();
    await world.start();
    for (const body of ['', 'null', '{', '[]', 'x'.repeat(1000)])
      assert.equal((await post(world, callbackPath(world), body)).status, 200);
  });

  it('without a valid capability is not found', async () => {
    const world = await PracticeWorld.open();
    const { body } = await world.start();
    const path = callbackPath(world);
    for (const bad of [`${path}x`, '/webhooks/tavus/a.b', `/webhooks/tavus/${body.leaveTicket}`])
      assert.equal((await post(world, bad)).body.code, 'not_found');
  });

  it('is dead once its run has ended, also when another run goes on', async () => {
    const world = await PracticeWorld.open();
    const { id } = await world.start();
    const path = callbackPath(world);
    assert.equal((await post(world, path)).status, 200);
    await world.end(id);
    assert.equal((await post(world, path)).status, 404);
    await world.resume(id);
    assert.equal((await post(world, path)).status, 404);
  });

  it('does not disturb a create that is under way', async () => {
    const world = await PracticeWorld.open();
    world.fail({ call: 'create', delay: 10_000, when: 'after' });
    const starting = world.start();
    await world.clock.pass(9);
    assert.ok(world.tavus.ledger.callbacks.length > 0, 'Tavus has told of the joined face meanwhile');
    await world.clock.pass(1);
    assert.equal((await starting).status, 201);
    assert.equal(world.calls('create'), 1);
  });

  it('has an address that betrays neither key nor token', async () => {
    const world = await PracticeWorld.open();
    const { body } = await world.start();
    assert.doesNotMatch(JSON.stringify(body), /webhooks|canary/);
    assert.doesNotMatch(JSON.stringify((await world.offer()).activeSession), /token|webhooks|rooms/);
  });
});
