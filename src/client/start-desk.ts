import type { Consent, Offer, TavusSession } from '../protocol/index.js';
import type { BillingGate, Confirmation, StartOutcome, StartStep, StartTerms } from './billing-gate.js';
import type { Environment } from './environment.js';
import type { PracticeConfig } from './practice-state.js';
import type { ServerClock } from './server-clock.js';

export interface StartDeskListener {
  progressed(step: StartStep): void;
  ended(outcome: StartOutcome): void;
}

const LONGEST_USER_AGENT = 1024;

/** Takes starts and resumes to the billing gate, with what page and clock have to add. */
export class StartDesk {
  readonly #environment: Environment;
  readonly #config: () => PracticeConfig;
  readonly #gate: BillingGate;
  readonly #clock: ServerClock;
  readonly #listener: StartDeskListener;

  constructor(
    environment: Environment,
    config: () => PracticeConfig,
    gate: BillingGate,
    clock: ServerClock,
    listener: StartDeskListener,
  ) {
    this.#environment = environment;
    this.#config = config;
    this.#gate = gate;
    this.#clock = clock;
    this.#listener = listener;
  }

  /** @param confirmationDelay milliseconds from dialog shown to confirmed */
  start(confirmation: Confirmation, confirmationDelay: number, offer: Offer | null, consent: readonly Consent[]): void {
    const { courseId, ttl } = this.#config();
    const { userAgent, deviceType } = this.#environment;
    const body = {
      courseId,
      ttl,
      offer: offer?.offer,
      confirmedAt: this.#clock.moment(),
      ...(consent.length > 0 && { consent: [...consent] }),
      metadata: { confirmationDelay, userAgent: userAgent.slice(0, LONGEST_USER_AGENT), deviceType },
    };
    this.#listen(this.#gate.start(confirmation, body, this.#termsOf(offer)));
  }

  startAgain(confirmation: Confirmation, offer: Offer | null): void {
    this.#listen(this.#gate.startAgain(confirmation, this.#termsOf(offer)));
  }

  resume(confirmation: Confirmation, { id, expiresAt }: TavusSession): void {
    const body = { confirmedAt: this.#clock.moment() };
    this.#listen(this.#gate.resume(confirmation, id, body, this.#terms(expiresAt, false)));
  }

  /** Whether neither side has switched off that something outlives the moment: a queued start, a memory. */
  mayStore(offer: Offer | null): boolean {
    return this.#config().offlineQueue && offer?.features.offlineQueue !== false;
  }

  #termsOf(offer: Offer | null): StartTerms {
    return this.#terms(offer?.offerExpiresAt, this.mayStore(offer));
  }

  #terms(until: string | undefined, mayWait: boolean): StartTerms {
    const validFor = until === undefined ? Infinity : Date.parse(until) - this.#clock.now();
    return { validFor, mayWait, onStep: (step) => this.#listener.progressed(step) };
  }

  #listen(starting: Promise<StartOutcome>): void {
    void starting.then((outcome) => this.#listener.ended(outcome));
  }
}
