import type { Environment } from './environment.js';

/** Milliseconds by which two clocks may differ without anything having happened. */
const TOLERANCE = 5000;

/** Notices that the machine slept, by the one clock that ran on and the other that may not have. */
export class SleepWatch {
  readonly #environment: Environment;
  #drift: number;

  constructor(environment: Environment) {
    this.#environment = environment;
    this.#drift = this.#measure();
  }

  /** Whether it slept since this was asked last. True as well when somebody set the clock, which does no harm. */
  hasSlept(): boolean {
    const before = this.#drift;
    this.#drift = this.#measure();
    return Math.abs(this.#drift - before) > TOLERANCE;
  }

  #measure(): number {
    return this.#environment.now() - this.#environment.monotonic();
  }
}
