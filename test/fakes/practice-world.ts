import { setImmediate as turn } from 'node:timers/promises';
import { createPracticeBackend, openSqliteStore, readSettings, type PracticeBackend, type Runtime, type SessionStore } from '../../src/server/index.js';
import { ConnectionReset } from '../../src/simulator/faults.js';
import { TavusSimulator } from '../../src/simulator/tavus-simulator.js';
import type { Fault } from '../../src/simulator/faults.js';

/** A clock that moves only when told to, with everything that waits on it. */
export class VirtualClock {
  now = Date.parse('2026-11-22T10:00:00.000Z');
  #waiting: { at: number; run: () => void }[] = [];

  at(moment: number, run: () => void): () => void {
    const entry = { at: moment, run };
    this.#waiting.push(entry);
    return () => (this.#waiting = this.#waiting.filter((other) => other !== entry));
  }

  /** Moves on by so many seconds, through everything that is due on the way. */
  async pass(seconds: number): Promise<void> {
    const until = this.now + seconds * 1000;
    await settled();
    for (;;) {
      const next = this.#waiting.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#waiting = this.#waiting.filter((other) => other !== next);
      this.now = Math.max(this.now, next.at);
      next.run();
      await settled();
    }
    this.now = until;
    await settled();
  }
}

/** Everything that can go on without time passing has gone on. */
async function settled(): Promise<void> {
  for (let i = 0; i < 20; i++) await turn();
}

export interface Answer {
  status: number;
  body: any;
  headers: Headers;
}

/** The real backend over a real database, with a simulated Tavus, in one process and under one virtual clock. */
export class PracticeWorld {
  readonly clock = new VirtualClock();
  readonly logged: Record<string, unknown>[] = [];
  readonly tavus: TavusSimulator;
  store!: SessionStore;
  backend!: PracticeBackend;
  readonly #env: Record<string, string>;
  #ids = 0;

  private constructor(env: Record<string, string>) {
    this.#env = { TAVUS_API_KEY: 'canary-key', PRACTICE_DAILY_LIMITS: 'free=1,premium=3,many=100', ...env };
    this.tavus = new TavusSimulator({
      now: () => this.clock.now,
      random: () => 0.5,
      schedule: (at, run) => this.clock.at(at, run),
      newId: () => `${(this.#ids++).toString(16).padStart(8, '0')}`,
      deliver: async (url, body) => {
        const { pathname } = new URL(url);
        await this.backend.handler(new Request(`http://localhost:8787${pathname}`, { method: 'POST', body: JSON.stringify(body) }));
      },
      publicUrl: 'http://localhost:8788',
      apiKey: 'canary-key',
    });
  }

  static async open(env: Record<string, string> = {}): Promise<PracticeWorld> {
    const world = new PracticeWorld(env);
    world.store = await openSqliteStore(':memory:');
    world.backend = world.newBackend();
    return world;
  }

  /** One more process over the same store. */
  newBackend(): PracticeBackend {
    const runtime: Runtime = {
      now: () => this.clock.now,
      newId: () => crypto.randomUUID(),
      random: () => 0.5,
      fetch: async (input, init) => {
        const { signal, ...rest } = init;
        const answering = this.tavus.handle(new Request(input, rest)).catch((cause: unknown) => {
          throw cause instanceof ConnectionReset ? new TypeError('fetch failed', { cause }) : cause;
        });
        const aborted = new Promise<never>((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
        return Promise.race([answering, aborted]);
      },
      wait: (ms, signal) =>
        new Promise((resolve) => {
          if (signal?.aborted) return resolve();
          const cancel = this.clock.at(this.clock.now + ms, resolve);
          signal?.addEventListener('abort', () => (cancel(), resolve()));
        }),
    };
    const settings = readSettings({ PRACTICE_FRAME_ORIGINS: 'http://localhost:8788', ...this.#env });
    return createPracticeBackend({
      settings,
      store: this.store,
      secret: 'a secret for tests only',
      publicUrl: 'http://localhost:8787',
      runtime,
      log: (entry) => this.logged.push(entry),
    });
  }

  /** A request of a demo learner. `body` is sent as JSON unless it is a string. */
  async ask(learner: string, method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const request = new Request(`http://localhost:8787/api/practice${path}`, {
      method,
      headers: {
        host: 'localhost:8787',
        cookie: `practice-demo=${learner}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const response = await this.backend.handler(request);
    const text = await response.text();
    return { status: response.status, body: text ? JSON.parse(text) : null, headers: response.headers };
  }

  /** A confirmed start with a fresh offer. */
  async start(learner = 'ada', { id = crypto.randomUUID() as string, courseId = 'spanish-101', ...more }: Record<string, any> = {}) {
    const { body: offer } = await this.ask(learner, 'GET', `/courses/${courseId}`);
    const request = { courseId, offer: offer.offer, confirmedAt: this.time, metadata: {}, ...more };
    return { id, request, offer, ...(await this.ask(learner, 'PUT', `/sessions/${id}`, request)) };
  }

  /** One or more facts of one writer. */
  facts(learner: string, writer: string, events: object[]): Promise<Answer> {
    return this.ask(learner, 'POST', '/events', { writer, events: events.map((event) => ({ at: this.time, courseId: 'spanish-101', ...event })) });
  }

  async sweepEvery(seconds: number, times: number): Promise<void> {
    for (let i = 0; i < times; i++) {
      await this.clock.pass(seconds);
      await this.backend.sweeper.sweep();
    }
  }

  fail(...faults: Fault[]): void {
    this.tavus.setWeather({ faults, callbacks: undefined } as never);
  }

  get time(): string {
    return new Date(this.clock.now).toISOString();
  }

  /** What Tavus would have billed. */
  get billed() {
    return this.tavus.ledger.conversations;
  }
}
