import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { MeasuredPractice } from './measured-practice.js';
import { percentiles } from './percentiles.js';

/**
 * node --import tsx bench/finish-to-end.ts [--finishes 200] [--learners 2]
 * How long the paid conversation outlives the press on Finish: from the click as the browser saw it to the request
 * `/end` as the simulated Tavus received it, by the same machine's clock.
 */
const { values } = parseArgs({
  options: { finishes: { type: 'string', default: '200' }, learners: { type: 'string', default: '2' } },
});
const LEARNERS = Number(values.learners);
/** Until the view of the conversation stands still, and the press meets the button it is meant for. */
const READING_MILLISECONDS = 300;
const EACH = Math.ceil(Number(values.finishes) / LEARNERS);

const practice = await MeasuredPractice.start({ PRACTICE_DAILY_LIMITS: 'free=100000', PRACTICE_RATE_LIMIT: '0' });
const clicks = new Map<string, number>();
await Promise.all(Array.from({ length: LEARNERS }, (_, index) => finishAgainAndAgain(`learner-${index}`)));

const { conversations, calls } = await practice.ledger();
await practice.stop();
const delays = [...clicks].map(([sessionId, clickedAt]) => {
  const conversation = conversations.find(({ name }) => name.split('/')[2] === sessionId);
  const end = calls.find(({ call, path }) => call === 'end' && path.includes(`/${conversation?.id}/`));
  if (!end) throw new Error(`Nobody ended ${sessionId}.`);
  return end.at - clickedAt;
});
console.log(`finish → Tavus /end called: ${percentiles(delays)}`);

async function finishAgainAndAgain(learner: string): Promise<void> {
  const { browser, page } = await practice.browserOf(learner);
  await page.evaluate(
    `addEventListener('click', ({ timeStamp }) => { globalThis.clickedAt = performance.timeOrigin + timeStamp; }, true)`,
  );
  for (let finish = 1; finish <= EACH; finish++) {
    const sessionId = await practice.confirm(page);
    await sleep(READING_MILLISECONDS + Math.random() * 500);
    await practice.press(page, 'finish-button');
    clicks.set(sessionId, (await page.evaluate('clickedAt')) as number);
    await page.waitForSelector('tavus-practice[state=completed]');
    await page.evaluate(`document.querySelector('tavus-practice').close()`);
  }
  await browser.kill();
}
