import type { Environment } from './environment.js';

/** Resolves after `milliseconds`, or as soon as `signal` aborts. Never rejects. */
export function delay(environment: Environment, milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      cancel();
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const cancel = environment.setTimer(milliseconds, done);
    signal?.addEventListener('abort', done);
    if (signal?.aborted) done();
  });
}
