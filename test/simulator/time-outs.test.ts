import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { START, VirtualSimulator } from './virtual-simulator.js';

const CAPS = { max_call_duration: 600, participant_left_timeout: 30, participant_absent_timeout: 60 };

describe('what ends a conversation, and what it costs', () => {
  it('costs from the creation on, joined or not', async () => {
    const world = new VirtualSimulator();
    const id = await world.create();
    world.travel(42.5);
    assert.deepEqual(world.bill(id), { seconds: 42.5, reason: null });
    await world.call('POST', `/v2/conversations/${id}/end`);
    world.travel(1000);
    assert.deepEqual(world.bill(id), { seconds: 42.5, reason: 'end_conversation_endpoint_hit' });
    assert.equal(world.simulator.ledger.paidSeconds, 42.5);
  });

  it('ends after five minutes when nobody ever came and nothing else was asked', async () => {
    const world = new VirtualSimulator();
    const id = await world.create();
    world.travel(299.999);
    assert.equal(world.bill(id).reason, null);
    world.travel(5000);
    assert.deepEqual(world.bill(id), { seconds: 300, reason: 'participant_absent_timeout' });
  });

  it('counts the absence from the creation, and forgets it as soon as somebody came', async () => {
    const world = new VirtualSimulator();
    const absent = await world.create({ properties: CAPS });
    const visited = await world.create({ properties: { participant_absent_timeout: 60 } });
    world.travel(50);
    await world.leave(visited, await world.join(visited));
    world.travel(100);
    assert.deepEqual(world.bill(absent), { seconds: 60, reason: 'participant_absent_timeout' });
    assert.equal(world.bill(visited).reason, null);
  });

  it('ends the asked time after the last person has left', async () => {
    const world = new VirtualSimulator();
    const id = await world.create({ properties: CAPS });
    const [one, other] = [await world.join(id), await world.join(id)];
    await world.stay(id, one, 10);
    await world.leave(id, one);
    await world.stay(id, other, 100);
    await world.leave(id, other);
    world.travel(29);
    assert.equal(world.bill(id).reason, null);
    world.travel(2);
    assert.deepEqual(world.bill(id), { seconds: 140, reason: 'participant_left_timeout' });
  });

  it('does not end when somebody comes back in time', async () => {
    const world = new VirtualSimulator();
    const id = await world.create({ properties: CAPS });
    await world.leave(id, await world.join(id));
    world.travel(20);
    await world.stay(id, await world.join(id), 100);
    assert.equal(world.bill(id).reason, null);
  });

  it('ends at once when the asked time is an explicit 0', async () => {
    const world = new VirtualSimulator();
    const id = await world.create({ properties: { ...CAPS, participant_left_timeout: 0 } });
    const person = await world.join(id);
    await world.stay(id, person, 15);
    await world.leave(id, person);
    assert.deepEqual(world.bill(id), { seconds: 15, reason: 'participant_left_timeout' });
  });

  it('does not end when somebody leaves and no time was asked, whatever the documented default', async () => {
    const world = new VirtualSimulator();
    const id = await world.create({ properties: { max_call_duration: 600 } });
    await world.leave(id, await world.join(id));
    world.travel(599);
    assert.equal(world.bill(id).reason, null);
    world.travel(2);
    assert.deepEqual(world.bill(id), { seconds: 600, reason: 'max_call_duration' });
  });

  it('takes a page that went silent for a person until 20 s after its last sign of life', async () => {
    const world = new VirtualSimulator();
    const id = await world.create({ properties: CAPS });
    await world.stay(id, await world.join(id), 100);
    world.travel(1000);
    assert.deepEqual(world.bill(id), { seconds: 100 + 20 + 30, reason: 'participant_left_timeout' });
    const [join] = world.simulator.ledger.conversations[0]?.joins ?? [];
    assert.deepEqual([join?.joinedAt, join?.leftAt], [START, START + 120_000]);
  });

  it('ends at the longest call although everybody is there', async () => {
    const world = new VirtualSimulator();
    const id = await world.create({ properties: { ...CAPS, max_call_duration: 240 } });
    await world.stay(id, await world.join(id), 300);
    assert.deepEqual(world.bill(id), { seconds: 240, reason: 'max_call_duration' });
  });

  it('lasts an hour at most by default, and no longer than the plan allows', async () => {
    const world = new VirtualSimulator({ plan: { maxCallSeconds: 9999 } });
    const short = new VirtualSimulator({ plan: { maxCallSeconds: 300 } });
    for (const [simulated, seconds] of [
      [world, 3600],
      [short, 300],
    ] as const) {
      const id = await simulated.create({ properties: { participant_absent_timeout: 9999 } });
      simulated.travel(10_000);
      assert.deepEqual(simulated.bill(id), { seconds, reason: 'max_call_duration' });
    }
  });

  it('bills the same when no timer ever fires and somebody looks only much later', async () => {
    const world = new VirtualSimulator({ timers: false, plan: { creditsSeconds: 500 } });
    const absent = await world.create({ properties: CAPS });
    const left = await world.create({ properties: CAPS });
    world.travel(10);
    await world.leave(left, await world.join(left));
    const long = await world.create({ properties: { participant_absent_timeout: 9999 } });
    world.travel(100_000);
    assert.deepEqual(world.bill(absent), { seconds: 60, reason: 'participant_absent_timeout' });
    assert.deepEqual(world.bill(left), { seconds: 40, reason: 'participant_left_timeout' });
    assert.deepEqual(world.bill(long), { seconds: 400, reason: 'out_of_credits' });
    assert.equal(world.simulator.ledger.paidSeconds, 500);
  });

  it('cuts calls short when the account runs dry, in the disguise of the longest call, then refuses with 402', async () => {
    const world = new VirtualSimulator({ plan: { creditsSeconds: 100 } });
    const one = await world.create({ callback_url: 'http://host.test/hook', properties: CAPS });
    world.travel(20);
    const other = await world.create({ properties: CAPS });
    await world.join(one);
    await world.join(other);
    world.travel(100);
    assert.deepEqual(world.bill(one), { seconds: 60, reason: 'out_of_credits' });
    assert.deepEqual(world.bill(other), { seconds: 40, reason: 'out_of_credits' });
    const shutdown = world.delivered.find(({ body }) => body.event_type === 'system.shutdown');
    assert.deepEqual(shutdown?.body.properties, { shutdown_reason: 'max_call_duration reached' });

    const refused = await world.call('POST', '/v2/conversations', { pal_id: 'p1' });
    assert.equal(refused.status, 402);
    assert.deepEqual(refused.json, { message: 'The user is out of conversational credits' });
    const free = await world.call('POST', '/v2/conversations', { pal_id: 'p1', test_mode: true });
    assert.equal(free.status, 200);
  });

  it('frees the slot at the moment of the ending', async () => {
    const world = new VirtualSimulator({ timers: false, plan: { concurrency: 1 } });
    await world.create({ properties: CAPS });
    world.travel(59);
    assert.equal((await world.call('POST', '/v2/conversations', { pal_id: 'p1' })).status, 400);
    world.travel(1);
    assert.equal((await world.call('POST', '/v2/conversations', { pal_id: 'p1' })).status, 200);
  });

  const told: [string, (world: VirtualSimulator, id: string) => Promise<void>, string | null][] = [
    ['the longest call', (world, id) => world.join(id).then((person) => world.stay(id, person, 600)), null],
    ['an absence', async (world) => world.travel(60), 'participant_absent_timeout reached'],
    [
      'a leaving',
      async (world, id) => {
        await world.leave(id, await world.join(id));
        world.travel(30);
      },
      'participant_left_timeout reached',
    ],
  ];
  for (const [what, happens, reason] of told) {
    it(`says ${String(reason)} in a verbose read after ${what}`, async () => {
      const world = new VirtualSimulator();
      const id = await world.create({ properties: CAPS });
      await happens(world, id);
      const { json } = await world.call('GET', `/v2/conversations/${id}?verbose=true`);
      assert.deepEqual([json?.['status'], json?.['shutdown_reason']], ['ended', reason]);
    });
  }
});
