import type { Profile } from './profiles.js';
import type { ScheduledEvent } from './schedule.js';
import { World } from './world.js';

/** Tries before a shrunk schedule is taken as it is. */
const MOST_TRIES = 300;

/** The same violation with as few events as can be found by leaving out halves, quarters, and so on. */
export async function shrink(
  seed: number,
  profile: Profile,
  schedule: readonly ScheduledEvent[],
  invariant: string,
): Promise<readonly ScheduledEvent[]> {
  let smallest = schedule;
  let tries = 0;
  for (
    let size = Math.ceil(smallest.length / 2);
    size >= 1 && tries < MOST_TRIES;
    size = size === 1 ? 0 : Math.ceil(size / 2)
  ) {
    for (let from = 0; from < smallest.length && tries < MOST_TRIES;) {
      const without = [...smallest.slice(0, from), ...smallest.slice(from + size)];
      tries++;
      const { violation } = await World.live(seed, profile, without);
      if (violation?.invariant === invariant) smallest = without;
      else from += size;
    }
  }
  return smallest;
}
