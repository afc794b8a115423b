import type { Fault } from '../../src/simulator/faults.js';
import type { StorageFault } from '../fakes/virtual-indexed-db.js';
import type { DeliveryMode } from '../../src/simulator/callbacks.js';
import type { Profile } from './profiles.js';
import { Random } from './random.js';
import type { Deed } from './tab.js';
import type { TavusWeather } from './tavus-link.js';
import type { Trick, WebWeather } from './web-link.js';

/** Something that happens in a world. `browser`, `tab` and `server` count from 0; lengths are ms. */
export type Event =
  | { type: 'act'; browser: number; tab: number; roll: number }
  | { type: 'say'; browser: number; tab: number; move: Deed }
  | { type: 'log-out'; browser: number; tab: number }
  | { type: 'die-in-transaction'; browser: number; tab: number; when: 'before-commit' | 'after-commit' }
  | { type: 'storage'; browser: number; fault: StorageFault; length: number }
  | { type: 'evict' | 'break-storage'; browser: number }
  | { type: 'reload' | 'crash' | 'close' | 'hide' | 'show'; browser: number; tab: number }
  | { type: 'sleep' | 'back-and-forth'; browser: number; tab: number; length: number }
  | { type: 'offline'; browser: number; length: number }
  | { type: 'clock'; browser: number; error: number }
  | { type: 'switch'; browser: number; learner: string }
  | { type: 'kill'; server: number; length: number }
  | { type: 'web'; weather: Partial<WebWeather>; length: number }
  | { type: 'tavus'; weather: Partial<TavusWeather>; length: number }
  | { type: 'fault'; fault: Fault }
  | { type: 'replay'; roll: number; trick: Trick }
  | { type: 'callbacks'; mode: DeliveryMode }
  | { type: 'forged-callback'; roll: number };

/** `at`: ms since the world began. */
export type ScheduledEvent = Event & { at: number };

export const LEARNERS = ['ada', 'ben'] as const;
const BROWSERS = LEARNERS.length;
const TABS = 2;
const SERVERS = 2;
const DAY = 24 * 60 * 60 * 1000;

/** What happens in the world of a seed while things go wrong. The same seed and profile give the same. */
export function scheduleOf(seed: number, profile: Profile): ScheduledEvent[] {
  const random = new Random(seed);
  const length = random.whole(40, 140) * 1000;
  const events: ScheduledEvent[] = [];
  const sprinkle = (every: number, make: () => Event): void => {
    if (every === Infinity) return;
    for (let at = random.whole(0, every * 2000); at < length; at += random.whole(1, every * 2000))
      events.push({ at, ...make() });
  };
  const place = () => ({
    browser: random.whole(0, BROWSERS - 1),
    tab: random.chance(profile.secondTab ?? 0.12) ? TABS - 1 : 0,
  });
  const often = profile.every;

  sprinkle(often.act, () => ({ type: 'act', ...place(), roll: random.next() }));
  // Both pages of a browser at once: what one transaction has to keep apart.
  if (profile.secondTab !== undefined)
    for (const event of [...events])
      if (event.type === 'act' && random.chance(0.3))
        events.push({ ...event, tab: 1 - event.tab, at: event.at + random.whole(0, 9) });
  sprinkle(often.page, () => {
    const type = random.pick(['reload', 'crash', 'close', 'hide', 'show', 'show', 'sleep', 'back-and-forth'] as const);
    if (type === 'sleep' || type === 'back-and-forth') return { type, ...place(), length: random.whole(1, 200) * 1000 };
    return { type, ...place() };
  });
  sprinkle(often.offline, () => ({ type: 'offline', browser: place().browser, length: random.whole(1, 120) * 1000 }));
  sprinkle(often.clock, () => ({ type: 'clock', browser: place().browser, error: random.whole(-DAY, DAY) }));
  sprinkle(often.switch, () => ({ type: 'switch', browser: place().browser, learner: random.pick(LEARNERS) }));
  sprinkle(often.kill, () => ({
    type: 'kill',
    server: random.whole(0, SERVERS - 1),
    length: random.whole(1, 40) * 1000,
  }));
  sprinkle(often.web, () => ({
    type: 'web',
    weather: {
      lostOut: random.next() * 0.5,
      lostBack: random.next() * 0.5,
      doubled: random.next() * 0.3,
      proxyError: random.next() * 0.2,
      slowest: random.pick([50, 500, 5000]),
    },
    length: random.whole(5, 60) * 1000,
  }));
  sprinkle(often.tavus, () => ({
    type: 'tavus',
    weather: {
      refused: random.next() * 0.3,
      lostOut: random.next() * 0.3,
      lostBack: random.next() * 0.3,
      silent: random.next() * 0.2,
    },
    length: random.whole(5, 60) * 1000,
  }));
  sprinkle(often.fault, () => ({ type: 'fault', fault: faultOf(random) }));
  sprinkle(often.replay, () => ({
    type: 'replay',
    roll: random.next(),
    trick: random.pick([
      'again',
      'again',
      'new-id',
      'new-id',
      'as-stranger',
      'read-as-stranger',
      'tell-as-stranger',
      'skip-ahead',
    ] as const),
  }));
  sprinkle(often.callbacks, () =>
    random.chance(0.5)
      ? { type: 'callbacks', mode: random.pick(['once', 'twice', 'shuffled', 'delayed', 'none'] as const) }
      : { type: 'forged-callback', roll: random.next() },
  );
  sprinkle(often.storage, () => storageTrouble(random, place()));
  sprinkle(often['log-out'], () => ({ type: 'log-out', ...place() }));
  return events.sort((a, b) => a.at - b.at);
}

function storageTrouble(random: Random, place: { browser: number; tab: number }): Event {
  const type = random.pick([
    'storage',
    'storage',
    'evict',
    'break-storage',
    'die-in-transaction',
    'die-in-transaction',
  ] as const);
  const { browser } = place;
  switch (type) {
    case 'storage': {
      const fault = random.pick(['refuses', 'hangs', 'full', 'forbidden'] as const);
      return { type, browser, fault, length: random.whole(1, 30) * 1000 };
    }
    case 'die-in-transaction':
      return { type, ...place, when: random.pick(['before-commit', 'after-commit'] as const) };
    default:
      return { type, browser };
  }
}

function faultOf(random: Random): Fault {
  const call = random.pick(['create', 'create', 'create', 'end', 'get', 'list'] as const);
  const fail = random.pick([
    undefined,
    undefined,
    undefined,
    'status',
    'status',
    'reset',
    'garbled',
    'truncated',
    'nonsense',
    'concurrency',
    'credits',
    'rate_limited',
    'unauthorized',
  ] as const);
  // Refusals that say "not created" would be lies after creating: nobody is known to tell them.
  const honest = fail === undefined || ['status', 'reset', 'garbled', 'truncated', 'nonsense'].includes(fail);
  return {
    call,
    fail,
    ...(fail === 'status' && { status: random.pick([500, 502, 503, 504]) }),
    when: honest && random.chance(0.6) ? 'after' : 'before',
    ...(random.chance(0.5) && { delay: random.whole(0, 25_000) }),
    times: random.chance(0.8) ? 1 : random.whole(2, 4),
  };
}
