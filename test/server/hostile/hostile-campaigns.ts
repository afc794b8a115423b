import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Chosen, Outcome } from './live-campaign.js';

/**
 * HOSTILE_SEED and HOSTILE_STEPS (numbers, comma-separated) live through one campaign again, for example
 * HOSTILE_SEED=7 node --import tsx --test test/server/hostile-campaigns-1.test.ts
 */
const { HOSTILE_SEED: only, HOSTILE_STEPS: chosen } = process.env;
/** Steps of one campaign; about 95 of 100 send a request, some of them two. */
const STEPS = 5400;
/** Campaigns that may be spent on finding a shorter one with the same complaint. */
const MOST_TRIES = 60;

type Live = (chosen: Chosen) => Promise<Outcome>;

/** The same complaint with fewer steps: nothing after the failing one, and halves, quarters … before it left out. */
async function shrink(live: Live, { seed, steps }: Chosen, failure: { step: number; complaint: string }) {
  const promise = (complaint: string) =>
    complaint
      .split(/[:\n]/, 3)
      .slice(0, 2)
      .join()
      .replace(/[\da-f-]{8,}/g, '');
  let smallest = steps.filter((step) => step <= failure.step);
  let tries = 0;
  for (let size = Math.ceil(smallest.length / 2); size >= 1 && tries < MOST_TRIES; size = Math.floor(size / 2))
    for (let from = 0; from < smallest.length && tries < MOST_TRIES; tries++) {
      const without = [...smallest.slice(0, from), ...smallest.slice(from + size)];
      const again = (await live({ seed, steps: without })).failure;
      if (again && promise(again.complaint) === promise(failure.complaint)) smallest = without;
      else from += size;
    }
  return smallest;
}

/** Tests that live through campaigns, each from a seed of its own, and send so many requests altogether at least. */
export function hostileCampaigns(firstSeed: number, count: number, least: number): void {
  describe(`${least.toLocaleString('en')} hostile requests`, () => {
    let requests = 0;
    let world: ChildProcess;
    let death: Promise<never>;
    // The test runner follows every promise of its own process, which would take a fifth of the time.
    before(() => {
      world = fork(fileURLToPath(new URL('./live-campaign.ts', import.meta.url)), {
        execArgv: ['--import', 'tsx', '--max-semi-space-size=32'],
      });
      death = once(world, 'exit').then(([code]) =>
        Promise.reject(new Error(`the campaign ended its process: ${code}`)),
      );
      death.catch(() => undefined);
    });
    after(() => world.disconnect());
    const live: Live = async (wish) => {
      const answer = once(world, 'message') as Promise<[Outcome]>;
      world.send(wish);
      return (await Promise.race([answer, death]))[0];
    };

    const seeds = only === undefined ? Array.from({ length: count }, (_, i) => firstSeed + i) : [Number(only)];
    for (const seed of seeds)
      it(`break no promise (seed ${seed})`, async () => {
        const steps = chosen ? chosen.split(',').map(Number) : Array.from({ length: STEPS }, (_, step) => step);
        const outcome = await live({ seed, steps });
        requests += outcome.requests;
        if (!outcome.failure) return;
        const shortest = await shrink(live, { seed, steps }, outcome.failure);
        assert.fail(`HOSTILE_SEED=${seed} HOSTILE_STEPS=${shortest.join(',')}\n${outcome.failure.complaint}`);
      });
    it('are as many as that', () => assert.ok(only !== undefined || requests >= least, `${requests}`));
  });
}
