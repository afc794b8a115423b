import { setImmediate } from 'node:timers/promises';
import { PROFILES, type Profile } from './profiles.js';
import { scheduleOf } from './schedule.js';
import { shrink } from './shrink.js';
import type { Block, Finding, Totals, WorkerAnswer } from './swarm.js';
import { World } from './world.js';

/** Lives through the blocks of seeds it is given, and says how each went. */
process.on('message', (block: Block) => {
  void live(block).then((answer) => process.send?.(answer));
});

async function live({ from, count, profile: name, shrink: mayShrink }: Block): Promise<WorkerAnswer> {
  const profiles = PROFILES.filter((profile) => name === null || profile.name === name);
  const totals: Totals = { schedules: 0, events: 0, conversations: 0, facts: 0, steps: 0 };
  for (let seed = from; seed < from + count; seed++) {
    const profile = profiles[seed % profiles.length] as Profile;
    const schedule = scheduleOf(seed, profile);
    const { violation, steps, conversations, facts } = await World.live(seed, profile, schedule);
    totals.schedules++;
    totals.events += schedule.length;
    totals.conversations += conversations;
    totals.facts += facts;
    totals.steps += steps;
    if (violation) {
      const invariant = mayShrink ? violation.invariant : null;
      return { totals, finding: await describe(seed, profile, violation.message, invariant) };
    }
    // Time in a world goes on without the event loop; messages do not.
    await setImmediate();
  }
  return { totals, finding: null };
}

async function describe(seed: number, profile: Profile, complaint: string, toShrink: string | null): Promise<Finding> {
  const whole = scheduleOf(seed, profile);
  const schedule = toShrink === null ? whole : await shrink(seed, profile, whole, toShrink);
  const { trace, hash, violation } = await World.live(seed, profile, schedule);
  const report = [
    ...trace,
    '',
    `seed ${seed}, profile ${profile.name}, trace ${hash}: ${violation?.message ?? complaint}`,
    `shrunk from ${whole.length} to ${schedule.length} events; again with:`,
    `npm run simulate -- --seeds 1 --from ${seed} --profile ${profile.name}`,
  ];
  return { seed, profile: profile.name, complaint, report: report.join('\n') };
}
