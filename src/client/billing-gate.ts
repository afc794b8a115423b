import {
  PracticeError,
  retryDelay,
  type ResumeRequest,
  type SessionAnswer,
  type TavusSession,
} from '../protocol/index.js';
import type { Backend, Result, StartBody } from './backend.js';
import { delay } from './delay.js';
import { endConversation } from './end-conversation.js';
import type { Environment } from './environment.js';

/** One trusted gesture of a learner. Buys at most one conversation: its id is the only one ever sent. */
export interface Confirmation {
  /** Of the session it starts, or of the run it resumes one with. */
  readonly id: string;
}

/** How a start or a resume came out. */
export type StartOutcome =
  | { type: 'answered'; answer: SessionAnswer }
  /** The backend said no: nothing was bought. */
  | { type: 'refused'; problem: PracticeError }
  /** Nobody knows. Whatever was bought is being ended. */
  | { type: 'gave-up'; problem: PracticeError }
  /** There is no network. The same start may be tried again, and has to be withdrawn otherwise. */
  | { type: 'offline' }
  /** The learner called it off, and it has been ended; null: it never existed. */
  | { type: 'called-off'; session: TavusSession | null };

export type StartStep = 'waking' | 'slow';

/** How long it may be tried, and who is told. */
export interface StartTerms {
  /** Milliseconds the offer, or the paused session, is still good for. */
  validFor: number;
  /** Without a network it may wait for one. */
  mayWait: boolean;
  /** Told when the learner should read that it takes longer. */
  onStep: (step: StartStep) => void;
}

interface Purchase {
  sessionId: string;
  send: () => Promise<Result<SessionAnswer>>;
  isResume: boolean;
  /** Set once a request of which nothing was heard may have bought something. */
  unheard: PracticeError | null;
}

const BACKOFF = { base: 1000, cap: 8000 };
const PATIENCE = 45_000;
const WAKING = 3000;
const SLOW = 12_000;

/** Times a passing obstacle has to be reported before it is taken for the outcome. */
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
  readonly #waiting = new WeakMap<Confirmation, Purchase>();
  #stop: AbortController | null = null;

  constructor(environment: Environment, backend: Backend) {
    this.#environment = environment;
    this.#backend = backend;
  }

  /** @returns null for an event no person caused, and for one that was used before */
  confirm(gesture: Event): Confirmation | null {
    if (!gesture.isTrusted || this.#gestures.has(gesture)) return null;
    this.#gestures.add(gesture);
    const confirmation = Object.freeze({ id: this.#environment.randomUUID() });
    this.#unused.add(confirmation);
    return confirmation;
  }

  /**
   * Starts a session, and with it its first conversation.
   *
   * @throws TypeError when the confirmation is not this gate's, or was used before
   */
  async start(confirmation: Confirmation, body: StartBody, terms: StartTerms): Promise<StartOutcome> {
    const send = (): Promise<Result<SessionAnswer>> => this.#backend.start(confirmation.id, body);
    return this.#buy(confirmation, { sessionId: confirmation.id, send, isResume: false, unheard: null }, terms);
  }

  /**
   * Starts another conversation of a paused session.
   *
   * @throws TypeError when the confirmation is not this gate's, or was used before
   */
  async resume(
    confirmation: Confirmation,
    sessionId: string,
    body: ResumeRequest,
    terms: StartTerms,
  ): Promise<StartOutcome> {
    const send = (): Promise<Result<SessionAnswer>> => this.#backend.resume(sessionId, confirmation.id, body);
    return this.#buy(confirmation, { sessionId, send, isResume: true, unheard: null }, terms);
  }

  /**
   * Tries once more what met no network: the same request.
   *
   * @throws TypeError when nothing waits under this confirmation
   */
  async startAgain(confirmation: Confirmation, terms: StartTerms): Promise<StartOutcome> {
    const purchase = this.#waiting.get(confirmation);
    if (!purchase || !this.#waiting.delete(confirmation)) throw new TypeError('Nothing waits for the network.');
    return this.#try(confirmation, purchase, terms);
  }

  /** What waits for a network shall not be. What may have been bought all the same is ended. */
  withdraw(confirmation: Confirmation): void {
    const purchase = this.#waiting.get(confirmation);
    if (purchase && this.#waiting.delete(confirmation)) void this.#end(purchase.sessionId);
  }

  /** The learner does not want it any more. What may have been bought is ended. */
  callOff(): void {
    this.#stop?.abort('called-off');
  }

  #buy(confirmation: Confirmation, purchase: Purchase, terms: StartTerms): Promise<StartOutcome> {
    if (!this.#unused.delete(confirmation)) throw new TypeError('A confirmation starts one conversation only.');
    return this.#try(confirmation, purchase, terms);
  }

  async #try(confirmation: Confirmation, purchase: Purchase, terms: StartTerms): Promise<StartOutcome> {
    const stop = (this.#stop = new AbortController());
    const { validFor, mayWait, onStep } = terms;
    const timers = [
      this.#environment.setTimer(WAKING, () => onStep('waking')),
      this.#environment.setTimer(SLOW, () => onStep('slow')),
      this.#environment.setTimer(Math.min(PATIENCE, Math.max(0, validFor)), () => stop.abort('patience')),
    ];
    try {
      const outcome = await this.#ask(purchase, stop.signal, onStep);
      if (outcome.type !== 'offline') return outcome;
      if (!mayWait || stop.signal.aborted) return await this.#retract(purchase, null, stop.signal);
      this.#waiting.set(confirmation, purchase);
      return outcome;
    } finally {
      for (const cancel of timers) cancel();
      if (this.#stop === stop) this.#stop = null;
    }
  }

  async #ask(purchase: Purchase, stop: AbortSignal, onStep: (step: StartStep) => void): Promise<StartOutcome> {
    const stopped = new Promise<null>((resolve) => stop.addEventListener('abort', () => resolve(null)));
    for (let failures = 0; ; failures++) {
      const sent = purchase.send();
      const result = await Promise.race([sent, stopped]);
      if (!result) return this.#retract(purchase, sent, stop);
      const { answer, problem } = result;
      if (answer && answer.retryAfter === undefined) return { type: 'answered', answer };
      // The conversation before may still be ending, or run elsewhere: nothing was bought, and nothing is ours to end.
      const isBlocked = purchase.isResume && problem?.code === 'session_active';
      if (answer) onStep('waking');
      else if (isBlocked ? failures + 1 >= REFUSALS : isOutcomeKnown(problem, failures)) {
        // An earlier request of which nothing was heard may have bought something all the same.
        if (purchase.unheard && !isBlocked) void this.#end(purchase.sessionId);
        return { type: 'refused', problem };
      }
      if (!isBlocked) purchase.unheard = problem ?? new PracticeError('timeout');
      if (failures === 0 && problem?.code === 'network' && !this.#environment.isOnline()) return { type: 'offline' };
      const { retryAfter } = answer ?? problem.details;
      await delay(this.#environment, retryDelay(BACKOFF, failures, this.#environment.random(), retryAfter), stop);
      if (stop.aborted) return this.#retract(purchase, null, stop);
    }
  }

  async #retract(
    purchase: Purchase,
    underWay: Promise<Result<SessionAnswer>> | null,
    stop: AbortSignal,
  ): Promise<StartOutcome> {
    const { unheard } = purchase;
    const ended = underWay || unheard ? this.#endTwice(purchase, underWay) : null;
    if (stop.reason === 'called-off') return { type: 'called-off', session: await ended };
    return { type: 'gave-up', problem: unheard ?? new PracticeError('timeout') };
  }

  /** Ends at once, and again where the end may have overtaken a request that was still under way. */
  async #endTwice(
    { sessionId, isResume }: Purchase,
    underWay: Promise<Result<SessionAnswer>> | null,
  ): Promise<TavusSession | null> {
    const session = await this.#end(sessionId);
    const late = await underWay;
    if (!late || (late.problem && isOutcomeKnown(late.problem, REFUSALS))) return session;
    // A session that was found had been started by then; one that was only to be resumed was there before.
    return late.answer || !session || isResume ? this.#end(sessionId) : session;
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
