import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PracticeWorld, type Answer } from '../fakes/practice-world.js';

/** Nobody joins a room in these tests, so Tavus is told to wait for it; and it calls nobody back. */
async function open(env: Record<string, string> = {}): Promise<PracticeWorld> {
  const world = await PracticeWorld.open({ PRACTICE_REJOIN_SECONDS: '3600', ...env });
  world.tavus.setConditions({ callbacks: 'none' });
  return world;
}

describe('The time limit', () => {
  const inRoom = async (world: PracticeWorld, call: 'join' | 'alive', body: object): Promise<object> => {
    const url = `http://localhost:8788/rooms/${world.billed[0]!.id}/${call}`;
    const response = await world.tavus.handle(new Request(url, { method: 'POST', body: JSON.stringify(body) }));
    return call === 'join' ? ((await response.json()) as object) : {};
  };

  /** A page that is there the whole time, and in the room as well when it has its token. */
  async function stay(world: PracticeWorld, id: string, seconds: number, token?: string): Promise<void> {
    const participant = token === undefined ? undefined : await inRoom(world, 'join', { token });
    for (let passed = 0; passed < seconds; passed += 15) {
      await world.heartbeat(id);
      if (participant) await inRoom(world, 'alive', participant);
      await world.sweepFor(Math.min(15, seconds - passed), 5);
    }
  }

  it('expires the session by itself', async () => {
    const world = await open();
    const { id, body } = await world.start();
    await stay(world, id, 600, body.join?.token);
    const { session } = (await world.read(id)).body;
    assert.deepEqual(
      [session.status, session.endReason, session.endedAt, session.remaining, session.completedAt],
      ['expired', 'expired', '2026-11-22T10:10:00.000Z', 0, undefined],
    );
    assert.equal(world.billed[0]!.seconds, 600);
    assert.equal(world.billed[0]!.reason, 'end_conversation_endpoint_hit', 'not by the cap of Tavus');
  });

  it('completes the session where the course says so', async () => {
    const world = await open({ TAVUS_DEFAULT_TTL: '90' });
    const { id } = await world.start('ada', { courseId: 'interview-basics' });
    await stay(world, id, 90);
    const { session } = (await world.read(id)).body;
    assert.deepEqual([session.status, session.completedAt], ['completed', '2026-11-22T10:01:30.000Z']);
    assert.equal((await world.offer('ada', 'interview-basics')).completion?.completed, true);
  });

  it('never cuts off a learner who is there and has time left', async () => {
    const world = await open();
    const { id } = await world.start();
    await stay(world, id, 595);
    assert.equal(world.billed[0]!.endedAt, null);
    assert.equal((await world.read(id)).body.session.remaining, 5);
  });

  it('does not cut off a learner who is there although the server was down for a while', async () => {
    const world = await open();
    const { id } = await world.start();
    await world.heartbeat(id, { visible: false });
    world.kill();
    await world.clock.pass(140);
    world.restart();
    await world.heartbeat(id);
    await world.sweepFor(40);
    assert.equal(world.billed[0]!.endedAt, null);
  });

  it('that passed while the server was down comes after a lease that died before it', async () => {
    const world = await open();
    const { id } = await world.start();
    await world.clock.pass(700);
    const { session } = (await world.read(id)).body;
    assert.deepEqual([session.status, session.endReason, session.remaining], ['paused', 'lease', 555]);
  });

  it('that passed while the server was down comes before a lease that outlived it', async () => {
    const world = await open();
    const { id } = await world.start('ada', { courseId: 'quick-check' });
    await world.heartbeat(id, { visible: false });
    await world.clock.pass(1000);
    const { session } = (await world.read(id)).body;
    assert.deepEqual([session.status, session.endedAt], ['expired', '2026-11-22T10:01:00.000Z']);
  });

  it('at the same moment as the death of the lease wins', async () => {
    const world = await open({ PRACTICE_LEASE_SECONDS: 'visible=60' });
    const { id } = await world.start('ada', { courseId: 'quick-check' });
    await world.sweepFor(60, 5);
    assert.equal((await world.read(id)).body.session.status, 'expired');
  });

  it('holds although no sweeper runs, by the cap at Tavus', async () => {
    const world = await open();
    await world.start();
    await world.clock.pass(2000);
    assert.equal(world.billed[0]!.seconds, 600, 'nobody came within the rejoin time, here the whole session');
  });
});

describe('A paused session', () => {
  it('is abandoned when nobody resumes it in time', async () => {
    const world = await open({ PRACTICE_RESUME_SECONDS: '100' });
    const { id } = await world.start();
    await world.end(id);
    await world.sweepFor(95);
    assert.equal((await world.read(id)).body.session.status, 'paused');
    await world.sweepFor(5);
    const { session } = (await world.read(id)).body;
    assert.deepEqual([session.status, session.endReason], ['abandoned', 'paused']);
    assert.equal(
      (await world.facts('ada', 'w', [{ n: 1, type: 'completed', sessionId: id }])).body.sessions[0]?.status,
      'abandoned',
    );
  });

  it('that was paused by a dead lease long ago is abandoned at once', async () => {
    const world = await open({ PRACTICE_RESUME_SECONDS: '100' });
    const { id } = await world.start();
    await world.clock.pass(146);
    const { session } = (await world.read(id)).body;
    assert.deepEqual([session.status, session.endReason], ['abandoned', 'lease']);
    assert.equal(world.billed[0]!.reason, 'end_conversation_endpoint_hit');
  });
});

describe('A conversation that Tavus ended', () => {
  const endAtTavus = (world: PracticeWorld): Promise<Response> =>
    world.tavus.handle(
      new Request(`http://localhost:8788/v2/conversations/${world.billed[0]!.id}/end`, {
        method: 'POST',
        headers: { 'x-api-key': 'canary-key' },
      }),
    );

  it('is noticed while heartbeats go on, without any callback', async () => {
    const world = await open();
    const { id } = await world.start();
    await endAtTavus(world);
    let last: Answer | undefined;
    for (let i = 0; i < 5; i++) {
      last = await world.heartbeat(id);
      await world.sweepFor(15);
    }
    assert.equal(last?.body.session.status, 'paused');
    assert.equal(last?.body.session.endReason, 'provider');
    assert.equal((await world.offer()).availability.canStart, true);
  });

  it('is noticed sooner when nothing was heard of the learner', async () => {
    const world = await open({ PRACTICE_LEASE_SECONDS: 'visible=10,hidden=600,leave=5' });
    const { id } = await world.start();
    await world.heartbeat(id, { visible: false });
    await world.sweepFor(60);
    await endAtTavus(world);
    await world.sweepFor(20);
    assert.equal((await world.read(id)).body.session.endReason, 'provider');
  });

  it('is not thought ended because Tavus could not be asked', async () => {
    const world = await open();
    const { id } = await world.start();
    world.fail({ call: 'get', fail: 'status', times: 'always' });
    for (let i = 0; i < 10; i++) {
      await world.until(world.heartbeat(id));
      await world.sweepFor(15);
    }
    assert.equal((await world.until(world.read(id))).body.session.status, 'started');
    assert.equal(world.billed[0]!.endedAt, null);
  });
});
