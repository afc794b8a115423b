/** What kind of world is simulated. `every`: mean seconds between two events of a kind; Infinity for never. */
export interface Profile {
  name: string;
  every: Record<
    'act' | 'page' | 'offline' | 'clock' | 'switch' | 'kill' | 'web' | 'tavus' | 'fault' | 'replay' | 'callbacks',
    number
  >;
  /** Settings of the backend that differ. */
  settings?: Record<string, string>;
  /** Seconds of conversation in the course. */
  ttl?: number;
  /** The sweeper runs. */
  sweeping?: boolean;
  /** Tavus ends conversations by itself, as it was asked to. */
  tavusTimeouts?: boolean;
  /** What pages say about ending gets through. */
  browserEnds?: boolean;
}

const EVERYTHING: Profile['every'] = {
  act: 4,
  page: 40,
  offline: 120,
  clock: 150,
  switch: 300,
  kill: 60,
  web: 60,
  tavus: 60,
  fault: 30,
  replay: 60,
  callbacks: 120,
};

const CALM: Profile['every'] = {
  act: 4,
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
};

/** The worlds that are looked at, each about something of its own. */
export const PROFILES: readonly Profile[] = [
  { name: 'everything', every: EVERYTHING },
  { name: 'tavus-timeouts-off', every: EVERYTHING, tavusTimeouts: false },
  { name: 'sweeper-off', every: EVERYTHING, sweeping: false },
  { name: 'browser-end-off', every: EVERYTHING, browserEnds: false },
  { name: 'short-ttl', every: { ...EVERYTHING, act: 3 }, ttl: 15 },
  { name: 'webhooks', every: { ...EVERYTHING, callbacks: 8 } },
  { name: 'lost-creates', every: { ...CALM, act: 3, fault: 6, kill: 45, tavus: 30 } },
  { name: 'leases', every: { ...CALM, page: 12, offline: 40, web: 90 } },
  {
    name: 'replays',
    every: { ...CALM, act: 3, replay: 3, web: 30 },
    settings: { PRACTICE_DAILY_LIMITS: 'free=2,premium=2' },
  },
  { name: 'crowded', every: { ...CALM, act: 2, web: 40 }, settings: { PRACTICE_RATE_LIMIT: '12' } },
  { name: 'shared-computer', every: { ...CALM, switch: 30, page: 30, offline: 60 } },
];
