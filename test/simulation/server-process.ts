import {
  createPracticeBackend,
  type PracticeBackend,
  type Runtime,
  type SessionStore,
  type Settings,
} from '../../src/server/index.js';
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
  end: () => void;
}

/** Milliseconds a transaction takes, before and after it is there. A process may be killed in either. */
const TRANSACTION = { least: 0, most: 3 };

/** One server process: real code over a shared store, which can be killed between any two of its steps. */
export class ServerProcess {
  readonly name: string;
  readonly #around: Surroundings;
  #life: Life | null = null;
  /** Resolves when the present life ends; its connections break then. */
  death: Promise<void> = Promise.resolve();
  #backend: PracticeBackend | null = null;

  constructor(name: string, around: Surroundings) {
    this.name = name;
    this.#around = around;
  }

  get alive(): boolean {
    return this.#backend !== null;
  }

  start(): void {
    if (this.alive) return;
    const { time, random, settings, store, fetch, sweeping, log } = this.#around;
    const life: Life = { over: false, end: () => undefined };
    this.death = new Promise((resolve) => (life.end = resolve));
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
    this.#life.end();
    this.#life = null;
    this.#backend = null;
  }

  /** Resolves never when the process dies meanwhile. */
  handle(request: Request): Promise<Response> {
    if (!this.#backend) throw new Error(`${this.name} is not running`);
    return this.#backend.handler(request);
  }
}
