import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { serveSimulator } from '../../src/simulator/serve-simulator.js';
import { PracticeServer } from '../fakes/practice-server.js';
import { Random } from '../simulation/random.js';
import { auditConversations } from './conversation-audit.js';
import { auditFacts } from './fact-audit.js';
import { Journal } from './journal.js';
import { LossyProxy, type Weather } from './lossy-proxy.js';
import { DISASTERS, MortalBrowser, type Disaster, type Engine } from './mortal-browser.js';
import { RestlessLearner } from './restless-learner.js';

/**
 * npm run chaos -- [--rounds 100] [--seed S] [--browser chromium|firefox]
 * A real browser with a profile that four learners share, the real element, a real server process over a real
 * database, the simulated Tavus over HTTP, and a network that loses requests and answers. In every round the browser
 * is killed with SIGKILL, its page reloaded, its tab closed or its renderer crashed, at a random moment. Nothing that
 * a page knew to be saved may be lost or doubled. Choices follow from the seed; what time makes of them does not. Time
 * is scaled: leases last 4 s where they last 45, so 120 s of the real rules are 12 s here.
 *
 * A fact counts as saved from the moment a page finds it committed in IndexedDB over a connection of its own, and as
 * acknowledged by the backend when `practice-sync` says that none is pending. A killed process loses nothing that was
 * committed, durable or not; losing power is not tried.
 */
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '100' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    browser: { type: 'string', default: 'chromium' },
  },
});
const ROUNDS = Number(values.rounds);
const SEED = Number(values.seed);
const ENGINE = values.browser as Engine;
const LEARNERS = ['ada', 'ben', 'chloe', 'dora'];
const COURSES = LEARNERS.flatMap((learner) =>
  Array.from({ length: 40 }, (_, index) => ({ id: `${learner}-${index}`, title: learner, palId: 'p', ttl: 300 })),
);
const WEATHERS: readonly Weather[] = ['fair', 'fair', 'fair', 'stormy', 'stormy', 'cut', 'deaf', 'slow'];
/** Seconds a conversation may outlive its learner's last sign of life; 120 at full scale. */
const LONGEST = 12;
/** Milliseconds in which all that waits has to leave once nothing fails any more. */
const CALM = 60_000;

const random = new Random(SEED);
const folder = await mkdtemp(join(tmpdir(), 'tavus-practice-chaos-'));
const tavus = await serveSimulator({ apiKey: 'chaos', plan: { concurrency: 1000 } });
const server = new PracticeServer({
  PRACTICE_LEASE_SECONDS: 'visible=4,hidden=8,leave=2',
  PRACTICE_SWEEP_SECONDS: '1',
  PRACTICE_SETTLE_SECONDS: '2',
  PRACTICE_DAILY_LIMITS: 'free=100000,premium=100000',
  PRACTICE_RATE_LIMIT: '0',
  PRACTICE_COURSES: JSON.stringify(COURSES),
  PRACTICE_FRAME_ORIGINS: tavus.url,
  TAVUS_API_KEY: 'chaos',
  TAVUS_API_URL: tavus.url,
  DATABASE_URL: `sqlite:${folder}/practice.db`,
});
await server.start();
process.once('exit', () => void server.kill());
const journal = new Journal();
const proxy = new LossyProxy(server.url, new Random(SEED + 1), journal.take);
const site = await proxy.listen();
const browser = new MortalBrowser(ENGINE, join(folder, 'profile'));
const complaints: string[] = [];
const suffered = new Map<Disaster, number>();
let learner = random.pick(LEARNERS);
let switches = 0;

const began = Date.now();
for (let round = 1; round <= ROUNDS; round++) {
  if (random.chance(0.4)) learner = random.pick(LEARNERS);
  const page = await browser.open(site, learner);
  const restless = new RestlessLearner(page, new Random(SEED + 1000 * round), LEARNERS);
  const over = new AbortController();
  proxy.weather = random.pick(WEATHERS);
  void restless.practise(over.signal).catch((cause: unknown) => complaints.push(String(cause)));
  await sleep(random.whole(20, 2500));
  proxy.weather = random.pick(WEATHERS);
  await sleep(random.whole(0, 1500));
  const disaster = random.pick(DISASTERS[ENGINE]);
  over.abort();
  await browser.suffer(disaster);
  switches += restless.switches;
  suffered.set(disaster, (suffered.get(disaster) ?? 0) + 1);
  if (round % 20 === 0) console.log(`${round} rounds, ${journal.saved.size} facts saved`);
}

proxy.weather = 'fair';
for (const each of LEARNERS) {
  const page = await browser.open(site, each);
  const waits = () => page.evaluate('host.waiting()') as Promise<number>;
  for (const until = Date.now() + CALM; (await waits()) > 0 && Date.now() < until;) await sleep(200);
  if ((await waits()) > 0) complaints.push(`${await waits()} facts of ${each} are still waiting`);
}
await browser.kill();
await sleep((LONGEST + 3) * 1000);
await server.stop();

const bought = auditConversations(tavus.simulator.ledger, (sessionId) => proxy.lastSign(sessionId), LONGEST);
const audit = await auditFacts(`${folder}/practice.db`, journal, LEARNERS);
complaints.push(...proxy.complaints, ...bought.complaints, ...audit.complaints);
await proxy.close();
await tavus.close();

const happened = [...suffered].map(([disaster, times]) => `${times} × ${disaster}`).join(', ');
console.log(complaints.slice(0, 40).join('\n'));
console.log(
  `${ENGINE}, seed ${SEED}: ${ROUNDS} rounds (${happened}; ${switches} learners changed in the page) in ` +
    `${((Date.now() - began) / 1000).toFixed(0)} s: ${journal.saved.size} facts known to be saved, ${audit.applied} applied ` +
    `of ${audit.writers} writers, ${audit.lost} lost, ${audit.doubled} doubled; ${bought.creates} creates, ${bought.conversations} conversations; ` +
    `longest after the last sign of life ${bought.longest.toFixed(1)} s of ${LONGEST}; ${complaints.length} complaints`,
);
await rm(folder, { recursive: true });
process.exitCode = complaints.length ? 1 : 0;
