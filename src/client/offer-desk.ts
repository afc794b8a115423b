import { PracticeError, type Offer } from '../protocol/index.js';
import type { Backend, Result } from './backend.js';
import type { Environment } from './environment.js';
import type { PageCheck } from './page-check.js';
import type { ServerClock } from './server-clock.js';

/** Milliseconds until the next look, while the learner's last conversation is just being ended. */
const ENDING = 2000;

/** Milliseconds before its end at which an offer on screen is replaced. */
const MARGIN = 15_000;

/** Fetches offers, and replaces one that would end while the learner still reads it. */
export class OfferDesk {
  readonly #environment: Environment;
  readonly #backend: Backend;
  readonly #clock: ServerClock;
  readonly #courseId: () => string;
  readonly #onResult: (result: Result<Offer>, page: PageCheck) => void;
  #requests = 0;
  #kept: Offer | null = null;
  #cancelTimer = (): void => {};

  constructor(
    environment: Environment,
    backend: Backend,
    clock: ServerClock,
    courseId: () => string,
    onResult: (result: Result<Offer>, page: PageCheck) => void,
  ) {
    this.#environment = environment;
    this.#backend = backend;
    this.#clock = clock;
    this.#courseId = courseId;
    this.#onResult = onResult;
  }

  /** Only the newest of several requests is heard. */
  async fetch(): Promise<void> {
    const request = ++this.#requests;
    const { answer, problem } = await this.#backend.offer(this.#courseId());
    const page = await this.#environment.checkPage(answer?.frameOrigins ?? []);
    if (request !== this.#requests) return;
    if (answer) return this.#onResult({ answer }, page);
    // What makes a conversation impossible here may be what keeps its backend out of reach.
    this.#onResult({ problem: page.obstacle ? new PracticeError('blocked_by_page') : problem }, page);
  }

  /** The offer on screen; null for none. */
  keepFresh(offer: Offer | null): void {
    if (offer === this.#kept) return;
    this.#kept = offer;
    this.#cancelTimer();
    if (!offer) return;
    const left = this.validFor(offer);
    const untilStale = Math.max(1000, left > 2 * MARGIN ? left - MARGIN : left / 2);
    const wait = offer.availability.reason === 'ending' ? ENDING : untilStale;
    if (wait === Infinity) return;
    this.#cancelTimer = this.#environment.setTimer(wait, () => void this.fetch());
  }

  /** Milliseconds an offer is still good for; Infinity where the backend does not limit it. */
  validFor({ offerExpiresAt }: Offer): number {
    return offerExpiresAt === undefined ? Infinity : Date.parse(offerExpiresAt) - this.#clock.now();
  }
}
