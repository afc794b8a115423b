import { retryDelay, type Offer, type SessionAnswer } from '../protocol/index.js';
import type { Backend } from './backend.js';
import type { Environment } from './environment.js';

type Rhythm = Offer['policy']['heartbeat'];

/** Milliseconds a page has to stay hidden before that is worth telling. */
const HIDDEN_DELAY = 1000;

/** Tells the backend that this page still holds the conversation, and that it goes away. */
export class PageLease {
  readonly #environment: Environment;
  readonly #backend: Backend;
  readonly #onAnswer: (answer: SessionAnswer) => void;
  #sessionId: string | null = null;
  #rhythm: Rhythm;
  #failures = 0;
  /** Monotonic moment the backend asked us to wait for. */
  #notBefore = 0;
  #cancelTimer = (): void => {};

  /** This page's leave ticket, where the backend gives any. */
  ticket: string | undefined;

  constructor(environment: Environment, backend: Backend, onAnswer: (answer: SessionAnswer) => void) {
    this.#environment = environment;
    this.#backend = backend;
    this.#onAnswer = onAnswer;
  }

  /** Heartbeats for this session from now on. Without a rhythm (seconds) there are none. */
  hold(sessionId: string, rhythm: Rhythm): void {
    if (sessionId === this.#sessionId) return;
    this.#sessionId = sessionId;
    this.#rhythm = rhythm;
    this.#failures = 0;
    this.#arm();
  }

  /** No conversation any more. */
  release(): void {
    this.#sessionId = null;
    this.ticket = undefined;
    this.#cancelTimer();
  }

  /** Sends a heartbeat now, unless the backend asked to wait. False where it takes none. */
  beat(): boolean {
    if (this.#sessionId === null || !this.#rhythm) return false;
    if (this.#environment.monotonic() < this.#notBefore) return true;
    this.#cancelTimer();
    void this.#send(this.#sessionId);
    return true;
  }

  /**
   * The page is hidden: the backend should expect less from here on, because browsers slow the timers of hidden
   * pages. Not at once, though: a page that is going away is hidden first, and a heartbeat that is overtaken by
   * its goodbye would take the goodbye back.
   */
  hide(): void {
    if (this.#sessionId === null) return;
    this.#cancelTimer();
    this.#cancelTimer = this.#environment.setTimer(HIDDEN_DELAY, () => this.beat());
  }

  leave(): void {
    this.#cancelTimer();
    if (this.ticket !== undefined) this.#backend.leave(this.ticket);
  }

  async #send(sessionId: string): Promise<void> {
    const ticket = this.ticket === undefined ? {} : { ticket: this.ticket };
    const body = { visible: this.#environment.isVisible(), seen: this.#backend.seen, ...ticket };
    const { answer, problem } = await this.#backend.heartbeat(sessionId, body);
    if (sessionId !== this.#sessionId) return;
    // Losing contact never ends a conversation from here: the lease is the server's to judge.
    this.#failures = answer ? 0 : this.#failures + 1;
    const retryAfter = problem?.details.retryAfter;
    this.#notBefore = this.#environment.monotonic() + (retryAfter ?? 0) * 1000;
    this.#arm(retryAfter);
    if (answer) this.#onAnswer(answer);
  }

  #arm(retryAfter?: number): void {
    this.#cancelTimer();
    if (!this.#rhythm) return;
    const interval = this.#rhythm[this.#environment.isVisible() ? 'visible' : 'hidden'] * 1000;
    const wait =
      this.#failures === 0
        ? interval
        : retryDelay({ base: 1000, cap: interval }, this.#failures, this.#environment.random(), retryAfter);
    this.#cancelTimer = this.#environment.setTimer(wait, () => this.beat());
  }
}
