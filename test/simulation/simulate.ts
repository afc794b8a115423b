import { rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { compile } from './compile.js';
import { PROFILES } from './profiles.js';
import { scheduleOf } from './schedule.js';
import { swarm } from './swarm.js';
import { World } from './world.js';

/**
 * npm run simulate -- [--seeds N] [--from S] [--profile P] [--workers W] [--trace] [--no-shrink]
 * Lives through N seeds, spread over the profiles and the processors. At a violation it prints the shrunk world,
 * its seed and its trace hash, and exits with 1. With --trace it tells what happened in each world.
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
const [from, count] = [Number(values.from), Number(values.seeds)];
if (values.trace) await tell();
else await look();

async function look(): Promise<void> {
  const folder = compile(`simulation-${process.pid}`);
  const began = performance.now();
  try {
    const block = { from, count, profile: values.profile ?? null, shrink: !values['no-shrink'] };
    const { totals, finding } = await swarm(folder, block, Number(values.workers));
    if (finding) console.log(finding.report);
    const { schedules, events, conversations, facts, steps } = totals;
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    console.log(
      `${schedules} schedules of ${events} events, ${conversations} conversations, ${facts} facts, ${steps} steps ` +
        `in ${seconds} s: ${finding ? finding.complaint : 'no violation'}`,
    );
    process.exitCode = finding ? 1 : 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function tell(): Promise<void> {
  for (let seed = from; seed < from + count; seed++) {
    const profile = profiles[seed % profiles.length] as (typeof profiles)[number];
    const { trace, hash, violation } = await World.live(seed, profile, scheduleOf(seed, profile));
    console.log(`${trace.join('\n')}\nseed ${seed}, profile ${profile.name}, trace ${hash}`);
    if (violation) console.log(String(violation.stack));
  }
}
