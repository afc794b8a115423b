import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PracticeWorld } from '../fakes/practice-world.js';

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
