import {
  createPracticeBackend,
  type PracticeBackend,
  type Runtime,
  type SessionStore,
  type Settings,
} from '../../src/server/index.js';
import { lightRequest } from './light-http.js';
import type { Random } from './random.js';
import type { VirtualTime } from './virtual-time.js';

interface Surroundings {
  time: VirtualTime;
  random: Random;
  settings: Settings;
  store: SessionStore;
  /** The way to Tavus. */
  fetch: Runtime['fetch'];
  sweeping: boolean;
  log: (entry: Record<string, unknown>) => void;
}

interface Life {
  over: boolean;
  /** What breaks when it ends: connections that wait for an answer. */
  connections: Set<() => void>;
}

/** Milliseconds a transaction takes, before and after it is there. A process may be killed in either. */
const TRANSACTION = { least: 0, most: 3 };

/** One server process: real code over a shared store, which can be killed between any two of its steps. */
export class ServerProcess {
  readonly name: string;
  readonly #around: Surroundings;
  #life: Life | null = null;
  #backend: PracticeBackend | null = null;

  constructor(name: string, around: Surroundings) {
    this.name = name;
    this.#around = around;
  }

  /** Another one with every start; null while there is none. */
  get life(): object | null {
    return this.#life;
  }

  get alive(): boolean {
    return this.#backend !== null;
  }

  start(): void {
    if (this.alive) return;
    const { time, random, settings, store, fetch, sweeping, log } = this.#around;
    const life: Life = { over: false, connections: new Set() };
    /** What a dead process waits for never comes. */
    const living = <T>(promise: Promise<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        promise.then(
          (value) => life.over || resolve(value),
          (cause: unknown) => life.over || reject(cause),
        );
      });
    const pause = () => living(time.wait(random.whole(TRANSACTION.least, TRANSACTION.most)));
    const runtime: Runtime = {
      now: () => time.now,
      newId: () => random.uuid(),
      random: () => random.next(),
      fetch: (url, init) => living(fetch(url, init)),
      wait: (ms, signal) =>
        living(
          new Promise((resolve) => {
            if (signal?.aborted) return resolve();
            const done = () => {
              cancel();
              signal?.removeEventListener('abort', done);
              resolve();
            };
            const cancel = time.after(ms, done);
            signal?.addEventListener('abort', done);
          }),
        ),
    };
    const slowStore: SessionStore = {
      async transaction(work) {
        await pause();
        try {
          return await living(store.transaction(work));
        } finally {
          await pause();
        }
      },
      dueSessions: (now, limit) => living(store.dueSessions(now, limit)),
      close: () => Promise.resolve(),
    };
    this.#life = life;
    this.#backend = createPracticeBackend({
      settings,
      store: slowStore,
      secret: 'the secret of a simulated world',
      publicUrl: 'http://localhost:8787',
      runtime,
      log,
    });
    if (sweeping) void this.#backend.sweeper.run(settings.sweep, new AbortController().signal);
  }

  /** Like `kill -9`: nothing it was doing goes on. */
  kill(): void {
    if (!this.#life) return;
    this.#life.over = true;
    for (const cut of this.#life.connections) cut();
    this.#life = null;
    this.#backend = null;
  }

  /** Tavus, or whoever knows the address, posts to it. */
  async callBack(url: string): Promise<void> {
    await this.handle(lightRequest(url, { method: 'POST', body: '{}' }));
  }

  /** Rejects as `fetch` does when the process dies meanwhile. */
  handle(request: Request): Promise<Response> {
    const [life, backend] = [this.#life, this.#backend];
    if (!life || !backend) throw new Error(`${this.name} is not running`);
    return new Promise((resolve, reject) => {
      const cut = (): void => reject(new TypeError('Failed to fetch'));
      life.connections.add(cut);
      backend
        .handler(request)
        .then(resolve, reject)
        .finally(() => life.connections.delete(cut));
    });
  }
}
