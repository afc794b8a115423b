import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PracticeWorld, type Answer } from '../fakes/practice-world.js';

/** Nobody joins a room in these tests, so Tavus is told to wait for it; and it calls nobody back. */
async function open(env: Record<string, string> = {}): Promise<PracticeWorld> {
  const world = await PracticeWorld.open({ PRACTICE_REJOIN_SECONDS: '3600', ...env });
  world.tavus.setConditions({ callbacks: 'none' });
  return world;
}

/** What has become of a session: status, reason of the end, and seconds it was paid for. */
async function outcome(world: PracticeWorld, id: string): Promise<(string | number | undefined)[]> {
  const { session } = (await world.read(id)).body;
  return [session.status, session.endReason, world.billed.at(-1)?.seconds];
}

/** A reload: the same session handed to one more page. */
const anotherPage = async (world: PracticeWorld, id: string): Promise<string> =>
  (await world.read(id)).body.leaveTicket!;

describe('The first page of a run', () => {
  it('is believed to be there for the visible lease', async () => {
    const world = await open();
    const { id } = await world.start();
    await world.sweepFor(44, 1);
    assert.equal(world.billed[0]!.endedAt, null);
    await world.sweepFor(1, 1);
    assert.deepEqual(await outcome(world, id), ['paused', 'lease', 45]);
  });

  it('that is never heard of is ended within lease and one sweep, and the session can be resumed', async () => {
    const world = await open();
    const { id } = await world.start();
    await world.sweepFor(60);
    const { session } = (await world.read(id)).body;
    assert.deepEqual([session.status, session.remaining], ['paused', 555]);
    assert.equal(session.endedAt, '2026-11-22T10:00:45.000Z');
    assert.equal(Date.parse(session.expiresAt!) - Date.parse(session.endedAt!), 3_600_000);
  });
});

describe('A heartbeat', () => {
  it('keeps a visible page for the visible lease and a hidden one for the hidden lease', async () => {
    const world = await open();
    const { id } = await world.start();
    await world.clock.pass(40);
    await world.heartbeat(id, { visible: false });
    await world.sweepFor(149, 1);
    assert.equal(world.billed[0]!.endedAt, null);
    await world.sweepFor(1, 1);
    assert.deepEqual(await outcome(world, id), ['paused', 'lease', 190]);
  });

  it('never shortens a lease', async () => {
    const world = await open();
    const { id } = await world.start();
    await world.heartbeat(id, { visible: false });
    await world.clock.pass(1);
    await world.heartbeat(id, { visible: true });
    await world.sweepFor(140, 5);
    assert.equal(world.billed[0]!.endedAt, null);
  });

  it('counts from the server time it has seen, not from its arrival', async () => {
    const world = await open();
    const { id } = await world.start();
    const seen = world.time;
    await world.clock.pass(20);
    await world.heartbeat(id, { seen: world.time });
    await world.clock.pass(20);
    await world.heartbeat(id, { seen });
    await world.sweepFor(30, 1);
    assert.deepEqual(await outcome(world, id), ['paused', 'lease', 65]);
  });

  it('that has seen the future is ignored', async () => {
    const world = await open();
    const { id } = await world.start();
    const future = new Date(world.clock.now + 3_600_000).toISOString();
    assert.equal((await world.heartbeat(id, { seen: future })).status, 200);
    await world.heartbeat(id, { seen: new Date(world.clock.now + 1).toISOString() });
    await world.sweepFor(46, 1);
    assert.deepEqual(await outcome(world, id), ['paused', 'lease', 45]);
  });

  it('whose own lease is over already is ignored', async () => {
    const world = await open();
    const { id } = await world.start();
    await world.heartbeat(id, { visible: false });
    const seen = world.time;
    await world.clock.pass(46);
    const stale = await world.heartbeat(id, { visible: true, seen });
    assert.deepEqual([stale.status, stale.body.session.status], [200, 'started']);
    const { session } = (await world.read(id)).body;
    assert.equal(session.status, 'started', 'the hidden lease goes on');
  });

  it('cannot revive a dead lease, even when nobody has swept meanwhile', async () => {
    const world = await open();
    const { id } = await world.start();
    const seen = world.time;
    await world.clock.pass(45);
    const late = await world.heartbeat(id, { visible: false, seen });
    assert.deepEqual([late.status, late.body.session.status], [200, 'paused']);
    assert.equal(world.billed[0]!.seconds, 45);
    assert.equal(world.billed[0]!.reason, 'end_conversation_endpoint_hit');
  });

  it('with a moment no calendar knows is refused or ignored, and harms nothing', async () => {
    const world = await open();
    const { id } = await world.start();
    for (const seen of [
      '2026-11-22T10:00:00+05',
      '2026-02-31T10:00:00Z',
      '0000-01-01T00:00:00Z',
      'yesterday',
      12,
      null,
    ]) {
      const { status } = await world.heartbeat(id, { seen });
      assert.ok(status === 200 || status === 400, `${String(seen)}: ${status}`);
    }
    assert.equal((await world.read(id)).body.session.status, 'started');
    await world.sweepFor(50, 1);
    assert.deepEqual(await outcome(world, id), ['paused', 'lease', 45]);
  });

  it('without a ticket is that of the first page', async () => {
    const world = await open();
    const { id, body } = await world.start();
    await world.clock.pass(10);
    await world.heartbeat(id);
    await world.leave(body.leaveTicket);
    await world.sweepFor(20, 1);
    assert.deepEqual(await outcome(world, id), ['paused', 'left', 30]);
  });

  it('with a ticket of another session, or of nobody, is refused', async () => {
    const world = await open();
    const { id } = await world.start();
    const ben = await world.start('ben');
    for (const ticket of [ben.body.leaveTicket, 'nonsense', 'a.b'])
      assert.equal((await world.heartbeat(id, { ticket })).body.code, 'invalid_request');
  });

  it('on somebody else’s session is not found, even with the ticket', async () => {
    const world = await open();
    const { id, body } = await world.start();
    const stolen = await world.heartbeat(id, { ticket: body.leaveTicket }, 'ben');
    assert.deepEqual([stolen.status, stolen.body.session], [404, undefined]);
  });

  it('of a page of an earlier run renews nothing', async () => {
    const world = await open();
    const { id, body } = await world.start();
    await world.end(id);
    await world.resume(id);
    await world.clock.pass(30);
    assert.equal((await world.heartbeat(id, { ticket: body.leaveTicket })).status, 200);
    await world.sweepFor(20, 1);
    assert.deepEqual(await outcome(world, id), ['paused', 'lease', 45]);
  });

  it('on a session that does not run answers with it and renews nothing', async () => {
    const world = await open();
    const { id } = await world.start();
    const { session } = (await world.end(id)).body;
    const beat = await world.heartbeat(id);
    assert.deepEqual([beat.status, beat.body.session], [200, session]);
  });
});

describe('A page that says goodbye', () => {
  it('leaves one grace for the learner to come back', async () => {
    const world = await open();
    const { id, body } = await world.start();
    await world.clock.pass(10);
    assert.equal((await world.leave(body.leaveTicket)).status, 200);
    await world.sweepFor(19, 1);
    assert.equal(world.billed[0]!.endedAt, null);
    await world.sweepFor(1, 1);
    assert.deepEqual(await outcome(world, id), ['paused', 'left', 30]);
  });

  it('never makes its lease longer', async () => {
    const world = await open();
    const { id, body } = await world.start();
    await world.clock.pass(40);
    await world.leave(body.leaveTicket);
    await world.sweepFor(10, 1);
    assert.deepEqual(await outcome(world, id), ['paused', 'left', 45]);
  });

  it('is not brought back by a heartbeat that was sent long before', async () => {
    const world = await open();
    const { id, body } = await world.start();
    const seen = world.time;
    await world.heartbeat(id, { visible: false });
    await world.clock.pass(60);
    await world.leave(body.leaveTicket);
    await world.heartbeat(id, { visible: true, seen });
    await world.sweepFor(30, 1);
    assert.deepEqual(await outcome(world, id), ['paused', 'left', 80]);
  });

  it('may say it twice', async () => {
    const world = await open();
    const { id, body } = await world.start();
    await world.leave(body.leaveTicket);
    await world.clock.pass(15);
    await world.leave(body.leaveTicket);
    await world.sweepFor(10, 1);
    assert.deepEqual(await outcome(world, id), ['paused', 'left', 20]);
  });

  it('and comes back goes on', async () => {
    const world = await open();
    const { id, body } = await world.start();
    await world.leave(body.leaveTicket);
    await world.clock.pass(10);
    await world.heartbeat(id, { ticket: body.leaveTicket });
    await world.sweepFor(44, 1);
    assert.equal(world.billed[0]!.endedAt, null);
    await world.sweepFor(1, 1);
    assert.deepEqual(await outcome(world, id), ['paused', 'lease', 55], 'it did not say goodbye again');
  });

  it('because of a reload goes on in the new page', async () => {
    const world = await open();
    const { id, body } = await world.start();
    await world.clock.pass(5);
    await world.leave(body.leaveTicket);
    await world.clock.pass(2);
    const ticket = await anotherPage(world, id);
    await world.clock.pass(15);
    await world.heartbeat(id, { ticket });
    await world.sweepFor(44, 1);
    assert.equal(world.billed[0]!.endedAt, null);
  });

  it('releases only itself while another page is there', async () => {
    const world = await open();
    const { id, body } = await world.start();
    const ticket = await anotherPage(world, id);
    await world.heartbeat(id, { ticket });
    await world.clock.pass(5);
    await world.leave(body.leaveTicket);
    await world.sweepFor(35, 5);
    await world.heartbeat(id, { ticket });
    await world.sweepFor(40, 5);
    assert.equal(world.billed[0]!.endedAt, null);
    await world.leave(ticket);
    await world.sweepFor(10, 1);
    assert.deepEqual(await outcome(world, id), ['paused', 'left', 85]);
  });

  it('counts as lost, not as left, when the other page simply vanished', async () => {
    const world = await open();
    const { id, body } = await world.start();
    const ticket = await anotherPage(world, id);
    await world.heartbeat(id, { ticket });
    await world.leave(body.leaveTicket);
    await world.sweepFor(50, 1);
    assert.deepEqual(await outcome(world, id), ['paused', 'lease', 45]);
  });

  it('that never sent a heartbeat lives for one leave grace', async () => {
    const world = await open();
    const { id, body } = await world.start();
    await world.clock.pass(40);
    await anotherPage(world, id);
    await world.leave(body.leaveTicket);
    await world.sweepFor(30, 1);
    assert.deepEqual(await outcome(world, id), ['paused', 'lease', 60]);
  });

  it('is always answered with 200, whatever it says', async () => {
    const world = await open();
    const { id, body } = await world.start();
    for (const ticket of ['', 'nonsense', `${body.leaveTicket}x`, `\n${body.leaveTicket} `]) {
      const answer = await world.leave(ticket);
      assert.deepEqual([answer.status, answer.body], [200, { protocol: 1, serverTime: world.time }]);
    }
    await world.end(id);
    assert.equal((await world.leave(body.leaveTicket)).status, 200);
  });
});

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
