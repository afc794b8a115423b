import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Fault } from '../../src/simulator/faults.js';
import { assertCalm } from '../fakes/assert-calm.js';
import { PracticeWorld, type Answer } from '../fakes/practice-world.js';

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

  it('before anybody was told of the conversation leaves nothing counted', async () => {
    const world = await PracticeWorld.open();
    world.tavus.setConditions({ callbacks: 'none' });
    const { transaction } = world.store;
    let id = '';
    // The process dies with the transaction that records the conversation.
    world.store.transaction = async (work) => {
      const result = await transaction(work);
      const session = id && (await transaction((each) => each.session(id)));
      if (session && session.status === 'started') world.kill();
      return session && session.status === 'started' ? new Promise<never>(() => {}) : result;
    };
    const offer = await world.offer();
    id = crypto.randomUUID();
    const request = { courseId: 'spanish-101', offer: offer.offer, confirmedAt: world.time };
    void world.ask('ada', 'PUT', `/sessions/${id}`, request);
    await world.clock.pass(1);
    world.store.transaction = transaction;
    world.restart();
    assert.equal((await world.offer()).availability.remaining, 2, 'counted as long as it may be handed out');
    await world.sweepFor(60);
    const { session } = (await world.read(id)).body;
    assert.deepEqual([session.status, session.endReason], ['paused', 'lease']);
    assert.equal((await world.offer()).availability.remaining, 3);
    assertCalm(world);
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
  const leaving: [string, (world: PracticeWorld, id: string) => Promise<unknown>, string, string][] = [
    ['asked for the end', (world, id) => world.end(id, 'ada', { cause: 'left' }), 'paused', 'left'],
    ['gave up', (world, id) => world.abandon(id), 'abandoned', 'abandoned'],
  ];
  for (const [name, leave, outcome, reason] of leaving)
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
      assert.deepEqual([status, body.join, body.session.status], [201, undefined, outcome]);
      assert.equal(body.session.endReason, reason);
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
