import type { Environment } from './environment.js';

/** One answer of the backend: its clock, and when (monotonic ms) the request left and the answer came. */
export interface TimeSample {
  serverTime: string;
  sentAt: number;
  receivedAt: number;
}

/** The server's clock as seen from here. The learner's own plays no part: between answers only the monotonic one counts. */
export class ServerClock {
  readonly #environment: Environment;
  readonly #listeners = new Set<() => void>();
  /** Server's milliseconds minus monotonic milliseconds. */
  #offset: number | null = null;

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  /** Milliseconds since 1970 by the server's clock, now or at a monotonic moment. Our own until it answered. */
  now(at: number = this.#environment.monotonic()): number {
    return at + (this.#offset ?? this.#environment.now() - this.#environment.monotonic());
  }

  /** The same in ISO 8601. */
  moment(at?: number): string {
    return new Date(this.now(at)).toISOString();
  }

  /** Corrects the clock by an answer. */
  sync({ serverTime, sentAt, receivedAt }: TimeSample): void {
    const moment = Date.parse(serverTime);
    // The answer was written between leaving and coming back. While our offset fits in there it is at
    // least as good as the middle, which a slow round trip would only spoil.
    const fits = this.#offset !== null && this.#offset >= moment - receivedAt && this.#offset <= moment - sentAt;
    if (fits) return;
    this.#offset = moment - (sentAt + receivedAt) / 2;
    for (const listener of this.#listeners) listener();
  }

  /** Calls back after every correction. Returns the function that stops it. */
  onCorrection(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
