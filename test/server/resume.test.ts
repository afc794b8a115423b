import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PracticeWorld, type Started } from '../fakes/practice-world.js';

/** A session that was paused after so many seconds of conversation. */
async function paused(seconds = 100, env: Record<string, string> = {}) {
  const world = await PracticeWorld.open(env);
  world.tavus.setConditions({ callbacks: 'none' });
  const start: Started = await world.start();
  for (let passed = 0; passed < seconds; passed += 20) {
    await world.heartbeat(start.id);
    await world.clock.pass(Math.min(20, seconds - passed));
  }
  await world.end(start.id);
  return { world, id: start.id, start };
}

const request = (world: PracticeWorld, n: number) =>
  world.billed[n]!.request as { conversational_context: string; properties: Record<string, number> };

describe('Resuming a paused session', () => {
  it('buys one more conversation for the time that is left', async () => {
    const { world, id, start } = await paused(100);
    await world.clock.pass(500);
    const { status, body } = await world.resume(id);
    assert.equal(status, 201);
    assert.deepEqual([body.session.status, body.session.remaining, body.session.runs], ['started', 500, 2]);
    assert.deepEqual([body.session.endReason, body.session.endedAt], [undefined, undefined]);
    assert.equal(Date.parse(body.session.expiresAt!) - world.clock.now, 500_000);
    assert.equal(body.session.startedAt, start.body.session.startedAt, 'the first run’s');
    assert.equal(body.join?.url, `http://localhost:8788/rooms/${world.billed[1]!.id}`);
    assert.equal(body.session.conversationId, world.billed[1]!.id);
    assert.notEqual(body.leaveTicket, start.body.leaveTicket);
  });

  it('sends the caps of what is left, and that the talk goes on', async () => {
    const { world, id } = await paused(100);
    await world.resume(id);
    assert.equal(request(world, 1).properties['max_call_duration'], 500 + 120 + 15);
    assert.equal(request(world, 1).properties['participant_absent_timeout'], 300);
    assert.doesNotMatch(request(world, 0).conversational_context, /continues/);
    assert.match(request(world, 1).conversational_context, /waiter[\s\S]*continues/);
  });

  it('remembers in the course’s stores, each learner in their own', async () => {
    const course = {
      id: 'spanish-101',
      title: 'Spanish',
      palId: 'p',
      memoryStores: ['tapas-{learner}', 'house-rules'],
    };
    const world = await PracticeWorld.open({ PRACTICE_COURSES: JSON.stringify([course]) });
    const stores = async (learner: string): Promise<string[]> => {
      await world.start(learner);
      return (world.billed.at(-1)?.request as { memory_stores: string[] }).memory_stores;
    };
    const [ada, ben] = [await stores('ada'), await stores('ben')];
    assert.match(ada[0] ?? '', /^tapas-[\w-]{22}$/);
    assert.notEqual(ada[0], ben[0]);
    assert.equal(ada[1], 'house-rules');
  });

  it('is not undone by the pause before it, when word of that comes late', async () => {
    const { world, id } = await paused(100);
    await world.resume(id);
    await world.facts('ada', 'w', [{ n: 1, type: 'paused', sessionId: id, data: { runs: 1 } }]);
    assert.equal((await world.read(id)).body.session.status, 'started');
    await world.facts('ada', 'w', [{ n: 2, type: 'paused', sessionId: id, data: { runs: 2 } }]);
    assert.equal((await world.read(id)).body.session.status, 'paused');
  });

  it('is idempotent by the id of the run', async () => {
    const { world, id } = await paused();
    const runId = crypto.randomUUID();
    const answers = await Promise.all([world.resume(id, runId), world.resume(id, runId), world.resume(id, runId)]);
    assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 202, 202]);
    const again = await world.resume(id, runId);
    assert.deepEqual([again.status, Boolean(again.body.join)], [200, true]);
    await world.end(id);
    const later = await world.resume(id, runId);
    assert.deepEqual([later.status, later.body.join, later.body.session.status], [200, undefined, 'paused']);
    assert.equal(world.calls('create'), 2);
  });

  it('happens once when two clicks arrive at once', async () => {
    const { world, id } = await paused();
    const answers = await Promise.all([world.resume(id), world.resume(id)]);
    assert.deepEqual(answers.map(({ status, body }) => body.code ?? status).sort(), [201, 'session_active']);
    assert.equal(world.calls('create'), 2);
  });

  it('does not count against the quota', async () => {
    const { world, id } = await paused(100, { PRACTICE_DAILY_LIMITS: 'free=1,premium=1' });
    assert.equal((await world.offer()).availability.remaining, 0);
    assert.equal((await world.resume(id)).status, 201);
  });

  it('is possible for five runs and no more', async () => {
    const { world, id } = await paused(10);
    for (let run = 2; run <= 5; run++) {
      assert.equal((await world.resume(id)).status, 201, `run ${run}`);
      await world.end(id);
    }
    const sixth = await world.resume(id);
    assert.deepEqual([sixth.status, sixth.body.code], [409, 'session_ended']);
    assert.equal(world.calls('create'), 5);
  });

  it('is not possible with nothing left', async () => {
    const { world, id } = await paused(599.5, {
      PRACTICE_LEASE_SECONDS: 'visible=1000',
      PRACTICE_REJOIN_SECONDS: '600',
    });
    assert.equal((await world.read(id)).body.session.status, 'paused');
    assert.equal((await world.resume(id)).body.code, 'session_ended');
  });

  it('is not possible once the session has settled', async () => {
    const { world, id } = await paused();
    await world.facts('ada', 'w', [{ n: 1, type: 'completed', sessionId: id }]);
    assert.equal((await world.resume(id)).body.code, 'session_ended');

    const expired = await PracticeWorld.open();
    const { id: other } = await expired.start('ada', { courseId: 'quick-check' });
    await expired.heartbeat(other, { visible: false });
    await expired.clock.pass(60);
    assert.equal((await expired.resume(other)).body.code, 'session_expired');
  });

  it('is not possible while it runs, or is somebody else’s, or nobody’s', async () => {
    const world = await PracticeWorld.open();
    const { id } = await world.start();
    const running = await world.resume(id);
    assert.deepEqual([running.body.code, running.body.activeSessionId], ['session_active', id]);
    assert.equal((await world.resume(id, crypto.randomUUID(), 'ben')).body.code, 'not_found');
    assert.equal((await world.resume(crypto.randomUUID())).body.code, 'not_found');
    assert.equal((await world.resume(id, 'no-uuid')).body.code, 'invalid_request');
    assert.equal(world.calls('create'), 1);
  });

  it('waits for the end of the run before', async () => {
    const world = await PracticeWorld.open();
    world.tavus.setConditions({ callbacks: 'none' });
    const { id } = await world.start();
    world.fail({ call: 'end', fail: 'status', times: 'always' });
    await world.until(world.end(id));
    assert.equal((await world.resume(id)).body.code, 'session_active');
    world.fail();
    await world.sweepFor(40);
    assert.equal((await world.resume(id)).status, 201);
    assert.ok(world.billed[0]!.endedAt! <= world.billed[1]!.createdAt, 'never two at once');
  });

  it('that Tavus refuses leaves it paused, to be tried with a new click', async () => {
    const { world, id } = await paused();
    world.fail({ call: 'create', fail: 'concurrency' });
    const runId = crypto.randomUUID();
    const refused = await world.resume(id, runId);
    assert.deepEqual([refused.status, refused.body.code], [503, 'provider_busy']);
    assert.equal((await world.resume(id, runId)).body.code, 'provider_busy', 'the same click is not tried again');
    const { session } = (await world.read(id)).body;
    assert.deepEqual([session.status, session.endReason, session.runs], ['paused', 'paused', 1]);
    assert.equal((await world.resume(id)).status, 201);
    assert.equal(world.calls('create'), 3);
  });

  it('with a lost answer is ended, and leaves it paused', async () => {
    const { world, id } = await paused();
    world.fail({ call: 'create', fail: 'reset', when: 'after' });
    const runId = crypto.randomUUID();
    assert.equal((await world.resume(id, runId)).status, 202);
    await world.sweepFor(10);
    assert.equal((await world.resume(id, runId)).body.code, 'provider_unavailable');
    assert.equal((await world.read(id)).body.session.status, 'paused');
    assert.equal(world.billed[1]!.reason, 'end_conversation_endpoint_hit');
    assert.equal((await world.resume(id)).status, 201);
  });

  it('counts as a start when the start was given back', async () => {
    const world = await PracticeWorld.open({ PRACTICE_DAILY_LIMITS: 'free=1,premium=1' });
    world.fail({ call: 'create', delay: 2000, when: 'after' });
    const id = crypto.randomUUID();
    const starting = world.start('ada', { id });
    await world.clock.pass(1);
    await world.end(id);
    await world.clock.pass(2);
    await starting;
    assert.equal((await world.offer()).availability.remaining, 1);
    assert.equal((await world.resume(id)).status, 201);
    assert.equal((await world.offer()).availability.remaining, 0);
  });

  it('that Tavus refuses is given back as well', async () => {
    const world = await PracticeWorld.open({ PRACTICE_DAILY_LIMITS: 'free=1,premium=1' });
    world.fail({ call: 'create', delay: 2000, when: 'after' }, { call: 'create', fail: 'concurrency' });
    const id = crypto.randomUUID();
    const starting = world.start('ada', { id });
    await world.clock.pass(1);
    await world.end(id);
    await world.clock.pass(2);
    await starting;
    assert.equal((await world.resume(id)).body.code, 'provider_busy');
    assert.equal((await world.offer()).availability.remaining, 1);
  });

  it('in the last moment counts, however long Tavus takes', async () => {
    const { world, id } = await paused(100, { PRACTICE_RESUME_SECONDS: '60' });
    await world.clock.pass(59);
    world.fail({ call: 'create', delay: 10_000, when: 'after' });
    const resuming = world.resume(id);
    await world.sweepFor(9, 1);
    assert.equal((await world.read(id)).body.session.status, 'paused', 'also in the eyes of others');
    await world.clock.pass(2);
    const { status, body } = await resuming;
    assert.deepEqual([status, body.session.status, Boolean(body.join)], [201, 'started', true]);
    assert.equal(world.billed[1]!.endedAt, null);
  });

  it('in the last moment completes when that was said meanwhile', async () => {
    const { world, id } = await paused(100, { PRACTICE_RESUME_SECONDS: '60' });
    await world.clock.pass(59);
    world.fail({ call: 'create', delay: 10_000, when: 'after' });
    const resuming = world.resume(id);
    await world.clock.pass(5);
    await world.facts('ada', 'w', [{ n: 1, type: 'completed', sessionId: id }]);
    await world.clock.pass(6);
    const { session } = (await resuming).body;
    assert.deepEqual([session.status, session.late], ['completed', []]);
    assert.ok(Date.parse(session.completedAt!) <= Date.parse(session.expiresAt!));
  });

  it('in the last moment that comes to nothing leaves it over', async () => {
    const { world, id } = await paused(100, { PRACTICE_RESUME_SECONDS: '60' });
    await world.clock.pass(59);
    world.fail({ call: 'create', delay: 10_000, fail: 'concurrency' });
    const resuming = world.resume(id);
    await world.clock.pass(11);
    assert.equal((await resuming).body.code, 'provider_busy');
    const { session } = (await world.read(id)).body;
    assert.deepEqual([session.status, session.endReason], ['abandoned', 'paused']);
  });

  it('adds up the paid seconds of all runs', async () => {
    const { world, id } = await paused(100);
    await world.resume(id);
    await world.clock.pass(40);
    const { session } = (await world.end(id)).body;
    assert.deepEqual([session.duration, session.remaining], [140, 460]);
    const billed = world.billed.reduce((sum, { seconds }) => sum + seconds, 0);
    assert.equal(session.duration, billed);
  });
});

describe('Extending', () => {
  const extend = (world: PracticeWorld, id: string, learner = 'ada') =>
    world.ask(learner, 'POST', `/sessions/${id}/extend`);

  it('adds time that Tavus was told of from the start, until the budget is spent', async () => {
    const world = await PracticeWorld.open();
    const { id, body } = await world.start();
    await world.clock.pass(30);
    const more = await extend(world, id);
    assert.equal(more.status, 200);
    assert.equal(Date.parse(more.body.session.expiresAt!) - Date.parse(body.session.expiresAt!), 120_000);
    assert.equal(more.body.session.remaining, 690);
    const spent = await extend(world, id);
    assert.deepEqual([spent.status, spent.body.code], [409, 'session_ended']);
    assert.equal(request(world, 0).properties['max_call_duration'], 735);
  });

  it('is not possible once it does not run, or where the course has no extension', async () => {
    const { world, id } = await paused();
    assert.equal((await extend(world, id)).body.code, 'session_ended');
    const other = await world.start('ben', { courseId: 'quick-check' });
    assert.equal((await extend(world, other.id, 'ben')).body.code, 'session_ended');
    assert.equal((await extend(world, other.id)).body.code, 'not_found');
  });

  it('spent before a pause is not to be had again after it', async () => {
    const world = await PracticeWorld.open();
    const { id } = await world.start();
    await extend(world, id);
    await world.end(id);
    const { body } = await world.resume(id);
    assert.equal(body.session.remaining, 720);
    assert.equal(request(world, 1).properties['max_call_duration'], 735);
    assert.equal((await extend(world, id)).body.code, 'session_ended');
  });
});
