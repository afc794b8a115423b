import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { MeasuredPractice } from './measured-practice.js';
import { percentiles } from './percentiles.js';

/**
 * node --import tsx bench/kill-to-end.ts [--kills 64] [--at-once 4]
 * How long the paid conversation outlives a browser that is killed with SIGKILL while its page is visible, at a random
 * moment of the heartbeat's period: until it has ended, by the simulated Tavus's ledger. All settings are the defaults.
 */
const { values } = parseArgs({
  options: { kills: { type: 'string', default: '64' }, 'at-once': { type: 'string', default: '4' } },
});
const KILLS = Number(values.kills);
/** Seconds between two heartbeats of a visible page: a third of its lease. */
const PERIOD = 15;
const WORST = 120;

const practice = await MeasuredPractice.start({});
const kills = new Map<string, number>();
let begun = 0;
await Promise.all(
  Array.from({ length: Number(values['at-once']) }, async (_, index) => {
    // Browsers that start all at once would be killed all at once.
    await sleep((index * PERIOD * 1000) / Number(values['at-once']));
    while (begun < KILLS) await practiseUntilKilled(`learner-${begun++}`);
  }),
);

const end = Date.now() + (WORST + 10) * 1000;
let ledger = await practice.ledger();
while (ledger.conversations.some(({ endedAt }) => endedAt === null) && Date.now() < end) {
  await sleep(1000);
  ledger = await practice.ledger();
}
await practice.stop();

const reasons = new Map<string, number>();
const delays = [...kills].map(([sessionId, killedAt]) => {
  const conversation = ledger.conversations.find(({ name }) => name.split('/')[2] === sessionId);
  if (!conversation?.endedAt) throw new Error(`${sessionId} is still running.`);
  reasons.set(String(conversation.reason), (reasons.get(String(conversation.reason)) ?? 0) + 1);
  return conversation.endedAt - killedAt;
});
console.log(`browser killed while visible → conversation ended: ${percentiles(delays)}`);
console.log([...reasons].map(([reason, times]) => `${times} × ${reason}`).join(', '));

async function practiseUntilKilled(learner: string): Promise<void> {
  const { browser, page } = await practice.browserOf(learner);
  const sessionId = await practice.confirm(page);
  await sleep((PERIOD + Math.random() * PERIOD) * 1000);
  if ((await page.evaluate('document.visibilityState')) !== 'visible') throw new Error('The page was hidden.');
  kills.set(sessionId, Date.now());
  await browser.kill();
}
