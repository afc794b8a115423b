import { createHash } from 'node:crypto';
import { openSqliteStore, readSettings, type SessionStore } from '../../src/server/index.js';
import type { StoredFact, StoredSession } from '../../src/server/session-store.js';
import type { LedgerEntry } from '../../src/simulator/ledger.js';
import { TavusSimulator } from '../../src/simulator/tavus-simulator.js';
import { Browser } from './browser.js';
import type { Profile } from './profiles.js';
import { Random } from './random.js';
import { LEARNERS, type ScheduledEvent } from './schedule.js';
import { ServerProcess } from './server-process.js';
import { FAIR_WEATHER, TavusLink } from './tavus-link.js';
import { VirtualTime } from './virtual-time.js';
import { FAIR_WEB, WebLink } from './web-link.js';
import { CANARY_KEY, Violation, Witness } from './witness.js';

/** What became of a world. The same seed, profile and schedule give the same hash. */
export interface Outcome {
  violation: Violation | null;
  hash: string;
  /** One line per thing that happened, oldest first. */
  trace: string[];
  /** Moments lived through. */
  steps: number;
  conversations: number;
  paidSeconds: number;
}

const ROOMS = 'http://localhost:8788';
const TIMEOUT = 15;
const LONGEST_LEASE = 150_000;
const SWEEP = 10_000;
/** Milliseconds of good weather after which nothing may be left over: longer than every lease and time limit. */
const CALM = 300_000;

/** Two browsers with two tabs each, two servers over one database, and Tavus, in one process and one time. */
export class World {
  readonly #profile: Profile;
  readonly #time: VirtualTime;
  readonly #random: Random;
  readonly #witness: Witness;
  readonly #trace: string[] = [];
  readonly #hash = createHash('sha256');
  readonly #tavus: TavusSimulator;
  readonly #link: TavusLink;
  readonly #servers: ServerProcess[];
  readonly #web: WebLink;
  readonly #browsers: Browser[];
  /** Conversations at Tavus, with the moment they were first seen. */
  readonly #running = new Map<string, number>();
  readonly #over = new Set<string>();
  readonly #callbacks: string[] = [];
  #failure: unknown = null;

  private constructor(seed: number, profile: Profile, store: SessionStore) {
    this.#profile = profile;
    // Some worlds live through midnight, where quotas begin anew.
    const random = (this.#random = new Random(seed ^ 0x5bd1e995));
    const time = (this.#time = new VirtualTime(Date.parse('2026-11-22T23:50:00.000Z') + random.whole(0, 3_600_000)));
    this.#witness = new Witness(time, TIMEOUT);
    let ids = 0;
    this.#tavus = new TavusSimulator({
      now: () => time.now,
      random: () => random.next(),
      schedule: (at, run) => time.at(at, run),
      newId: () => (++ids).toString(36).padStart(6, '0'),
      deliver: (url) => this.#callBack(url),
      publicUrl: ROOMS,
      apiKey: CANARY_KEY,
    });
    this.#link = new TavusLink(time, random, { handle: (request) => this.#atTavus(request) });
    const { ttl = 60, sweeping = true, settings = {} } = profile;
    const course = { id: 'quick', title: 'Quick', palId: 'p', ttl, extension: { seconds: 15, times: 1 } };
    const backend = readSettings({
      TAVUS_API_KEY: CANARY_KEY,
      TAVUS_TIMEOUT_SECONDS: String(TIMEOUT),
      PRACTICE_COURSES: JSON.stringify([course]),
      PRACTICE_DAILY_LIMITS: 'free=8,premium=8',
      PRACTICE_FRAME_ORIGINS: ROOMS,
      PRACTICE_RESUME_SECONDS: '60',
      PRACTICE_OFFER_SECONDS: '90',
      PRACTICE_SWEEP_SECONDS: String(SWEEP / 1000),
      PRACTICE_RATE_LIMIT: '0',
      ...settings,
    });
    this.#servers = ['server 1', 'server 2'].map(
      (name) =>
        new ServerProcess(name, {
          time,
          random,
          settings: backend,
          store: this.#watched(store),
          fetch: this.#link.fetch,
          sweeping,
          log: (entry) => this.#note(JSON.stringify(entry)),
        }),
    );
    this.#web = new WebLink(time, random, this.#servers, {
      arrived: (exchange) => this.#guard(() => this.#witness.arrived(exchange)),
      answered: (exchange) => {
        const { learner, method, path, body, status } = exchange;
        this.#note(`${learner} ${method} ${path} ${body.slice(0, 300)} → ${status}`);
        this.#guard(() => this.#witness.answered(exchange));
      },
    });
    this.#browsers = LEARNERS.map(
      (learner) =>
        new Browser(time, random, this.#web, learner, {
          confirmed: (...said) => this.#guard(() => this.#witness.confirmed(...said)),
          announced: (tab, announcement) => {
            this.#note(`${tab.learner} hears ${announcement.type}`);
            const outcome = /^practice-(completed|abandoned|expired|paused)$/.exec(announcement.type)?.[1];
            if (outcome && outcome !== 'paused' && 'session' in announcement && announcement.session)
              this.#guard(() => this.#witness.told(announcement.session?.id ?? '', outcome));
          },
          sending: (tab, exchange) => this.#guard(() => this.#witness.sending(exchange, tab)),
          askedToWait: (tab, exchange, seconds) => this.#witness.askedToWait(exchange, tab, seconds),
          endsReach: profile.browserEnds ?? true,
          askRoom: async (url, body) => {
            const response = await this.#tavus.handle(new Request(url, { method: 'POST', body: JSON.stringify(body) }));
            return (await response.json()) as { participant?: string };
          },
        }),
    );
  }

  /** Lives through a schedule and the calm after it. Never rejects for a violation. */
  static async live(seed: number, profile: Profile, schedule: readonly ScheduledEvent[]): Promise<Outcome> {
    const store = await openSqliteStore(':memory:');
    const world = new World(seed, profile, store);
    let violation: Violation | null = null;
    try {
      await world.#live(schedule);
    } catch (cause) {
      violation =
        cause instanceof Violation
          ? cause
          : new Violation('crash', cause instanceof Error ? String(cause.stack) : String(cause));
    }
    const { conversations, paidSeconds } = world.#tavus.ledger;
    for (const server of world.#servers) server.kill();
    await store.close();
    const hash = world.#hash.digest('hex').slice(0, 16);
    return {
      violation,
      hash,
      trace: world.#trace,
      steps: world.#time.steps,
      conversations: conversations.length,
      paidSeconds,
    };
  }

  async #live(schedule: readonly ScheduledEvent[]): Promise<void> {
    const began = this.#time.now;
    for (const server of this.#servers) server.start();
    for (const browser of this.#browsers) browser.load(0);
    const end = Math.max(0, ...schedule.map(({ at }) => at)) + 1000;
    for (const event of schedule) this.#time.at(began + event.at, () => this.#happen(event));
    await this.#pass(began + end);
    await this.#calmDown();
  }

  async #calmDown(): Promise<void> {
    this.#note('calm');
    this.#web.weather = FAIR_WEB;
    this.#link.weather = FAIR_WEATHER;
    this.#tavus.setConditions({ faults: [], callbacks: 'once' });
    for (const server of this.#servers) server.start();
    for (const browser of this.#browsers) {
      browser.setOnline(true);
      for (const tab of browser.tabs) tab?.show();
    }
    const calm = this.#time.now;
    await this.#pass(calm + CALM);
    this.#checkOrphans();
    this.#checkCost(calm);
    this.#checkLiveness();
    this.#checkQuota();
    const awake = this.#browsers.flatMap(({ tabs }) => tabs.filter((tab) => tab.alive));
    const everything = this.#profile.browserEnds !== false;
    this.#witness.checkFacts((learner) => !everything || !awake.some((tab) => tab.learner === learner));
  }

  async #pass(until: number): Promise<void> {
    await this.#time.passUntil(until, () => {
      if (this.#failure) throw this.#failure;
    });
  }

  #happen(event: ScheduledEvent): void {
    this.#note(JSON.stringify(event));
    const { time } = { time: this.#time };
    switch (event.type) {
      case 'act':
        return this.#guard(() => this.#tab(event)?.act(event.roll));
      case 'reload':
        return this.#browsers[event.browser]?.load(event.tab);
      case 'sleep':
        return this.#tab(event)?.sleep(event.length);
      case 'back-and-forth':
        return this.#tab(event)?.goBackAndForth(event.length);
      case 'crash':
      case 'close':
      case 'hide':
      case 'show':
        return this.#tab(event)?.[event.type]();
      case 'offline': {
        const browser = this.#browsers[event.browser];
        browser?.setOnline(false);
        time.after(event.length, () => browser?.setOnline(true));
        return;
      }
      case 'clock': {
        const browser = this.#browsers[event.browser];
        if (browser) browser.clockError = event.error;
        return;
      }
      case 'switch':
        return this.#browsers[event.browser]?.switchTo(event.learner);
      case 'kill': {
        const server = this.#servers[event.server];
        server?.kill();
        time.after(event.length, () => server?.start());
        return;
      }
      case 'web':
        this.#web.weather = { ...FAIR_WEB, ...event.weather };
        time.after(event.length, () => (this.#web.weather = FAIR_WEB));
        return;
      case 'tavus':
        this.#link.weather = { ...FAIR_WEATHER, ...event.weather };
        time.after(event.length, () => (this.#link.weather = FAIR_WEATHER));
        return;
      case 'fault':
        return this.#tavus.setConditions({ faults: [...(this.#tavus.conditions.faults ?? []), event.fault] });
      case 'replay':
        return this.#web.replay(event.roll, event.newId ? this.#random.uuid() : null);
      case 'callbacks':
        return this.#tavus.setConditions({ callbacks: event.mode });
      case 'forged-callback': {
        const url =
          this.#callbacks[Math.floor(event.roll * this.#callbacks.length)] ??
          `${ROOMS}/webhooks/tavus/nonsense.nonsense`;
        return void this.#callBack(url).catch(() => undefined);
      }
    }
  }

  #tab({ browser, tab }: { browser: number; tab: number }) {
    const there = this.#browsers[browser];
    if (!there) return undefined;
    if (!there.tabs[tab]?.alive) there.load(tab);
    return there.tabs[tab];
  }

  /** Everything that reaches Tavus, with the witness looking on. */
  async #atTavus(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    const create = request.method === 'POST' && pathname === '/v2/conversations';
    const endless = create && this.#profile.tavusTimeouts === false;
    try {
      return await this.#tavus.handle(endless ? await withoutTimeouts(request) : request);
    } finally {
      for (const conversation of this.#tavus.ledger.conversations) this.#compare(conversation);
    }
  }

  #compare(conversation: LedgerEntry): void {
    const { id, endedAt, reason } = conversation;
    if (!this.#running.has(id) && !this.#over.has(id)) {
      this.#note(`created ${id}`);
      this.#running.set(id, this.#time.now);
      if (conversation.terms.callback_url) this.#callbacks.push(conversation.terms.callback_url);
      this.#guard(() => this.#witness.created(conversation, this.#profile.tavusTimeouts === false));
    }
    const startedAt = this.#running.get(id);
    if (endedAt === null || startedAt === undefined) return;
    this.#note(`ended ${id}: ${reason}`);
    this.#running.delete(id);
    this.#over.add(id);
    if (reason === 'end_conversation_endpoint_hit') this.#guard(() => this.#witness.ended(conversation, startedAt));
  }

  async #callBack(url: string): Promise<void> {
    const up = this.#servers.filter((server) => server.alive);
    if (!up.length) return;
    await this.#random.pick(up).handle(new Request(url, { method: 'POST', body: '{}' }));
  }

  /** The shared store, with the witness told of every commit. */
  #watched(store: SessionStore): SessionStore {
    return {
      ...store,
      transaction: async (work) => {
        let saved: StoredSession[] = [];
        let facts: StoredFact[] = [];
        const result = await store.transaction((transaction) => {
          saved = [];
          facts = [];
          return work({
            ...transaction,
            appendFacts: (userId, writer, added) => {
              facts.push(...added);
              return transaction.appendFacts(userId, writer, added);
            },
            saveSession: (session) => {
              saved.push(session);
              return transaction.saveSession(session);
            },
          });
        });
        for (const session of new Set(saved)) this.#guard(() => this.#witness.saved(structuredClone(session)));
        this.#guard(() => this.#witness.appended(facts));
        return result;
      },
    };
  }

  /** I3 and I6: nobody talks twice at once, and nothing runs that no session knows of. */
  #checkOrphans(): void {
    const { conversations } = this.#tavus.ledger;
    for (const { id, endedAt } of conversations) {
      const known = [...this.#witness.sessions.values()].some(({ runs }) =>
        runs.some((run) => run.conversationId === id && run.state === 'active'),
      );
      if (endedAt === null && !known) throw new Violation('I6', `conversation ${id} runs and nobody knows`);
    }
    const ownerOf = (name: string) => this.#witness.sessions.get(name.split('/')[2] ?? '')?.userId;
    for (const [index, one] of conversations.entries())
      for (const other of conversations.slice(index + 1))
        if (ownerOf(one.name) === ownerOf(other.name) && other.createdAt < (one.endedAt ?? Infinity))
          throw new Violation('I3', `${ownerOf(one.name)} had ${one.id} and ${other.id} at once`);
  }

  /** I4: whatever went wrong, each conversation ended when the layers that were on had to end it. */
  #checkCost(calm: number): void {
    for (const { id, name, createdAt, endedAt, terms } of this.#tavus.ledger.conversations) {
      const over = endedAt ?? this.#time.now;
      const cap = createdAt + terms.max_call_duration * 1000;
      if (over > cap) throw new Violation('I4', `conversation ${id} outlived its cap`);
      if (this.#profile.sweeping === false) continue;
      const sign = Math.max(createdAt, calm, this.#witness.lastSign(name.split('/')[2] ?? ''));
      const sessionId = name.split('/')[2] ?? '';
      const { kill, tavus, fault } = this.#profile.every;
      // Where only browsers and their network fail, the end is as near as the contract says.
      const undisturbed = Math.min(kill, tavus, fault) === Infinity && this.#profile.tavusTimeouts !== false;
      const bound = undisturbed
        ? this.#witness.leaseEnd(sessionId, createdAt) + SWEEP + 3_000
        : sign + LONGEST_LEASE + SWEEP + 40_000;
      if (over > bound)
        throw new Violation(
          'I4',
          `conversation ${id} lived ${Math.round((over - bound) / 1000)} s beyond its last lease`,
        );
    }
  }

  /** I20: after the storm nothing hangs, on neither side. */
  #checkLiveness(): void {
    if (this.#profile.sweeping !== false)
      for (const { id, status, runs } of this.#witness.sessions.values()) {
        const stuck = runs.find(({ state }) => ['creating', 'unknown', 'ending', 'active'].includes(state));
        if (stuck) throw new Violation('I20', `session ${id} (${status}) has a run that is still ${stuck.state}`);
        if (!['completed', 'abandoned', 'failed', 'expired'].includes(status))
          throw new Violation('I20', `session ${id} is still ${status}`);
      }
    for (const browser of this.#browsers)
      for (const tab of browser.tabs) {
        if (!tab?.alive || this.#profile.browserEnds === false) continue;
        if (tab.pending) throw new Violation('I20', `${tab.learner} still has ${tab.pending} facts`);
        const { phase, loading } = tab.state;
        if (phase === 'starting' || phase === 'ending' || phase === 'live' || loading)
          throw new Violation('I20', `${tab.learner} still sees ${phase}${loading ? ', loading' : ''}`);
      }
  }

  /** I17: nobody was let into more conversations a day than they have. */
  #checkQuota(): void {
    const limit = this.#profile.settings?.['PRACTICE_DAILY_LIMITS'] ? 2 : 8;
    const counts = new Map<string, number>();
    for (const { userId, quotaDay, runs } of this.#witness.sessions.values()) {
      if (!runs.some(({ handedOut }) => handedOut)) continue;
      if (quotaDay === null) throw new Violation('I17', `a session of ${userId} was let in and not counted`);
      const key = `${userId} ${quotaDay}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    for (const [key, count] of counts) if (count > limit) throw new Violation('I17', `${key}: ${count} sessions`);
  }

  /** The first thing that goes wrong ends the world, wherever it was noticed. */
  #guard(look: () => void): void {
    try {
      look();
    } catch (cause) {
      this.#failure ??= cause;
    }
  }

  #note(line: string): void {
    const entry = `${((this.#time.now % 86_400_000) / 1000).toFixed(3)} ${line}`;
    this.#hash.update(entry);
    this.#trace.push(entry);
  }
}

/** As if Tavus knew no time-outs: they are far beyond the end of the world. */
async function withoutTimeouts(request: Request): Promise<Request> {
  const body = (await request.json()) as { properties: Record<string, unknown> };
  body.properties = {
    ...body.properties,
    max_call_duration: 3600,
    participant_absent_timeout: 3600,
    participant_left_timeout: 3600,
  };
  return new Request(request.url, { method: 'POST', headers: request.headers, body: JSON.stringify(body) });
}
