import {
  createPracticeBackend,
  openSqliteStore,
  readSettings,
  type PracticeBackend,
  type Runtime,
  type SessionStore,
} from '../../src/server/index.js';
import type { EventsAnswer, Offer, Problem, SessionAnswer } from '../../src/protocol/index.js';
import { ConnectionReset, type Call, type Fault } from '../../src/simulator/faults.js';
import { TavusSimulator } from '../../src/simulator/tavus-simulator.js';
import { VirtualClock } from './virtual-clock.js';

export interface Answer {
  status: number;
  headers: Headers;
  /** Whatever the test expects here; what is not there is undefined. */
  body: Offer & SessionAnswer & EventsAnswer & Problem;
}

/** What a start may ask for on top of the usual. */
export interface StartWish {
  id?: string;
  courseId?: string;
  offer?: string | undefined;
  [more: string]: unknown;
}

export interface Started extends Answer {
  id: string;
  /** As sent, to repeat it. */
  request: Record<string, unknown>;
  offer: Answer['body'];
}

const API = 'http://localhost:8787/api/practice';
const ROOMS = 'http://localhost:8788';

/** The real backend over a real database, with a simulated Tavus, in one process and under one virtual clock. */
export class PracticeWorld {
  readonly clock = new VirtualClock();
  readonly logged: Record<string, unknown>[] = [];
  readonly tavus: TavusSimulator;
  /** When the backend sent something to Tavus, whatever became of it. */
  readonly asked: number[] = [];
  /** What the network between backend and Tavus does. */
  network: 'up' | 'refused' | 'silent' = 'up';
  store!: SessionStore;
  backend!: PracticeBackend;
  /** Kills the process behind `backend`, as it stands: it answers nobody and does nothing any more. */
  kill!: () => void;
  readonly #env: Record<string, string>;
  #ids = 0;

  private constructor(env: Record<string, string>) {
    this.#env = { TAVUS_API_KEY: 'canary-key', PRACTICE_DAILY_LIMITS: 'free=1,premium=3', ...env };
    this.tavus = new TavusSimulator({
      now: () => this.clock.now,
      random: () => 0.5,
      schedule: (at, run) => this.clock.at(at, run),
      newId: () => (this.#ids++).toString(16).padStart(8, '0'),
      deliver: async (url, body) => {
        await this.backend.handler(new Request(url, { method: 'POST', body: JSON.stringify(body) }));
      },
      publicUrl: ROOMS,
      apiKey: 'canary-key',
      plan: { concurrency: 1000 },
    });
  }

  /** @param env settings on top of those of the tests */
  static async open(env: Record<string, string> = {}): Promise<PracticeWorld> {
    const world = new PracticeWorld(env);
    world.store = await openSqliteStore(':memory:');
    world.restart();
    return world;
  }

  /** A new process over the same store takes the place of the present one, which goes on if it was not killed. */
  restart(): PracticeBackend {
    const process = { killed: false };
    this.kill = () => void (process.killed = true);
    this.backend = createPracticeBackend({
      settings: readSettings({ PRACTICE_FRAME_ORIGINS: ROOMS, ...this.#env }),
      store: this.store,
      secret: 'a secret for tests only',
      publicUrl: 'http://localhost:8787',
      runtime: this.#runtime(process),
      log: (entry) => this.logged.push(entry),
    });
    return this.backend;
  }

  #runtime(process: { killed: boolean }): Runtime {
    /** A killed process never learns what came of anything. */
    const whileAlive = async <T>(work: Promise<T>): Promise<T> => {
      const outcome = await work.then(
        (value) => () => value,
        (cause: unknown) => () => {
          throw cause;
        },
      );
      return process.killed ? new Promise<never>(() => {}) : outcome();
    };
    return {
      now: () => this.clock.now,
      newId: () => crypto.randomUUID(),
      random: () => 0.5,
      fetch: (input, init) => whileAlive(this.#fetch(input, init)),
      wait: (ms, signal) =>
        whileAlive(
          new Promise((resolve) => {
            if (signal?.aborted) return resolve();
            const cancel = this.clock.at(this.clock.now + ms, resolve);
            signal?.addEventListener('abort', () => (cancel(), resolve()));
          }),
        ),
    };
  }

  async #fetch(input: string, { signal, ...init }: RequestInit): Promise<Response> {
    this.asked.push(this.clock.now);
    if (this.network === 'refused') throw fetchFailed(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }));
    const aborted = new Promise<never>((_, reject) =>
      signal?.addEventListener('abort', () => reject(signal.reason as Error)),
    );
    if (this.network === 'silent') return aborted;
    const answering = this.tavus.handle(new Request(input, init)).catch((cause: unknown) => {
      throw cause instanceof ConnectionReset ? fetchFailed(cause) : cause;
    });
    return Promise.race([answering, aborted]);
  }

  /** A request of a demo learner. `body` is sent as JSON, a string as it is. */
  async ask(
    learner: string,
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const given = body !== undefined;
    const response = await this.backend.handler(
      new Request(API + path, {
        method,
        headers: {
          host: 'localhost:8787',
          cookie: `practice-demo=${learner}`,
          ...(given && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(given && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
    );
    return { status: response.status, headers: response.headers, body: (await response.json()) as Answer['body'] };
  }

  async offer(learner = 'ada', courseId = 'spanish-101'): Promise<Answer['body']> {
    return (await this.ask(learner, 'GET', `/courses/${courseId}`)).body;
  }

  /** A confirmed start, by default with a fresh offer. */
  async start(
    learner = 'ada',
    { id = crypto.randomUUID(), courseId = 'spanish-101', ...more }: StartWish = {},
  ): Promise<Started> {
    const offer = await this.offer(learner, courseId);
    const request = { courseId, offer: offer.offer, confirmedAt: this.time, metadata: {}, ...more };
    return { id, request, offer, ...(await this.ask(learner, 'PUT', `/sessions/${id}`, request)) };
  }

  repeat({ id, request }: Started, learner = 'ada'): Promise<Answer> {
    return this.ask(learner, 'PUT', `/sessions/${id}`, request);
  }

  read(id: string, learner = 'ada'): Promise<Answer> {
    return this.ask(learner, 'GET', `/sessions/${id}`);
  }

  end(id: string, learner = 'ada', body: object = {}): Promise<Answer> {
    return this.ask(learner, 'POST', `/sessions/${id}/end`, body);
  }

  resume(id: string, runId: string = crypto.randomUUID(), learner = 'ada'): Promise<Answer> {
    return this.ask(learner, 'PUT', `/sessions/${id}/runs/${runId}`, { confirmedAt: this.time });
  }

  /** A heartbeat of a page that has just heard from the server. */
  heartbeat(id: string, more: object = {}, learner = 'ada'): Promise<Answer> {
    const body = { visible: true, seen: this.time, ...more };
    return this.ask(learner, 'POST', `/sessions/${id}/heartbeat`, body);
  }

  leave(ticket: string | undefined): Promise<Answer> {
    return this.ask('nobody', 'POST', '/leave', ticket ?? '', { 'content-type': 'text/plain' });
  }

  /** One or more facts of one writer. */
  facts(learner: string, writer: string, events: object[]): Promise<Answer> {
    const filled = events.map((event) => ({ at: this.time, courseId: 'spanish-101', ...event }));
    return this.ask(learner, 'POST', '/events', { writer, events: filled });
  }

  /** The learner gives up; what still runs is ended. */
  abandon(id: string, learner = 'ada'): Promise<Answer> {
    return this.facts(learner, crypto.randomUUID(), [{ n: 1, type: 'abandoned', sessionId: id, data: {} }]);
  }

  /** Lets time pass, with a sweep of the present process every so many seconds; a slow one is not overtaken. */
  async sweepFor(seconds: number, every = 5): Promise<void> {
    let sweeping = false;
    for (let passed = 0; passed < seconds; passed += every) {
      await this.clock.pass(every);
      if (sweeping) continue;
      sweeping = true;
      void this.backend.sweeper.sweep().then(() => (sweeping = false));
      await this.clock.pass(0);
    }
  }

  /** Lets time pass until something is done that waits for time. */
  async until<T>(work: Promise<T>): Promise<T> {
    let done = false;
    void work.finally(() => (done = true)).catch(() => undefined);
    for (await this.clock.pass(0); !done;) await this.clock.pass(0.1);
    return work;
  }

  fail(...faults: Fault[]): void {
    this.tavus.setConditions({ faults });
  }

  /** How often Tavus was asked for this. */
  calls(call: Call): number {
    return this.tavus.ledger.calls.filter((each) => each.call === call).length;
  }

  get time(): string {
    return new Date(this.clock.now).toISOString();
  }

  /** What Tavus would have billed, oldest first. */
  get billed() {
    return this.tavus.ledger.conversations;
  }
}

const fetchFailed = (cause: unknown): TypeError => new TypeError('fetch failed', { cause });
