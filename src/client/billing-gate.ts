import { PracticeError, retryDelay, type SessionAnswer, type TavusSession } from '../protocol/index.js';
import type { Backend, Result, StartBody } from './backend.js';
import { delay } from './delay.js';
import { endConversation } from './end-conversation.js';
import type { Environment } from './environment.js';

/** One trusted gesture of a learner. Buys at most one conversation: its id is the only one ever sent. */
export interface Confirmation {
  readonly sessionId: string;
}

/** How a start came out. */
export type StartOutcome =
  | { type: 'answered'; answer: SessionAnswer }
  /** The backend said no: nothing was bought. */
  | { type: 'refused'; problem: PracticeError }
  /** Nobody knows. Whatever was bought is being ended. */
  | { type: 'gave-up'; problem: PracticeError }
  /** The learner called it off, and it has been ended; null: it never existed. */
  | { type: 'called-off'; session: TavusSession | null };

export type StartStep = 'waking' | 'slow';

const BACKOFF = { base: 1000, cap: 8000 };
const PATIENCE = 45_000;
const WAKING = 3000;
const SLOW = 12_000;

/** Times Tavus has to be reported out of reach before that is taken for the outcome. */
const REFUSALS = 3;

/**
 * The only door to a paid conversation. A confirmation is minted from a trusted event and used once.
 * Its request is repeated, same id and same body, until the outcome is known; when patience ends or
 * the learner calls it off first, whatever came of it is ended.
 */
export class BillingGate {
  readonly #environment: Environment;
  readonly #backend: Backend;
  readonly #gestures = new WeakSet<Event>();
  readonly #unused = new WeakSet<Confirmation>();
  #stop: AbortController | null = null;

  constructor(environment: Environment, backend: Backend) {
    this.#environment = environment;
    this.#backend = backend;
  }

  /** @returns null for an event no person caused, and for one that was used before */
  confirm(gesture: Event): Confirmation | null {
    if (!gesture.isTrusted || this.#gestures.has(gesture)) return null;
    this.#gestures.add(gesture);
    const confirmation = Object.freeze({ sessionId: this.#environment.randomUUID() });
    this.#unused.add(confirmation);
    return confirmation;
  }

  /**
   * Starts the conversation.
   *
   * @param validFor milliseconds the offer is still good for
   * @param onStep told when the learner should read that it takes longer
   * @throws TypeError when the confirmation is not this gate's, or was used before
   */
  async start(
    confirmation: Confirmation,
    body: StartBody,
    validFor: number,
    onStep: (step: StartStep) => void,
  ): Promise<StartOutcome> {
    if (!this.#unused.delete(confirmation)) throw new TypeError('A confirmation starts one conversation only.');
    const stop = (this.#stop = new AbortController());
    const timers = [
      this.#environment.setTimer(WAKING, () => onStep('waking')),
      this.#environment.setTimer(SLOW, () => onStep('slow')),
      this.#environment.setTimer(Math.min(PATIENCE, Math.max(0, validFor)), () => stop.abort('patience')),
    ];
    try {
      return await this.#ask(confirmation.sessionId, body, stop.signal, onStep);
    } finally {
      for (const cancel of timers) cancel();
      if (this.#stop === stop) this.#stop = null;
    }
  }

  /** The learner does not want it any more. What may have been bought is ended. */
  callOff(): void {
    this.#stop?.abort('called-off');
  }

  async #ask(id: string, body: StartBody, stop: AbortSignal, onStep: (step: StartStep) => void): Promise<StartOutcome> {
    const stopped = new Promise<null>((resolve) => stop.addEventListener('abort', () => resolve(null)));
    let unknown: PracticeError | null = null;
    for (let failures = 0; ; failures++) {
      const sent = this.#backend.start(id, body);
      const result = await Promise.race([sent, stopped]);
      if (!result) return this.#retract(id, sent, stop, unknown);
      const { answer, problem } = result;
      if (answer && answer.retryAfter === undefined) return { type: 'answered', answer };
      if (answer) onStep('waking');
      else if (isOutcomeKnown(problem, failures)) {
        // An earlier request of which nothing was heard may have bought something all the same.
        if (unknown) void this.#end(id);
        return { type: 'refused', problem };
      }
      unknown = problem ?? new PracticeError('timeout');
      const { retryAfter } = answer ?? problem.details;
      await delay(this.#environment, retryDelay(BACKOFF, failures, this.#environment.random(), retryAfter), stop);
      if (stop.aborted) return this.#retract(id, null, stop, unknown);
    }
  }

  async #retract(
    id: string,
    underWay: Promise<Result<SessionAnswer>> | null,
    stop: AbortSignal,
    unknown: PracticeError | null,
  ): Promise<StartOutcome> {
    const ended = this.#endTwice(id, underWay);
    if (stop.reason === 'called-off') return { type: 'called-off', session: await ended };
    return { type: 'gave-up', problem: unknown ?? new PracticeError('timeout') };
  }

  /** Ends at once, and again where the end may have overtaken a request that was still under way. */
  async #endTwice(id: string, underWay: Promise<Result<SessionAnswer>> | null): Promise<TavusSession | null> {
    const session = await this.#end(id);
    const late = await underWay;
    const isRefused = late?.problem && isOutcomeKnown(late.problem, REFUSALS);
    return late && !isRefused && (late.answer || !session) ? this.#end(id) : session;
  }

  async #end(id: string): Promise<TavusSession | null> {
    const answer = await endConversation(this.#environment, this.#backend, id, 'left');
    return answer?.session ?? null;
  }
}

/** Network loss, a proxy's 5xx and garbled answers say nothing about what the backend did. */
function isOutcomeKnown(problem: PracticeError, failures: number): boolean {
  switch (problem.code) {
    case 'network':
    case 'timeout':
    case 'internal':
    case 'invalid_response':
    case 'rate_limited':
      return false;
    case 'provider_unavailable':
      return failures + 1 >= REFUSALS;
    default:
      return true;
  }
}
