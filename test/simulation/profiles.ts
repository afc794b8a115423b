/** What happens in a storm, each kind by itself. */
export type Trouble =
  | 'act'
  | 'page'
  | 'offline'
  | 'clock'
  | 'switch'
  | 'kill'
  | 'web'
  | 'tavus'
  | 'fault'
  | 'replay'
  | 'callbacks'
  | 'storage'
  | 'log-out';

/** What kind of world is simulated. `every`: mean seconds between two events of a kind; Infinity for never. */
export interface Profile {
  name: string;
  every: Record<Trouble, number>;
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
  /** Pages of a browser can talk to each other. Without that nothing keeps them out of each other's way. */
  channels?: boolean;
  /** Nothing is left to chance: every message takes the same time. */
  steady?: boolean;
  /** How often it is the second tab in which something happens, 0–1. */
  secondTab?: number;
}

const EVERYTHING: Profile['every'] = {
  act: 3,
  page: 25,
  offline: 90,
  clock: 100,
  switch: 200,
  kill: 45,
  web: 45,
  tavus: 45,
  fault: 20,
  replay: 45,
  callbacks: 80,
  storage: 120,
  'log-out': 300,
};

const CALM: Profile['every'] = {
  act: 3,
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

/** The worlds that are looked at, each about something of its own. */
export const PROFILES: readonly Profile[] = [
  { name: 'everything', every: EVERYTHING },
  { name: 'tavus-timeouts-off', every: EVERYTHING, tavusTimeouts: false },
  { name: 'sweeper-off', every: EVERYTHING, sweeping: false },
  { name: 'browser-end-off', every: EVERYTHING, browserEnds: false },
  { name: 'locks-off', every: { ...EVERYTHING, act: 2, page: 12 }, channels: false, secondTab: 0.5 },
  { name: 'short-ttl', every: { ...EVERYTHING, act: 3 }, ttl: 15 },
  { name: 'storage', every: { ...CALM, storage: 8, page: 15, switch: 60, 'log-out': 40, web: 40 }, secondTab: 0.4 },
  { name: 'webhooks', every: { ...EVERYTHING, callbacks: 6 } },
  { name: 'server-alone', every: EVERYTHING, tavusTimeouts: false, browserEnds: false },
  { name: 'tavus-alone', every: EVERYTHING, sweeping: false, browserEnds: false },
  { name: 'browser-alone', every: CALM, sweeping: false, tavusTimeouts: false },
  { name: 'lost-creates', every: { ...CALM, fault: 5, kill: 40, tavus: 25 } },
  { name: 'slow-creates', every: { ...CALM, act: 1.5, fault: 3 }, channels: false, secondTab: 0.5 },
  { name: 'leases', every: { ...CALM, page: 10, offline: 30, web: 60 } },
  {
    name: 'replays',
    every: { ...CALM, act: 2, replay: 3, web: 30, fault: 8 },
    settings: { PRACTICE_DAILY_LIMITS: 'free=2,premium=2' },
  },
  { name: 'crowded', every: { ...CALM, act: 1.5, web: 40, offline: 15 }, settings: { PRACTICE_RATE_LIMIT: '12' } },
  { name: 'shared-computer', every: { ...CALM, switch: 20, page: 20, offline: 40, 'log-out': 60 } },
];
