import { del, delMany, get, keys, update, type UseStore } from 'idb-keyval';
import { acknowledge, append, emptyRow, isRow, renumber, type FactDraft, type FactRow } from './fact-row.js';
import { storeExists } from './has-stored.js';
import { hardenedStore, type StoreEnvironment } from './store.js';

/** Keys are `[FACTS, backend, learner]`: two backends may know the same name. */
const FACTS = 'facts';

/**
 * The facts of one learner as all pages of this browser share them. Each change is one transaction, and done
 * once it has completed. What rejects has changed nothing. A row that is gone, because the browser evicts or
 * somebody cleared it, begins again under a new writer.
 */
export class StoredRow {
  readonly #environment: StoreEnvironment;
  readonly #key: IDBValidKey;
  readonly #newWriter: () => string;
  readonly #onLost: (facts: readonly FactDraft[]) => void;
  readonly #strict: UseStore;
  readonly #relaxed: UseStore;
  #known: FactRow | null = null;

  /** @param onLost told of facts that were seen here, were not acknowledged, and are gone with their writer */
  constructor(
    environment: StoreEnvironment,
    backend: string,
    learner: string,
    newWriter: () => string,
    onLost: (facts: readonly FactDraft[]) => void,
  ) {
    this.#environment = environment;
    this.#key = [FACTS, backend, learner];
    this.#newWriter = newWriter;
    this.#onLost = onLost;
    this.#strict = hardenedStore(environment, 'strict');
    this.#relaxed = hardenedStore(environment, 'relaxed');
  }

  /** The row as last seen. Another page may have changed it since. */
  get known(): FactRow | null {
    return this.#known;
  }

  /** Looks at the row. Creates nothing. */
  async read(): Promise<FactRow | null> {
    const value = (await storeExists(this.#environment)) ? await get<unknown>(this.#key, this.#relaxed) : null;
    return this.#see(isRow(value) ? value : null);
  }

  /** Strict for every fact: a number that is sent and then forgotten would be given twice. */
  async append(draft: FactDraft): Promise<void> {
    let row: FactRow | null = null;
    const add = (old: unknown): FactRow => (row = append(isRow(old) ? old : emptyRow(this.#newWriter()), draft));
    await update<unknown>(this.#key, add, this.#strict);
    this.#see(row);
  }

  async acknowledge(writer: string, n: number): Promise<void> {
    // A backend that is ahead of us has seen numbers this store has lost: they must not be given again.
    await this.#change(writer, (row) => (n > row.newest ? emptyRow(this.#newWriter()) : acknowledge(row, n)));
  }

  async renumber(writer: string): Promise<void> {
    await this.#change(writer, (row) => renumber(row, this.#newWriter()));
  }

  async delete(): Promise<void> {
    this.#known = null;
    if (await storeExists(this.#environment)) await del(this.#key, this.#strict);
  }

  /** Leaves a row alone that is gone or has another writer by now. */
  async #change(writer: string, change: (row: FactRow) => FactRow): Promise<void> {
    const seen = await this.read();
    if (seen?.writer !== writer) return;
    let row: FactRow | null = null;
    const replace = (old: unknown): unknown => (isRow(old) && old.writer === writer ? (row = change(old)) : old);
    await update<unknown>(this.#key, replace, this.#relaxed);
    this.#known = row;
  }

  #see(row: FactRow | null): FactRow | null {
    const before = this.#known;
    this.#known = row;
    if (before && before.facts.length > 0 && before.writer !== row?.writer) this.#onLost(before.facts);
    return row;
  }
}

/** Deletes what all learners of a backend have here. Creates nothing and never rejects. */
export async function deleteStoredRows(environment: StoreEnvironment, backend: string): Promise<void> {
  if (!(await storeExists(environment))) return;
  const store = hardenedStore(environment, 'strict');
  const isOurs = (key: IDBValidKey): boolean => Array.isArray(key) && key[0] === FACTS && key[1] === backend;
  await keys(store)
    .then((all) => delMany(all.filter(isOurs), store))
    // Where a store that is there cannot be opened there is nothing to be done from here.
    .catch(() => undefined);
}
