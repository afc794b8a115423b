import { setImmediate as turn } from 'node:timers/promises';

/** A clock that moves only when told to, with everything that waits on it. */
export class VirtualClock {
  /** Milliseconds since 1970. */
  now = Date.parse('2026-11-22T10:00:00.000Z');
  #waiting: { at: number; run: () => void }[] = [];

  /** Runs something at a moment; the answer calls that off. */
  at(moment: number, run: () => void): () => void {
    const entry = { at: moment, run };
    this.#waiting.push(entry);
    return () => {
      this.#waiting = this.#waiting.filter((other) => other !== entry);
    };
  }

  /** Moves on by so many seconds, through everything that is due on the way. */
  async pass(seconds: number): Promise<void> {
    const until = this.now + seconds * 1000;
    await settled();
    for (;;) {
      const next = this.#waiting.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#waiting = this.#waiting.filter((other) => other !== next);
      this.now = Math.max(this.now, next.at);
      next.run();
      await settled();
    }
    this.now = until;
    await settled();
  }
}

/** Everything that can go on without time passing has gone on. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 30; i++) await turn();
}
