import { readSettings } from '../../src/server/index.js';
import type { SessionStore, StoredSession } from '../../src/server/session-store.js';
import { Browser } from './browser.js';
import { checkAfterCalm } from './calm-checks.js';
import { FactWitness } from './fact-witness.js';
import { happen } from './happen.js';
import { memoryStore } from './memory-store.js';
import type { Profile } from './profiles.js';
import { Random, Steady } from './random.js';
import { LEARNERS, type ScheduledEvent } from './schedule.js';
import { ServerProcess } from './server-process.js';
import { FAIR_WEATHER, TavusLink } from './tavus-link.js';
import { Trace } from './trace.js';
import { Violation } from './violation.js';
import { VirtualTime } from './virtual-time.js';
import { watchedStore } from './watched-store.js';
import { WatchedTavus } from './watched-tavus.js';
import { FAIR_WEB, NO_PAGE, WebLink } from './web-link.js';
import { CANARY_KEY, Witness } from './witness.js';

/** What became of a world. The same seed, profile and schedule give the same hash. */
export interface Outcome {
  violation: Violation | null;
  hash: string;
  /** One line per thing that happened, oldest first. */
  trace: string[];
  /** Moments lived through. */
  steps: number;
  conversations: number;
  /** Facts the backend has. */
  facts: number;
  paidSeconds: number;
  /** As they were left, in the order they were confirmed. */
  sessions: StoredSession[];
}

const ROOMS = 'http://localhost:8788';
const TIMEOUT = 15;
const SWEEP_SECONDS = 10;
/** Milliseconds of good weather after which nothing may be left over: longer than every lease and time limit. */
const CALM = 300_000;
/** Milliseconds in which a page that was opened has said what waited. */
const COMING_BACK = 60_000;
/** Milliseconds in which a server that got the answer to a create has written it down. */
const RECORDING = 1000;

/** Two browsers with two tabs each, two servers over one database, and Tavus, in one process and one time. */
export class World {
  readonly profile: Profile;
  readonly time: VirtualTime;
  readonly random: Random;
  readonly witness: Witness;
  readonly facts: FactWitness;
  readonly tavus: WatchedTavus;
  readonly link: TavusLink;
  readonly servers: readonly ServerProcess[];
  readonly web: WebLink;
  readonly browsers: readonly Browser[];
  readonly #trace: Trace;
  #failure: unknown = null;

  constructor(seed: number, profile: Profile, store: SessionStore) {
    this.profile = profile;
    // Some worlds live through midnight, where quotas begin anew.
    const random = (this.random = profile.steady ? new Steady(seed) : new Random(seed ^ 0x5bd1e995));
    const time = (this.time = new VirtualTime(Date.parse('2026-11-22T23:50:00.000Z') + random.whole(0, 3_600_000)));
    const trace = (this.#trace = new Trace(() => time.now));
    const witness = (this.witness = new Witness(time, TIMEOUT, (id) => this.tavus.isRunning(id)));
    const facts = (this.facts = new FactWitness((id) => witness.confirmations.get(id)?.learner));
    const endless = profile.tavusTimeouts === false;
    let ids = 0;
    this.tavus = new WatchedTavus(
      {
        now: () => time.now,
        random: () => random.next(),
        schedule: (at, run) => time.at(at, run),
        newId: () => (++ids).toString(36).padStart(6, '0'),
        publicUrl: ROOMS,
        apiKey: CANARY_KEY,
        endless,
        callBack: (url) => this.callBack(url),
      },
      {
        created: (conversation) => {
          trace.note(`created ${conversation.id}`);
          this.guard(() => witness.created(conversation, endless));
        },
        ended: (conversation, startedAt) => {
          trace.note(`ended ${conversation.id}: ${conversation.reason}`);
          if (conversation.reason === 'end_conversation_endpoint_hit')
            this.guard(() => witness.ended(conversation, startedAt));
        },
      },
    );
    this.link = new TavusLink(time, random, this.tavus);
    const settings = settingsOf(profile);
    const shared = watchedStore(store, {
      saved: (session) => this.guard(() => witness.saved(session)),
      appended: (added) => this.guard(() => facts.appended(added)),
    });
    this.servers = ['server 1', 'server 2'].map((name) => {
      const server: ServerProcess = new ServerProcess(name, {
        time,
        random,
        settings,
        store: shared,
        fetch: (url, init) => {
          const { life } = server;
          return this.link.fetch(url, init, (conversationId) =>
            time.after(RECORDING, () => {
              if (server.life === life) this.guard(() => witness.answered(conversationId));
            }),
          );
        },
        sweeping: profile.sweeping ?? true,
        log: (entry) => {
          trace.note(JSON.stringify(entry, withoutStack));
          this.guard(() => witness.logged(JSON.stringify(entry)));
        },
      });
      return server;
    });
    this.web = new WebLink(time, random, this.servers, {
      arrived: (exchange) => {
        this.guard(() => witness.arrived(exchange));
        if (exchange.path === '/events' && exchange.page !== NO_PAGE) this.guard(() => facts.sent(exchange));
      },
      answered: (exchange) => {
        const { learner, method, path, body, status } = exchange;
        trace.note(`${learner} ${method} ${path} ${body.slice(0, 300)} → ${status}`);
        this.guard(() => witness.replied(exchange, (name) => facts.called(learner, name)));
      },
    });
    this.browsers = LEARNERS.map(
      (learner, index) =>
        new Browser({
          index,
          time,
          random,
          web: this.web,
          learner,
          channels: profile.channels ?? true,
          listener: {
            confirmed: (...said) => this.guard(() => witness.confirmed(...said)),
            announced: (tab, announcement) => {
              trace.note(`${tab.learner} hears ${announcement.type}`);
              const outcome = /^practice-(completed|abandoned|expired)$/.exec(announcement.type)?.[1];
              if (outcome && 'session' in announcement && announcement.session)
                this.guard(() => witness.told(announcement.session?.id ?? '', outcome));
            },
            sending: (tab, request) => this.guard(() => witness.sending(request, tab)),
            askedToWait: (tab, request, seconds) => witness.askedToWait(request, tab, seconds),
            changedOnDisk: (...change) => this.guard(() => facts.changedOnDisk(index, ...change)),
            leftBehind: (complaint) => this.fail(new Violation('I13', complaint)),
            endsReach: profile.browserEnds ?? true,
            askRoom: (url, body) => this.tavus.inRoom(url, body),
          },
        }),
    );
  }

  /** Lives through a schedule and the calm after it. Never rejects for a violation. */
  static async live(
    seed: number,
    profile: Profile,
    schedule: readonly ScheduledEvent[],
    store: SessionStore = memoryStore(),
  ): Promise<Outcome> {
    const world = new World(seed, profile, store);
    let violation: Violation | null = null;
    try {
      await world.#live(schedule);
    } catch (cause) {
      const crash = () => new Violation('crash', cause instanceof Error ? String(cause.stack) : String(cause));
      violation = cause instanceof Violation ? cause : crash();
    }
    for (const server of world.servers) server.kill();
    await store.close();
    const { conversations, paidSeconds } = world.tavus.ledger;
    return {
      violation,
      hash: world.#trace.hash,
      trace: world.#trace.lines,
      steps: world.time.steps,
      conversations: conversations.length,
      facts: world.facts.count,
      paidSeconds,
      sessions: [...world.witness.sessions.values()],
    };
  }

  /** The first thing that goes wrong ends the world, wherever it was noticed. */
  guard(look: () => void): void {
    try {
      look();
    } catch (cause) {
      this.fail(cause);
    }
  }

  fail(cause: unknown): void {
    this.#failure ??= cause;
  }

  /** Somebody posts to the address of a callback: Tavus, or whoever has seen it. */
  async callBack(url: string): Promise<void> {
    const up = this.servers.filter((server) => server.alive);
    if (up.length) await this.random.pick(up).callBack(url);
  }

  async #live(schedule: readonly ScheduledEvent[]): Promise<void> {
    const began = this.time.now;
    for (const server of this.servers) server.start();
    for (const browser of this.browsers) browser.load(0);
    for (const event of schedule)
      this.time.at(began + event.at, () => {
        this.#trace.note(JSON.stringify(event));
        this.guard(() => happen(this, event));
      });
    await this.#pass(began + Math.max(0, ...schedule.map(({ at }) => at)) + 1000);
    this.#calmDown();
    const calm = this.time.now;
    await this.#pass(calm + CALM);
    await this.#comeBack();
    this.tavus.look();
    checkAfterCalm(this, calm, SWEEP_SECONDS * 1000);
  }

  #calmDown(): void {
    this.#trace.note('calm');
    this.web.weather = FAIR_WEB;
    this.link.weather = FAIR_WEATHER;
    this.tavus.calmDown();
    for (const server of this.servers) server.start();
    for (const browser of this.browsers) {
      browser.setOnline(true);
      browser.setStorage('none');
      for (const tab of browser.tabs) tab?.show();
    }
  }

  /** What a page left behind when it died is sent by the next one that is opened. */
  async #comeBack(): Promise<void> {
    const waiting = this.browsers.filter(({ index, learner }) => this.facts.isWaiting(index, learner));
    if (!waiting.length || this.profile.browserEnds === false) return;
    for (const browser of waiting) browser.load(0);
    await this.#pass(this.time.now + COMING_BACK);
  }

  async #pass(until: number): Promise<void> {
    await this.time.passUntil(until, () => {
      if (this.#failure) throw this.#failure;
    });
  }
}

/** Where in the code something went wrong is no part of what happened. */
const withoutStack = (_: string, value: unknown): unknown =>
  typeof value === 'string' ? value.split('\n', 1)[0] : value;

function settingsOf({ ttl = 60, settings = {} }: Profile) {
  const course = { id: 'quick', title: 'Quick', palId: 'p', ttl, extension: { seconds: 15, times: 1 } };
  return readSettings({
    TAVUS_API_KEY: CANARY_KEY,
    TAVUS_TIMEOUT_SECONDS: String(TIMEOUT),
    PRACTICE_COURSES: JSON.stringify([course]),
    PRACTICE_DAILY_LIMITS: 'free=8,premium=8',
    PRACTICE_FRAME_ORIGINS: ROOMS,
    PRACTICE_RESUME_SECONDS: '60',
    PRACTICE_OFFER_SECONDS: '90',
    PRACTICE_SWEEP_SECONDS: String(SWEEP_SECONDS),
    PRACTICE_RATE_LIMIT: '0',
    ...settings,
  });
}
