/** Runs a step of the database later. Virtual time, a seeded scheduler or the event loop decide when. */
export type Schedule = (step: () => void) => void;

/** Hears of an entry that is not what it was; `undefined` where there is none. */
export type DiskListener = (key: unknown, before: unknown, after: unknown) => void;

/** What may be wrong with the storage of a page. */
export type StorageFault = 'none' | 'refuses' | 'hangs' | 'full' | 'forbidden';

interface Disk {
  version: number;
  stores: Map<string, Map<string, unknown>>;
  /** The first one runs, the others wait: simpler than the standard, and as strict where it matters. */
  transactions: VirtualTransaction[];
}

/**
 * The IndexedDB of one browser, as far as a key-value store needs it: atomic transactions one after the
 * other, events in scheduled steps, pages that die in the middle. Real browsers' databases cannot be made
 * to do the same thing twice.
 */
export class VirtualIndexedDb {
  readonly schedule: Schedule;
  readonly disks = new Map<string, Disk>();
  readonly #onChange: DiskListener;

  /** @param onChange told of each entry a transaction changed, once it has committed */
  constructor(schedule: Schedule, onChange: DiskListener = () => undefined) {
    this.schedule = schedule;
    this.#onChange = onChange;
  }

  /** What a page of this browser sees. */
  page(onDeath: () => void = () => undefined): VirtualPageStorage {
    return new VirtualPageStorage(this, onDeath);
  }

  /** The browser throws everything away. Transactions under way are aborted. */
  evict(): void {
    this.breakConnections();
    this.disks.clear();
  }

  /** Every page finds its transactions aborted, as when the browser's own storage process dies. */
  breakConnections(): void {
    for (const disk of this.disks.values()) for (const transaction of [...disk.transactions]) transaction.abort();
  }

  /** The entries whose keys name somebody. */
  rowsOf(name: string): unknown[] {
    return [...this.disks.values()].flatMap(({ stores }) =>
      [...stores.values()].flatMap((store) =>
        [...store].filter(([key]) => (JSON.parse(key) as unknown[]).includes(name)).map(([, value]) => value),
      ),
    );
  }

  /** What a transaction leaves behind. */
  write(disk: Disk, store: string, values: Map<string, unknown>): void {
    const before = disk.stores.get(store) ?? new Map<string, unknown>();
    disk.stores.set(store, values);
    for (const key of new Set([...before.keys(), ...values.keys()]))
      if (before.get(key) !== values.get(key)) this.#onChange(JSON.parse(key), before.get(key), values.get(key));
  }

  /** Everything that is stored, by database, store and key. */
  dump(): unknown[] {
    return [...this.disks.values()].flatMap(({ stores }) =>
      [...stores.values()].flatMap((store) => [...store.values()]),
    );
  }
}

/** One page's way to the databases, until it dies. */
export class VirtualPageStorage {
  fault: StorageFault = 'none';
  /** Where the page's next transaction that changes anything is cut short by its end. */
  diesAt: 'before-commit' | 'after-commit' | null = null;
  readonly #onDeath: () => void;
  readonly #browser: VirtualIndexedDb;
  readonly #transactions = new Set<VirtualTransaction>();
  #alive = true;

  constructor(browser: VirtualIndexedDb, onDeath: () => void) {
    this.#browser = browser;
    this.#onDeath = onDeath;
  }

  /** @returns false where the page dies before it is done */
  commit(disk: Disk, store: string, values: Map<string, unknown>): boolean {
    const { diesAt } = this;
    if (diesAt !== 'before-commit') this.#browser.write(disk, store, values);
    if (diesAt === null) return true;
    this.diesAt = null;
    this.#onDeath();
    return false;
  }

  /** Nothing of the page runs any more; what it had not committed never was. */
  kill(): void {
    this.#alive = false;
    for (const transaction of this.#transactions) transaction.withdraw();
  }

  /** Runs a step in this page, if it still lives. */
  step(run: () => void): void {
    this.#browser.schedule(() => {
      if (this.#alive) run();
    });
  }

  /** As pages get at it. Only the members a key-value store uses are there. */
  readonly factory = {
    open: (name: string, version?: number): VirtualRequest => this.#open(name, version),
    databases: (): Promise<{ name: string; version: number }[]> =>
      this.fault === 'forbidden'
        ? Promise.reject(new DOMException('Sandboxed', 'SecurityError'))
        : Promise.resolve([...this.#browser.disks].map(([name, { version }]) => ({ name, version }))),
  } as unknown as IDBFactory;

  #open(name: string, version?: number): VirtualRequest {
    if (this.fault === 'forbidden') throw new DOMException('Sandboxed', 'SecurityError');
    const request = new VirtualRequest();
    if (this.fault === 'hangs') return request;
    this.step(() => {
      if (this.fault === 'refuses') return request.fail(new DOMException('No', 'InvalidStateError'));
      const { disks } = this.#browser;
      const existed = disks.has(name);
      const disk = disks.get(name) ?? { version: 0, stores: new Map(), transactions: [] };
      const wanted = version ?? Math.max(1, disk.version);
      if (wanted < disk.version) return request.fail(new DOMException('Older', 'VersionError'));
      request.result = this.#connect(name);
      disks.set(name, disk);
      if (wanted > disk.version) {
        let aborted = false;
        request.transaction = { abort: () => (aborted = true) };
        request.onupgradeneeded?.();
        request.transaction = null;
        if (aborted && !existed) disks.delete(name);
        if (aborted) return request.fail(new DOMException('Aborted', 'AbortError'));
        disk.version = wanted;
      }
      this.step(() => request.onsuccess?.());
    });
    return request;
  }

  #connect(name: string) {
    const disk = () => this.#browser.disks.get(name);
    const transactions = this.#transactions;
    let closed = false;
    return {
      get version() {
        return disk()?.version ?? 0;
      },
      objectStoreNames: { contains: (store: string) => disk()?.stores.has(store) ?? false },
      createObjectStore: (store: string) => void disk()?.stores.set(store, new Map()),
      close: () => void (closed = true),
      transaction: (store: string) => {
        const opened = disk();
        if (closed || !opened) throw new DOMException('Closed', 'InvalidStateError');
        if (!opened.stores.has(store)) throw new DOMException('Missing', 'NotFoundError');
        const transaction = new VirtualTransaction(this, opened, store);
        transactions.add(transaction);
        return transaction;
      },
    };
  }
}

/** Everybody who reads it gets the same: nobody may change it. */
function frozen(value: unknown): unknown {
  if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) frozen(member);
    Object.freeze(value);
  }
  return value;
}

class VirtualRequest {
  result: unknown;
  error: DOMException | null = null;
  transaction: { abort: () => void } | null = null;
  onupgradeneeded?: () => void;
  onsuccess?: () => void;
  onerror?: () => void;

  fail(error: DOMException): void {
    this.error = error;
    this.onerror?.();
  }
}

class VirtualTransaction {
  error: DOMException | null = null;
  oncomplete?: () => void;
  onabort?: () => void;
  readonly #page: VirtualPageStorage;
  readonly #disk: Disk;
  readonly #store: string;
  readonly #requests: { run: (values: Map<string, unknown>) => unknown; request: VirtualRequest }[] = [];
  /** What will be there once it has committed. */
  #values: Map<string, unknown> | null = null;
  #isWrite = false;
  #finished = false;

  constructor(page: VirtualPageStorage, disk: Disk, store: string) {
    this.#page = page;
    this.#disk = disk;
    this.#store = store;
    disk.transactions.push(this);
    if (disk.transactions[0] === this) this.begin();
  }

  begin(): void {
    this.#page.step(() => this.#advance());
  }

  objectStore() {
    const ask = (run: (values: Map<string, unknown>) => unknown): VirtualRequest => {
      const request = new VirtualRequest();
      this.#requests.push({ run, request });
      return request;
    };
    return {
      transaction: this,
      get: (key: unknown) => ask((values) => values.get(JSON.stringify(key))),
      getAll: () => ask((values) => [...values.values()]),
      getAllKeys: () => ask((values) => [...values.keys()].map((key) => JSON.parse(key) as unknown)),
      put: (value: unknown, key: unknown) => {
        this.#isWrite = true;
        const kept = frozen(structuredClone(value));
        return ask((values) => values.set(JSON.stringify(key), kept));
      },
      delete: (key: unknown) => {
        this.#isWrite = true;
        return ask((values) => values.delete(JSON.stringify(key)));
      },
    };
  }

  abort(error: DOMException | null = null): void {
    if (this.#finished) throw new DOMException('Finished', 'InvalidStateError');
    this.error = error;
    this.withdraw();
    for (const { request } of this.#requests.splice(0))
      this.#page.step(() => request.fail(error ?? new DOMException('Aborted', 'AbortError')));
    this.#page.step(() => this.onabort?.());
  }

  /** Never was. */
  withdraw(): void {
    if (!this.#finished) this.#leave();
  }

  #advance(): void {
    if (this.#finished) return;
    this.#values ??= new Map(this.#disk.stores.get(this.#store));
    const next = this.#requests.shift();
    if (!next) return this.#commit(this.#values);
    next.request.result = next.run(this.#values);
    next.request.onsuccess?.();
    this.begin();
  }

  #commit(values: Map<string, unknown>): void {
    if (this.#isWrite) {
      if (this.#page.fault === 'full') return this.abort(new DOMException('Full', 'QuotaExceededError'));
      if (!this.#page.commit(this.#disk, this.#store, values)) return this.withdraw();
    }
    this.#leave();
    // Durable from here on, whether or not the page lives to hear of it.
    this.#page.step(() => this.oncomplete?.());
  }

  #leave(): void {
    this.#finished = true;
    const { transactions } = this.#disk;
    const isRunning = transactions[0] === this;
    transactions.splice(transactions.indexOf(this), 1);
    if (isRunning) transactions[0]?.begin();
  }
}
