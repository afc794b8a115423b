import type { Fact } from '../protocol/index.js';
import { acknowledge, append, emptyRow, renumber, type FactDraft, type FactRow } from './fact-row.js';
import type { StoredRow } from './stored-row.js';

/** Facts to send, under the id their numbers belong to. */
export interface Batch {
  writer: string;
  facts: readonly [Fact, ...Fact[]];
}

/**
 * The facts of one learner that the backend has not acknowledged. They are kept in the browser's storage
 * where there is one, else, and from its first failure on, as long as the page lives. No method rejects.
 */
export class FactStore {
  readonly #newWriter: () => string;
  #stored: StoredRow | null = null;
  #works = true;
  /** Kept in this page. The last one takes new facts, those before it are what the storage held when it failed. */
  #rows: FactRow[];
  #last: Promise<unknown> = Promise.resolve();

  /** @param newWriter mints a random id of at most 64 characters */
  constructor(newWriter: () => string) {
    this.#newWriter = newWriter;
    this.#rows = [emptyRow(newWriter())];
  }

  get mode(): 'indexeddb' | 'memory' {
    return this.#stored && this.#works ? 'indexeddb' : 'memory';
  }

  /** How many facts wait, as far as this page knows. */
  get pending(): number {
    return this.#all().reduce((sum, { facts }) => sum + facts.length, 0);
  }

  /** From now on new facts are kept here. What is in memory stays there until it is acknowledged. */
  keepIn(stored: StoredRow): void {
    this.#stored = stored;
  }

  /** Numbers the fact and keeps it, in one step; kept once resolved. */
  async append(draft: FactDraft): Promise<void> {
    if (await this.#inStorage((stored) => stored.append(draft))) return;
    this.#rows = this.#rows.map((row, index) => (index === this.#rows.length - 1 ? append(row, draft) : row));
  }

  /** The oldest facts in order, looked up anew: other pages write and acknowledge as well. */
  async oldest(limit: number): Promise<Batch | null> {
    await this.#inStorage((stored) => stored.read());
    return this.known(limit);
  }

  /** The same at once, as far as this page knows: for one that is going away. */
  known(limit: number): Batch | null {
    for (const { writer, facts } of this.#all()) {
      const [first, ...others] = facts.slice(0, limit);
      if (first) return { writer, facts: [first, ...others] };
    }
    return null;
  }

  /** Drops this writer's facts up to this number. */
  async acknowledge(writer: string, n: number): Promise<void> {
    await this.#inStorage((stored) => stored.acknowledge(writer, n));
    this.#rows = this.#rows.map((row) => (row.writer === writer ? acknowledge(row, n) : row));
  }

  /** Numbers this writer's facts from 1 again, under a new one. */
  async renumber(writer: string): Promise<void> {
    await this.#inStorage((stored) => stored.renumber(writer));
    this.#rows = this.#rows.map((row) => (row.writer === writer ? renumber(row, this.#newWriter()) : row));
  }

  /** Drops everything, the writer included. */
  async clear(): Promise<void> {
    this.#works = true;
    await this.#inStorage((stored) => stored.delete());
    this.#rows = [emptyRow(this.#newWriter())];
  }

  #all(): readonly FactRow[] {
    const known = this.#works && this.#stored?.known;
    return known ? [known, ...this.#rows] : this.#rows;
  }

  /** One after the other, so that numbers follow the order of the calls. @returns false where there is no storage */
  #inStorage(work: (stored: StoredRow) => Promise<unknown>): Promise<boolean> {
    const turn = this.#last.then(async () => {
      if (!this.#stored || !this.#works) return false;
      try {
        await work(this.#stored);
        return true;
      } catch {
        // `mode` says so from here on. Facts already stored may be sent from here: their numbers make doubles harmless.
        this.#rows = [...this.#all()];
        this.#works = false;
        return false;
      }
    });
    this.#last = turn;
    return turn;
  }
}
