import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assertCalm } from '../fakes/assert-calm.js';
import { PracticeWorld } from '../fakes/practice-world.js';

describe('Facts that arrive while Tavus is asked for the conversation', () => {
  /** A create that takes three seconds, one of them gone. */
  async function creating(env: Record<string, string> = {}) {
    const world = await PracticeWorld.open(env);
    world.fail({ call: 'create', delay: 3000, when: 'after' });
    const id = crypto.randomUUID();
    const starting = world.start('ada', { id });
    await world.clock.pass(1);
    return { world, id, starting };
  }

  for (const [type, data, outcome] of [
    ['completed', { accuracyScore: 70 }, 'completed'],
    ['abandoned', { reason: 'changed my mind' }, 'abandoned'],
    ['failed', { code: 'blocked_by_page' }, 'failed'],
    ['paused', undefined, 'paused'],
  ] as const)
    it(`take effect with the answer: ${type}`, async () => {
      const { world, id, starting } = await creating();
      const { body } = await world.facts('ada', 'w', [{ n: 1, type, sessionId: id, data }]);
      assert.deepEqual([body.ack, body.rejected, body.sessions[0]?.status], [1, [], 'confirmed']);
      await world.clock.pass(3);
      const { session, join } = (await starting).body;
      assert.deepEqual([session.status, session.late, join], [outcome, [], undefined]);
      assert.equal(world.billed[0]!.seconds, 3, 'and the conversation is ended with it');
      assertCalm(world);
    });

  it('keep the score, and count as a practice that was had', async () => {
    const { world, id, starting } = await creating();
    await world.facts('ada', 'w', [{ n: 1, type: 'completed', sessionId: id, data: { accuracyScore: 70 } }]);
    await world.clock.pass(3);
    await starting;
    const { completion, availability } = await world.offer();
    assert.deepEqual([completion?.accuracyScore, availability.remaining], [70, 2]);
  });

  it('are measured by the conversation there was', async () => {
    const { world, id, starting } = await creating({ PRACTICE_MIN_SECONDS: '10' });
    await world.facts('ada', 'w', [{ n: 1, type: 'completed', sessionId: id }]);
    await world.clock.pass(3);
    const { session } = (await starting).body;
    assert.deepEqual([session.status, session.endReason], ['abandoned', 'too_short']);
  });

  it('are kept as late when no conversation came of it', async () => {
    const world = await PracticeWorld.open();
    world.fail({ call: 'create', delay: 3000, fail: 'credits' });
    const id = crypto.randomUUID();
    const starting = world.start('ada', { id });
    await world.clock.pass(1);
    await world.facts('ada', 'w', [{ n: 1, type: 'completed', sessionId: id }]);
    await world.clock.pass(3);
    assert.equal((await starting).body.code, 'out_of_credits');
    const { session } = (await world.read(id)).body;
    assert.deepEqual([session.status, session.late.map(({ type }) => type)], ['failed', ['completed']]);
    assert.equal((await world.offer()).completion, null);
  });

  it('survive the process that was asking', async () => {
    const world = await PracticeWorld.open();
    world.fail({ call: 'create', delay: 3_600_000, when: 'after' });
    const id = crypto.randomUUID();
    void world.start('ada', { id });
    await world.clock.pass(1);
    await world.facts('ada', 'w', [{ n: 1, type: 'completed', sessionId: id }]);
    world.kill();
    world.restart();
    await world.sweepFor(60);
    const { session } = (await world.read(id)).body;
    assert.deepEqual([session.status, session.late.map(({ type }) => type)], ['failed', ['completed']]);
    assertCalm(world);
  });

  it('end a resumed conversation as well', async () => {
    const world = await PracticeWorld.open();
    const { id } = await world.start();
    await world.end(id);
    world.fail({ call: 'create', delay: 3000, when: 'after' });
    const resuming = world.resume(id);
    await world.clock.pass(1);
    await world.facts('ada', 'w', [{ n: 1, type: 'paused', sessionId: id }]);
    await world.clock.pass(3);
    const { session, join } = (await resuming).body;
    assert.deepEqual([session.status, session.endReason, join], ['paused', 'paused', undefined]);
    assertCalm(world);
  });
});

describe('The facts kept as late', () => {
  it('are the first hundred; further ones are acknowledged and rejected', async () => {
    const world = await PracticeWorld.open();
    const { id } = await world.start();
    await world.abandon(id);
    const facts = Array.from({ length: 150 }, (_, i) => ({ n: i + 1, type: 'joined', sessionId: id }));
    const { status, body } = await world.facts('ada', 'w', facts);
    assert.deepEqual([status, body.ack, body.rejected.length], [200, 150, 50]);
    assert.deepEqual(body.rejected[0], { n: 101, code: 'session_ended' });
    const { late } = (await world.read(id)).body.session;
    assert.deepEqual([late.length, late[0]?.n, late.at(-1)?.n], [100, 1, 100]);
  });

  it('are no more for what comes while the conversation is being created', async () => {
    const world = await PracticeWorld.open();
    world.fail({ call: 'create', delay: 3000, fail: 'credits' });
    const id = crypto.randomUUID();
    const starting = world.start('ada', { id });
    await world.clock.pass(1);
    const facts = Array.from({ length: 150 }, (_, i) => ({
      n: i + 1,
      type: i % 2 ? 'joined' : 'paused',
      sessionId: id,
    }));
    assert.equal((await world.facts('ada', 'w', facts)).body.rejected.length, 50);
    await world.clock.pass(3);
    await starting;
    assert.equal((await world.read(id)).body.session.late.length, 100);
  });
});
