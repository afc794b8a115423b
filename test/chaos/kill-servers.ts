import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { serveSimulator } from '../../src/simulator/serve-simulator.js';
import { PracticeServer } from '../fakes/practice-server.js';
import { auditConversations } from './conversation-audit.js';
import { LearnerLoop } from './learner-loop.js';

/**
 * npm run chaos -- [--rounds 200]
 * Two real server processes over one real database and a simulated Tavus over HTTP. Learners practise without a pause;
 * every round one server is killed with SIGKILL at a random moment and started again. Time is scaled: leases last 2 s
 * where they last 45, so 120 s of the real rules are 6 s here.
 */
const { values } = parseArgs({ options: { rounds: { type: 'string', default: '200' } } });
const ROUNDS = Number(values.rounds);
const LEARNERS = 8;
const SERVERS = 2;
const SETTINGS = {
  PRACTICE_LEASE_SECONDS: 'visible=2,hidden=4,leave=1',
  PRACTICE_SWEEP_SECONDS: '1',
  PRACTICE_SETTLE_SECONDS: '2',
  TAVUS_TIMEOUT_SECONDS: '2',
  PRACTICE_DAILY_LIMITS: 'free=100000',
  PRACTICE_RATE_LIMIT: '0',
  TAVUS_API_KEY: 'chaos',
};
/** Seconds a conversation may outlive its learner's last sign of life; 120 at full scale. */
const LONGEST = 6;

const folder = await mkdtemp(join(tmpdir(), 'tavus-practice-chaos-'));
const tavus = await serveSimulator({ apiKey: 'chaos', plan: { concurrency: 1000 } });
const servers = Array.from(
  { length: SERVERS },
  () =>
    new PracticeServer({
      ...SETTINGS,
      DATABASE_URL: `sqlite:${folder}/practice.db`,
      TAVUS_API_URL: tavus.url,
      PRACTICE_FRAME_ORIGINS: tavus.url,
    }),
);
await Promise.all(servers.map((server) => server.start()));
const ports = servers.map(({ url }) => Number(new URL(url).port));
const learners = Array.from(
  { length: LEARNERS },
  (_, index) => new LearnerLoop(`learner-${index}`, ports, LONGEST / 3),
);
const practising = Promise.all(learners.map((learner) => learner.run()));

const began = Date.now();
for (let round = 1; round <= ROUNDS; round++) {
  await sleep(Math.random() * 1200);
  const victim = servers[round % SERVERS] as PracticeServer;
  await victim.kill();
  await sleep(Math.random() * 300);
  await victim.start();
  if (round % 50 === 0) console.log(`${round} kills, ${tavus.simulator.ledger.conversations.length} conversations`);
}
for (const learner of learners) learner.stop();
await practising;
await sleep((LONGEST + 4) * 1000);

const lastSign = (sessionId: string) => Math.max(...learners.map((learner) => learner.lastSign(sessionId)));
const bought = auditConversations(tavus.simulator.ledger, lastSign, LONGEST);
const complaints = [...learners.flatMap((learner) => learner.complaints), ...bought.complaints];
for (const server of servers) await server.kill();
await tavus.close();
await rm(folder, { recursive: true });

const facts = learners.reduce((sum, learner) => sum + learner.acknowledged, 0);
console.log(complaints.join('\n'));
console.log(
  `${ROUNDS} kills in ${((Date.now() - began) / 1000).toFixed(0)} s: ${bought.creates} creates, ${bought.conversations} conversations, ` +
    `${facts} facts acknowledged; longest after the last sign of life ${bought.longest.toFixed(1)} s of ${LONGEST}; ${complaints.length} complaints`,
);
process.exitCode = complaints.length ? 1 : 0;
