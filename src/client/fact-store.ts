import type { Fact } from '../protocol/index.js';

type WithoutNumber<F> = F extends Fact ? Omit<F, 'n'> : never;

/** A fact before it has its number. */
export type FactDraft = WithoutNumber<Fact>;

/**
 * The facts of one learner in this browser that the backend has not acknowledged. Facts of another
 * learner live in another store. Operations take effect in the order of their calls.
 */
export interface FactStore {
  readonly mode: 'indexeddb' | 'memory';
  /** Numbers the fact and keeps it, in one step; kept once resolved. */
  append(draft: FactDraft): Promise<void>;
  /** The oldest facts in order, under the id their numbers belong to. */
  oldest(limit: number): Promise<{ writer: string; facts: Fact[] }>;
  /** Drops the facts up to this number. Resolves to how many are left. */
  acknowledge(n: number): Promise<number>;
  /** Numbers what is kept from 1 again under a new writer. */
  renumber(): Promise<void>;
  /** Drops everything, the writer included. */
  clear(): Promise<void>;
}

/** Keeps facts as long as the page lives. */
export class MemoryFactStore implements FactStore {
  readonly mode = 'memory';
  readonly #newWriter: () => string;
  #writer: string;
  #newest = 0;
  #facts: Fact[] = [];

  /** @param newWriter mints a random id of at most 64 characters */
  constructor(newWriter: () => string) {
    this.#newWriter = newWriter;
    this.#writer = newWriter();
  }

  async append(draft: FactDraft): Promise<void> {
    this.#facts.push({ ...draft, n: ++this.#newest });
  }

  async oldest(limit: number): Promise<{ writer: string; facts: Fact[] }> {
    return { writer: this.#writer, facts: this.#facts.slice(0, limit) };
  }

  async acknowledge(n: number): Promise<number> {
    this.#facts = this.#facts.filter((fact) => fact.n > n);
    return this.#facts.length;
  }

  async renumber(): Promise<void> {
    this.#writer = this.#newWriter();
    this.#facts = this.#facts.map((fact, index) => ({ ...fact, n: index + 1 }));
    this.#newest = this.#facts.length;
  }

  async clear(): Promise<void> {
    this.#facts = [];
    await this.renumber();
  }
}
