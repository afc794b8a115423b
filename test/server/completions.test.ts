import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PracticeWorld } from '../fakes/practice-world.js';

/** A world in which ada talks. */
async function talking(env: Record<string, string> = {}): Promise<{ world: PracticeWorld; id: string }> {
  const world = await PracticeWorld.open(env);
  world.tavus.setConditions({ callbacks: 'none' });
  const { id } = await world.start();
  return { world, id };
}

describe('A completion', () => {
  const complete = async (world: PracticeWorld, accuracyScore?: number): Promise<string> => {
    const { id } = await world.start();
    await world.clock.pass(10);
    const data = accuracyScore === undefined ? {} : { accuracyScore };
    await world.facts('ada', id, [{ n: 1, type: 'completed', sessionId: id, data }]);
    return world.billed.at(-1)!.id;
  };

  it('after too short a conversation is an abandoned session', async () => {
    const { world, id } = await talking({ PRACTICE_MIN_SECONDS: '30' });
    await world.clock.pass(29);
    const { body } = await world.facts('ada', 'w', [
      { n: 1, type: 'completed', sessionId: id, data: { accuracyScore: 99 } },
    ]);
    const session = body.sessions[0]!;
    assert.deepEqual([session.status, session.endReason, session.accuracyScore], ['abandoned', 'too_short', undefined]);
    assert.equal((await world.offer()).completion, null);
  });

  it('after a conversation that was just long enough counts, over all its runs', async () => {
    const { world, id } = await talking({ PRACTICE_MIN_SECONDS: '30' });
    await world.clock.pass(16);
    await world.end(id);
    await world.clock.pass(100);
    await world.resume(id);
    await world.clock.pass(14);
    const { body } = await world.facts('ada', 'w', [{ n: 1, type: 'completed', sessionId: id }]);
    assert.equal(body.sessions[0]?.status, 'completed');
  });

  it('keeps the best score and the first moment of the course', async () => {
    const world = await PracticeWorld.open();
    await complete(world, 60);
    const first = world.time;
    await world.clock.pass(60);
    const best = await complete(world, 85);
    await world.clock.pass(60);
    await complete(world, 70);
    assert.deepEqual((await world.offer()).completion, {
      completed: true,
      accuracyScore: 85,
      conversationId: best,
      completedAt: first,
    });
    assert.equal((await world.offer('ada', 'quick-check')).completion, null);
    assert.equal((await world.offer('ben')).completion, null);
  });

  it('without a score does not take away one that was there', async () => {
    const world = await PracticeWorld.open();
    await complete(world, 0);
    await complete(world);
    assert.equal((await world.offer()).completion?.accuracyScore, 0);
  });

  it('takes a score from 0 to 100', async () => {
    for (const score of [0, 100]) {
      const { world, id } = await talking();
      const { body } = await world.facts('ada', 'w', [
        { n: 1, type: 'completed', sessionId: id, data: { accuracyScore: score } },
      ]);
      assert.equal(body.sessions[0]?.accuracyScore, score);
    }
  });
});
