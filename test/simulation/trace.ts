import { createHash } from 'node:crypto';

/** What happened in a world, one line per thing, oldest first. The same world gives the same hash. */
export class Trace {
  readonly lines: string[] = [];
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  note(line: string): void {
    this.lines.push(`${((this.#now() % 86_400_000) / 1000).toFixed(3)} ${line}`);
  }

  get hash(): string {
    return createHash('sha256').update(this.lines.join('\n')).digest('hex').slice(0, 16);
  }
}
