/** The outside world as the server uses it, handed in so that time and network can be simulated. */
export interface Runtime {
  /** Milliseconds since 1970, UTC. */
  now(): number;
  /** A random UUID. */
  newId(): string;
  /** A number in [0, 1). */
  random(): number;
  fetch(input: string, init: RequestInit): Promise<Response>;
  /** Resolves after `ms`, or at once when the signal aborts. Does not keep a process alive. */
  wait(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The real world. */
export const systemRuntime: Runtime = {
  now: () => Date.now(),
  newId: () => crypto.randomUUID(),
  random: () => Math.random(),
  fetch: (input, init) => fetch(input, init),
  wait: (ms, signal) =>
    new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      timer.unref?.();
      if (signal?.aborted) done();
      else signal?.addEventListener('abort', done);
    }),
};
