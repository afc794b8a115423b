import type { StoredSession } from '../../src/server/session-store.js';
import type { Profile } from './profiles.js';
import { Random } from './random.js';
import { LEARNERS, type Event, type ScheduledEvent } from './schedule.js';
import type { Deed } from './tab.js';
import { World, type Outcome } from './world.js';

/**
 * Two worlds that differ in one thing only, which must not matter. For that to mean anything nothing else may differ:
 * learners follow a plan whatever they see, every message takes the same time, and each practice has come to its end,
 * whatever happened to it, before the next one begins.
 */
export interface Pair {
  one: Outcome;
  other: Outcome;
}

const STEADY: Profile['every'] = {
  act: Infinity,
  page: Infinity,
  offline: Infinity,
  clock: Infinity,
  switch: Infinity,
  kill: Infinity,
  web: Infinity,
  tavus: Infinity,
  fault: Infinity,
  replay: Infinity,
  callbacks: Infinity,
  storage: Infinity,
  'log-out': Infinity,
};
/** Every practice may have a fault of its own. */
const WORLD: Profile = { name: 'pair', every: { ...STEADY, fault: 70 }, steady: true };

const PRACTICES = 3;
/** Seconds from one practice to the next: time limit, resume window, settle window and sweeps, one after the other. */
const SLOT = 240;
const DAY = 24 * 60 * 60 * 1000;

type Step = [second: number, deed: Deed | 'close' | 'crash' | 'hide' | 'sleep'];

/** How a practice may go on once it was confirmed, in seconds since then. */
const COURSES: readonly (readonly Step[])[] = [
  [[17, 'finish']],
  [
    [15, 'pause'],
    [22, 'resume'],
    [37, 'finish'],
  ],
  [
    [14, 'pause'],
    [25, 'finish'],
  ],
  [[12, 'close']],
  [[13, 'crash']],
  [[11, 'hide']],
  [
    [10, 'sleep'],
    [80, 'finish'],
  ],
  [[1, 'dismiss']],
  [],
];

/** I15. The same practices without any callback, and with doubled, late, shuffled and forged ones. */
export async function withAndWithoutCallbacks(seed: number): Promise<Pair> {
  const random = new Random(seed ^ 0x2545f491);
  const plan = planOf(seed);
  const end = Math.max(...plan.map(({ at }) => at));
  const noise: ScheduledEvent[] = Array.from({ length: 60 }, () => ({
    at: random.whole(0, end),
    type: 'forged-callback',
    roll: random.next(),
  }));
  const mode = random.pick(['once', 'twice', 'shuffled', 'delayed'] as const);
  return {
    one: await World.live(seed, WORLD, [{ at: 0, type: 'callbacks', mode: 'none' }, ...plan]),
    other: await World.live(seed, WORLD, inOrder([{ at: 0, type: 'callbacks', mode }, ...plan, ...noise])),
  };
}

/** I18. The same practices under right clocks, and under clocks that are days off and jump. */
export async function withRightAndWrongClocks(seed: number): Promise<Pair> {
  const random = new Random(seed ^ 0x61c88647);
  const plan = planOf(seed);
  const end = Math.max(...plan.map(({ at }) => at));
  const jumps: ScheduledEvent[] = Array.from({ length: 12 }, (_, index) => ({
    at: index < LEARNERS.length ? 0 : random.whole(0, end),
    type: 'clock',
    browser: index % LEARNERS.length,
    error: random.whole(-DAY, DAY),
  }));
  return {
    one: await World.live(seed, WORLD, plan),
    other: await World.live(seed, WORLD, inOrder([...jumps, ...plan])),
  };
}

const inOrder = (events: ScheduledEvent[]): ScheduledEvent[] => events.sort((one, other) => one.at - other.at);

/** Each learner practises some times, each time in another way, and with another misfortune at Tavus. */
function planOf(seed: number): ScheduledEvent[] {
  const random = new Random(seed);
  const events: ScheduledEvent[] = [];
  for (let practice = 0; practice < PRACTICES; practice++)
    for (const browser of LEARNERS.keys()) {
      const begin = practice * SLOT + 5 + browser * 70;
      const put = (second: number, event: Event) => events.push({ at: (begin + second) * 1000, ...event });
      put(-2, { type: 'reload', browser, tab: 0 });
      if (random.chance(0.6)) put(0, { type: 'fault', fault: misfortune(random) });
      put(0, { type: 'say', browser, tab: 0, move: 'open' });
      put(3, { type: 'say', browser, tab: 0, move: 'confirm' });
      for (const [second, deed] of random.pick(COURSES)) {
        if (deed === 'close' || deed === 'crash' || deed === 'hide') put(3 + second, { type: deed, browser, tab: 0 });
        else if (deed === 'sleep') put(3 + second, { type: deed, browser, tab: 0, length: 60_000 });
        else put(3 + second, { type: 'say', browser, tab: 0, move: deed });
      }
    }
  return inOrder(events);
}

function misfortune(random: Random) {
  const fail = random.pick(['reset', 'status', 'garbled', 'truncated'] as const);
  const call = random.pick(['create', 'create', 'end', 'get'] as const);
  return { call, fail, when: random.pick(['before', 'after'] as const), times: 1 };
}

/**
 * What has to come out the same, session by session in the order of the confirmations: whose it is, how it settled and
 * with which score, each of its conversations and whether the learner was let in, and what counts against the quota.
 * Left out are moments and lengths, which differ by when somebody looked. A conversation whose page vanished may be
 * found ended by Tavus, or by us: that reads as `interrupted` either way.
 */
export const comparable = ({ sessions }: Outcome): unknown[] =>
  [...sessions].map((session: StoredSession) => ({
    learner: session.userId,
    status: session.status,
    endReason: /^(provider|lease|left)$/.test(session.endReason ?? '') ? 'interrupted' : session.endReason,
    failure: session.failure?.code,
    score: session.accuracyScore,
    counted: session.quotaDay !== null,
    late: session.late.map(({ type }) => type),
    runs: session.runs.map((run) => ({
      state: run.state,
      wasCreated: run.conversationId !== undefined,
      wasJoined: run.handedOut ?? false,
      refusedWith: run.refusedWith,
    })),
  }));
