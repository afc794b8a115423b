import type { Environment } from './environment.js';
import type { ServerClock } from './server-clock.js';

/** A countdown by the server's clock, with one timer armed for the next second. */
export class TtlClock {
  readonly #environment: Environment;
  readonly #server: ServerClock;
  readonly #onTick: (secondsLeft: number) => void;
  #expiresAt: number | null = null;
  #shown: number | null = null;
  #cancelTimer = (): void => {};
  #stopListening = (): void => {};

  /** @param onTick called with the whole seconds left whenever they change; the last call says 0 */
  constructor(environment: Environment, server: ServerClock, onTick: (secondsLeft: number) => void) {
    this.#environment = environment;
    this.#server = server;
    this.#onTick = onTick;
  }

  /** Counts down to this moment (ISO 8601); null stops. */
  watch(expiresAt: string | null): void {
    const moment = expiresAt === null ? null : Date.parse(expiresAt);
    if (moment === this.#expiresAt) return;
    this.#expiresAt = moment;
    this.#shown = null;
    this.#stopListening();
    if (moment !== null) this.#stopListening = this.#server.onCorrection(() => this.#tick());
    this.#tick();
  }

  #tick(): void {
    this.#cancelTimer();
    if (this.#expiresAt === null) return;
    const left = this.#expiresAt - this.#server.now();
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
