import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { PROFILES } from './profiles.js';
import { scheduleOf } from './schedule.js';
import { shrink } from './shrink.js';
import { World } from './world.js';

/**
 * npm run simulate -- [--seeds N] [--from S] [--profile P] [--workers W] [--trace] [--no-shrink]
 * Lives through N seeds, spread over the profiles and the processors. At a violation it prints the shrunk world,
 * its seed and its trace hash, and exits with 1.
 */
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    profile: { type: 'string' },
    workers: { type: 'string', default: String(availableParallelism()) },
    trace: { type: 'boolean', default: false },
    'no-shrink': { type: 'boolean', default: false },
  },
});
const profiles = PROFILES.filter(({ name }) => values.profile === undefined || name === values.profile);
if (!profiles.length) {
  console.error(`No profile ${values.profile}. There are: ${PROFILES.map(({ name }) => name).join(', ')}.`);
  process.exit(2);
}
const [first, count] = [Number(values.from), Number(values.seeds)];
const workers = Math.min(Number(values.workers), Math.ceil(count / 50));
const began = performance.now();

const totals = workers > 1 ? await together() : await alone();
if (totals) {
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  if (process.send) process.send(totals);
  else
    console.log(
      `${count} schedules, ${totals.conversations} conversations, ${totals.steps} steps in ${seconds} s: no violation`,
    );
} else process.exitCode = 1;

interface Totals {
  steps: number;
  conversations: number;
}

/** Each worker takes an equal run of seeds. The first violation ends all. */
async function together(): Promise<Totals | null> {
  const share = Math.ceil(count / workers);
  const children = Array.from({ length: workers }, (_, index) => {
    const seeds = Math.min(share, count - index * share);
    const args = [`--seeds=${seeds}`, `--from=${first + index * share}`, '--workers=1'];
    if (values.profile) args.push(`--profile=${values.profile}`);
    if (values['no-shrink']) args.push('--no-shrink');
    return fork(fileURLToPath(import.meta.url), args);
  });
  const results = await Promise.all(
    children.map(
      (child) =>
        new Promise<Totals | null>((resolve) => {
          child.once('message', (totals: Totals) => resolve(totals));
          child.once('exit', (code) => {
            if (code !== 0) for (const other of children) if (other !== child) other.kill();
            resolve(null);
          });
        }),
    ),
  );
  return results.reduce<Totals | null>(
    (sum, one) => sum && one && { steps: sum.steps + one.steps, conversations: sum.conversations + one.conversations },
    { steps: 0, conversations: 0 },
  );
}

async function alone(): Promise<Totals | null> {
  const sum: Totals = { steps: 0, conversations: 0 };
  for (let seed = first; seed < first + count; seed++) {
    const profile = profiles[seed % profiles.length] as (typeof profiles)[number];
    const schedule = scheduleOf(seed, profile);
    const outcome = await World.live(seed, profile, schedule);
    sum.steps += outcome.steps;
    sum.conversations += outcome.conversations;
    if (values.trace) console.log(`${outcome.trace.join('\n')}\ntrace ${outcome.hash}`);
    if (!outcome.violation) continue;
    const small = values['no-shrink'] ? schedule : await shrink(seed, profile, schedule, outcome.violation.invariant);
    const { trace, violation, hash } = await World.live(seed, profile, small);
    const again = `npm run simulate -- --seeds 1 --from ${seed}${values.profile ? ` --profile ${values.profile}` : ''}`;
    console.log(trace.join('\n'));
    console.log(
      `\nseed ${seed}, profile ${profile.name}, trace ${hash}: ${violation?.message ?? outcome.violation.message}`,
    );
    console.log(`shrunk from ${schedule.length} to ${small.length} events; again with: ${again}`);
    return null;
  }
  return sum;
}
