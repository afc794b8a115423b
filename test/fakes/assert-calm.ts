import assert from 'node:assert/strict';
import type { PracticeWorld } from './practice-world.js';

/** Nothing of ours runs at Tavus, and no run was asked for twice. */
export function assertCalm(world: PracticeWorld): void {
  const names = world.billed.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length, 'no run has two conversations');
  assert.deepEqual(
    world.billed.filter(({ endedAt }) => endedAt === null),
    [],
    'nothing runs any more',
  );
}
