import type { Environment } from './environment.js';
import type { FactDraft } from './fact-row.js';
import { FactStore } from './fact-store.js';
import type { PracticeConfig } from './practice-state.js';
import { StoredRow } from './stored-row.js';

/** The facts this page knows of, by learner: nobody else's are in the current store. */
export class LearnerStores {
  readonly #environment: Environment;
  readonly #config: () => PracticeConfig;
  readonly #onLost: (facts: readonly FactDraft[]) => void;
  readonly #stores = new Map<string, FactStore>();
  #current: FactStore;

  /** @param onLost told of facts that the browser has thrown away */
  constructor(environment: Environment, config: () => PracticeConfig, onLost: (facts: readonly FactDraft[]) => void) {
    this.#environment = environment;
    this.#config = config;
    this.#onLost = onLost;
    this.#current = new FactStore(this.#newWriter);
  }

  /** In memory as long as nobody has a name. */
  get current(): FactStore {
    return this.#current;
  }

  /** This learner is here from now on. What nobody had a name for so far is the first one's. */
  switchTo(learner: string, mayStore: boolean): void {
    const isFirst = this.#stores.size === 0;
    const known = this.#stores.get(learner);
    if (known) {
      this.#current = known;
      return;
    }
    if (!isFirst) this.#current = new FactStore(this.#newWriter);
    this.#stores.set(learner, this.#current);
    const { backend, offlineQueue } = this.#config();
    if (!mayStore || !offlineQueue || !this.#environment.indexedDB()) return;
    this.#current.keepIn(new StoredRow(this.#environment, backend, learner, this.#newWriter, this.#onLost));
  }

  readonly #newWriter = (): string => this.#environment.randomUUID();
}
