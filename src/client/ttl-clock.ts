import type { Environment } from './environment.js';

/** One answer of the backend: its clock, and when (monotonic ms) the request left and the answer came. */
export interface TimeSample {
  serverTime: string;
  sentAt: number;
  receivedAt: number;
}

/**
 * The server's clock as seen from here, and a countdown by it. The learner's own clock plays no part:
 * between answers only the monotonic clock counts.
 */
export class TtlClock {
  readonly #environment: Environment;
  readonly #onTick: (secondsLeft: number) => void;
  /** Server's milliseconds minus monotonic milliseconds. */
  #offset: number | null = null;
  #expiresAt: number | null = null;
  #shown: number | null = null;
  #cancelTimer = (): void => {};

  /** @param onTick called with the whole seconds left whenever they change; the last call says 0 */
  constructor(environment: Environment, onTick: (secondsLeft: number) => void) {
    this.#environment = environment;
    this.#onTick = onTick;
  }

  /** Milliseconds since 1970 by the server's clock, now or at a monotonic moment. Our own until it answered. */
  serverNow(at: number = this.#environment.monotonic()): number {
    return at + (this.#offset ?? this.#environment.now() - this.#environment.monotonic());
  }

  /** The same in ISO 8601. */
  serverMoment(at?: number): string {
    return new Date(this.serverNow(at)).toISOString();
  }

  /** Corrects the clock by an answer. */
  sync({ serverTime, sentAt, receivedAt }: TimeSample): void {
    const moment = Date.parse(serverTime);
    // The answer was written between leaving and coming back. While our offset fits in there it is at
    // least as good as the middle, which a slow round trip would only spoil.
    const fits = this.#offset !== null && this.#offset >= moment - receivedAt && this.#offset <= moment - sentAt;
    if (fits) return;
    this.#offset = moment - (sentAt + receivedAt) / 2;
    this.#tick();
  }

  /** Counts down to this moment (ISO 8601); null stops. */
  watch(expiresAt: string | null): void {
    const moment = expiresAt === null ? null : Date.parse(expiresAt);
    if (moment === this.#expiresAt) return;
    this.#expiresAt = moment;
    this.#shown = null;
    this.#tick();
  }

  #tick(): void {
    this.#cancelTimer();
    if (this.#expiresAt === null) return;
    const left = this.#expiresAt - this.serverNow();
    const seconds = Math.max(0, Math.ceil(left / 1000));
    // Armed before the call, because the listener may stop the countdown.
    if (seconds > 0) {
      this.#cancelTimer = this.#environment.setTimer(Math.max(1, left - (seconds - 1) * 1000), () => this.#tick());
    }
    if (seconds === this.#shown) return;
    this.#shown = seconds;
    this.#onTick(seconds);
  }
}
