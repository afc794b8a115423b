import { Campaign } from './campaign.js';

/** Which campaign, and which of its steps. */
export interface Chosen {
  seed: number;
  steps: readonly number[];
}

/** How far it came, and the first complaint. */
export interface Outcome {
  requests: number;
  failure: { step: number; complaint: string } | null;
}

/** Lives through a campaign until a promise does not hold. */
async function liveCampaign({ seed, steps }: Chosen): Promise<Outcome> {
  const campaign = await Campaign.begin(seed);
  let step = 0;
  try {
    for (step of steps) await campaign.step(step);
    step = Infinity;
    await campaign.finish();
    return { requests: campaign.requests, failure: null };
  } catch (cause) {
    return { requests: campaign.requests, failure: { step, complaint: String((cause as Error).stack) } };
  }
}

process.on('message', (chosen: Chosen) => {
  void liveCampaign(chosen).then((outcome) => process.send?.(outcome));
});
