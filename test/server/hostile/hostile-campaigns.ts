import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Campaign } from './campaign.js';

/**
 * HOSTILE_SEED and HOSTILE_STEPS (numbers, comma-separated) live through one campaign again, for example
 * HOSTILE_SEED=7 node --import tsx --test test/server/hostile-campaigns-1.test.ts
 */
const { HOSTILE_SEED: seed, HOSTILE_STEPS: steps } = process.env;
/** Steps of one campaign; about 95 of 100 send a request, some of them two. */
const STEPS = 5400;
/** Campaigns that may be spent on finding a shorter one with the same complaint. */
const MOST_TRIES = 60;

interface Outcome {
  requests: number;
  failure: { step: number; complaint: string } | null;
}

async function live(campaignSeed: number, chosen: readonly number[]): Promise<Outcome> {
  const campaign = await Campaign.begin(campaignSeed);
  for (const step of chosen)
    try {
      await campaign.step(step);
    } catch (cause) {
      return { requests: campaign.requests, failure: { step, complaint: String((cause as Error).stack) } };
    }
  try {
    await campaign.finish();
  } catch (cause) {
    return { requests: campaign.requests, failure: { step: Infinity, complaint: String((cause as Error).stack) } };
  }
  return { requests: campaign.requests, failure: null };
}

/** The same complaint with fewer steps: nothing after the failing one, and halves, quarters … before it left out. */
async function shrink(campaignSeed: number, chosen: readonly number[], failure: { step: number; complaint: string }) {
  const promise = (complaint: string) =>
    complaint
      .split(/[:\n]/, 3)
      .slice(0, 2)
      .join()
      .replace(/[\da-f-]{8,}/g, '');
  let smallest = chosen.filter((step) => step <= failure.step);
  let tries = 0;
  for (let size = Math.ceil(smallest.length / 2); size >= 1 && tries < MOST_TRIES; size = Math.floor(size / 2))
    for (let from = 0; from < smallest.length && tries < MOST_TRIES; tries++) {
      const without = [...smallest.slice(0, from), ...smallest.slice(from + size)];
      const again = (await live(campaignSeed, without)).failure;
      if (again && promise(again.complaint) === promise(failure.complaint)) smallest = without;
      else from += size;
    }
  return smallest;
}

/** Tests that live through campaigns, each from a seed of its own, and send so many requests altogether at least. */
export function hostileCampaigns(firstSeed: number, count: number, least: number): void {
  describe(`${least.toLocaleString('en')} hostile requests`, () => {
    let requests = 0;
    const seeds = seed === undefined ? Array.from({ length: count }, (_, i) => firstSeed + i) : [Number(seed)];
    for (const campaignSeed of seeds)
      it(`break no promise (seed ${campaignSeed})`, async () => {
        const chosen = steps ? steps.split(',').map(Number) : Array.from({ length: STEPS }, (_, step) => step);
        const outcome = await live(campaignSeed, chosen);
        requests += outcome.requests;
        if (!outcome.failure) return;
        const shortest = await shrink(campaignSeed, chosen, outcome.failure);
        assert.fail(`HOSTILE_SEED=${campaignSeed} HOSTILE_STEPS=${shortest.join(',')}\n${outcome.failure.complaint}`);
      });
    it('are as many as that', () => assert.ok(seed !== undefined || requests >= least, `${requests}`));
  });
}
