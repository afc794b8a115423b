import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assertCalm } from '../fakes/assert-calm.js';
import { PracticeWorld } from '../fakes/practice-world.js';

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

  it('does not make us ask a failing Tavus more often', async () => {
    const world = await PracticeWorld.open({ TAVUS_MAX_RETRIES: '1' });
    const { id } = await world.start();
    const path = callbackPath(world);
    world.fail({ call: 'end', fail: 'status', times: 'always' }, { call: 'list', fail: 'status', times: 'always' });
    await world.end(id);
    const before = world.calls('end');
    for (let i = 0; i < 20; i++) assert.equal((await post(world, path)).status, 200);
    assert.equal(world.calls('end'), before);
  });

  it('about a conversation that Tavus does not know has it ended, to be sure', async () => {
    const world = await PracticeWorld.open();
    const { id } = await world.start();
    world.tavus.setConditions({ faults: [{ call: 'get', fail: 'status', status: 404 }], callbacks: 'none' });
    assert.equal((await post(world, callbackPath(world))).status, 200);
    const { session } = (await world.read(id)).body;
    assert.deepEqual([session.status, session.endReason], ['paused', 'provider']);
    assert.equal(world.billed[0]!.reason, 'end_conversation_endpoint_hit');
    assertCalm(world);
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
