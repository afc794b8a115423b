import { parseArgs } from 'node:util';
import { PROFILES } from './profiles.js';
import { scheduleOf } from './schedule.js';
import { shrink } from './shrink.js';
import { World } from './world.js';

/**
 * npm run simulate -- --seeds N [--from S] [--profile P] [--trace]
 * Lives through N seeds, spread over the profiles, and exits with 1 at the first violation: its seed, a shrunk
 * schedule, and what happened in it.
 */
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    profile: { type: 'string' },
    trace: { type: 'boolean', default: false },
  },
});
const profiles = PROFILES.filter(({ name }) => values.profile === undefined || name === values.profile);
if (!profiles.length) {
  console.error(`No profile ${values.profile}. There are: ${PROFILES.map(({ name }) => name).join(', ')}.`);
  process.exit(2);
}

const [first, count] = [Number(values.from), Number(values.seeds)];
const began = performance.now();
let steps = 0;
let conversations = 0;
for (let seed = first; seed < first + count; seed++) {
  const profile = profiles[seed % profiles.length] as (typeof profiles)[number];
  const schedule = scheduleOf(seed, profile);
  const outcome = await World.live(seed, profile, schedule);
  steps += outcome.steps;
  conversations += outcome.conversations;
  if (values.trace) console.log(outcome.trace.join('\n'));
  if (!outcome.violation) continue;
  const small = await shrink(seed, profile, schedule, outcome.violation.invariant);
  const { trace, violation, hash } = await World.live(seed, profile, small);
  console.log(trace.join('\n'));
  console.log(`\n${JSON.stringify(small, null, 1)}`);
  console.log(`\nseed ${seed}, profile ${profile.name}, trace ${hash}: ${violation?.message ?? outcome.violation.message}`);
  console.log(`shrunk from ${schedule.length} to ${small.length} events; again with: npm run simulate -- --seeds 1 --from ${seed}${values.profile ? ` --profile ${values.profile}` : ''}`);
  process.exit(1);
}
const seconds = (performance.now() - began) / 1000;
console.log(`${count} schedules, ${conversations} conversations, ${steps} steps in ${seconds.toFixed(1)} s: no violation`);
