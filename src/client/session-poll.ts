import { retryDelay, type PracticeError, type SessionAnswer } from '../protocol/index.js';
import type { Backend } from './backend.js';
import { delay } from './delay.js';
import type { Environment } from './environment.js';

const BACKOFF = { base: 1000, cap: 15_000 };

export interface SessionPollListener {
  answered(answer: SessionAnswer): void;
  /** `failures`: in a row, this one included. */
  failed(problem: PracticeError, failures: number): void;
}

/** Asks what became of a session, ever more rarely, until nobody wants to know any more. */
export class SessionPoll {
  readonly #environment: Environment;
  readonly #backend: Backend;
  readonly #listener: SessionPollListener;
  #sessionId: string | null = null;
  #stop = new AbortController();

  constructor(environment: Environment, backend: Backend, listener: SessionPollListener) {
    this.#environment = environment;
    this.#backend = backend;
    this.#listener = listener;
  }

  /** Which session to ask about; null for none. */
  watch(sessionId: string | null): void {
    if (sessionId === this.#sessionId) return;
    this.#sessionId = sessionId;
    this.#stop.abort();
    this.#stop = new AbortController();
    if (sessionId !== null) void this.#ask(sessionId, this.#stop.signal);
  }

  async #ask(sessionId: string, stop: AbortSignal): Promise<void> {
    let retryAfter: number | undefined;
    for (let looks = 0, failures = 0; ; looks++) {
      await delay(this.#environment, retryDelay(BACKOFF, looks, this.#environment.random(), retryAfter), stop);
      if (stop.aborted) return;
      const { answer, problem } = await this.#backend.read(sessionId);
      if (stop.aborted) return;
      retryAfter = problem?.details.retryAfter;
      failures = answer ? 0 : failures + 1;
      if (answer) this.#listener.answered(answer);
      else this.#listener.failed(problem, failures);
    }
  }
}
