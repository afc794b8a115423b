interface Appointment {
  at: number;
  order: number;
  run: () => void;
}

/**
 * Everything that can go on without time passing has gone on. Nothing here waits for anything but promises, and a
 * tick comes when none of them is left; going round the event loop would cost as much as the world itself.
 */
const quiet = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));

/** The one time of a simulated world, in whole milliseconds. It passes only in `passUntil`. */
export class VirtualTime {
  /** Milliseconds since 1970. */
  now: number;
  /** Moments lived through so far. */
  steps = 0;
  #order = 0;
  /** A binary heap by (at, order): what was arranged first happens first. */
  readonly #heap: Appointment[] = [];

  constructor(now: number) {
    this.now = now;
  }

  /** Runs something at a moment. Returns the function that calls it off. */
  at(moment: number, run: () => void): () => void {
    const appointment: Appointment = { at: Math.max(Math.ceil(moment), this.now), order: this.#order++, run };
    this.#push(appointment);
    return () => (appointment.run = () => undefined);
  }

  after(milliseconds: number, run: () => void): () => void {
    return this.at(this.now + milliseconds, run);
  }

  wait(milliseconds: number): Promise<void> {
    return new Promise((resolve) => this.after(milliseconds, resolve));
  }

  /** @param check called after every moment; what it throws ends the passing of time */
  async passUntil(moment: number, check: () => void): Promise<void> {
    await quiet();
    for (let next = this.#heap[0]; next && next.at <= moment; next = this.#heap[0]) {
      this.#pop();
      this.now = next.at;
      this.steps++;
      next.run();
      await quiet();
      check();
    }
    this.now = moment;
  }

  #isBefore(a: Appointment, b: Appointment): boolean {
    return a.at < b.at || (a.at === b.at && a.order < b.order);
  }

  #push(appointment: Appointment): void {
    const heap = this.#heap;
    let place = heap.push(appointment) - 1;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!this.#isBefore(appointment, heap[parent] as Appointment)) break;
      heap[place] = heap[parent] as Appointment;
      place = parent;
    }
    heap[place] = appointment;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop() as Appointment;
    if (!heap.length) return;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && this.#isBefore(heap[child + 1] as Appointment, heap[child] as Appointment))
        child++;
      if (!this.#isBefore(heap[child] as Appointment, last)) break;
      heap[place] = heap[child] as Appointment;
      place = child;
    }
    heap[place] = last;
  }
}
