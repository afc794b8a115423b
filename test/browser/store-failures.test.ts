import { expect } from '@open-wc/testing';
import { Backend } from '../../src/client/backend.js';
import { browserEnvironment, type Environment } from '../../src/client/environment.js';
import type { FactDraft } from '../../src/client/fact-row.js';
import { DATABASE, hasStored, OBJECT_STORE } from '../../src/client/has-stored.js';
import { Outbox } from '../../src/client/outbox.js';
import type { PracticeConfig } from '../../src/client/practice-state.js';

const AT = '2026-11-22T09:00:00.000Z';
const completed: FactDraft = { type: 'completed', at: AT, courseId: 'c', sessionId: crypto.randomUUID() };

/** Waits in these tests are as long as in life, divided by this. */
const HASTE = 10;

/** The real outbox over the real database of this browser, with a backend that takes everything when it is there. */
function page(change: Partial<Environment> = {}, learner = 'p-ada') {
  const applied: { learner: string; writer: string; n: number }[] = [];
  const isBackendThere = { now: false };
  const environment: Environment = {
    ...browserEnvironment(),
    setTimer(milliseconds, callback) {
      const timer = setTimeout(callback, milliseconds / HASTE);
      return () => clearTimeout(timer);
    },
    async fetch(_url, { body }) {
      if (!isBackendThere.now) throw new TypeError('Failed to fetch');
      const { learner, writer, events } = JSON.parse(String(body)) as {
        learner: string;
        writer: string;
        events: { n: number }[];
      };
      if (learner !== page.loggedIn) return Response.json({ code: 'forbidden' }, { status: 403 });
      applied.push(...events.map(({ n }) => ({ learner, writer, n })));
      return Response.json({ protocol: 1, serverTime: AT, ack: Math.max(0, ...events.map(({ n }) => n)) });
    },
    ...change,
  };
  const config = (): PracticeConfig => ({
    backend: 'https://lms.example/api/practice',
    courseId: 'c',
    credentials: 'same-origin',
    confirmation: true,
    timeLimit: true,
    offlineQueue: true,
  });
  const rejected: string[] = [];
  const told: string[] = [];
  const outbox: Outbox = new Outbox(environment, new Backend(environment, config, () => {}), config, {
    changed: () => told.push(outbox.storageMode),
    answered: () => {},
    rejected: (fact, code) => rejected.push(`${fact.type} ${code}`),
  });
  outbox.identify({ learner });
  /** The backend is there: everything the page holds arrives, once. */
  const works = async (facts: number): Promise<void> => {
    expect(outbox.pending).to.equal(facts);
    isBackendThere.now = true;
    await outbox.flush();
    expect(outbox.pending).to.equal(0);
    const numbers = applied.map(({ writer, n }) => `${writer} ${n}`);
    expect(new Set(numbers).size).to.equal(facts);
  };
  return { environment, outbox, rejected, told, applied, isBackendThere, works };
}
page.loggedIn = 'p-ada';

const done = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** Another program's connection to the same database. */
function connect(version?: number, upgrade?: (database: IDBDatabase) => void): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, version);
  request.onupgradeneeded = () => upgrade?.(request.result);
  return done(request);
}

const deleteAll = async (): Promise<void> => void (await done(indexedDB.deleteDatabase(DATABASE)));

describe('When IndexedDB', () => {
  const unhandled: unknown[] = [];
  const note = (event: PromiseRejectionEvent): void => void unhandled.push(event.reason);

  before(() => window.addEventListener('unhandledrejection', note));
  after(() => window.removeEventListener('unhandledrejection', note));
  beforeEach(deleteAll);
  afterEach(async () => {
    page.loggedIn = 'p-ada';
    await deleteAll();
    expect(unhandled).to.deep.equal([]);
  });

  it('works, facts outlive the page and nothing is created before there is one', async () => {
    const first = page();
    await first.outbox.flush();
    expect((await indexedDB.databases()).some(({ name }) => name === DATABASE)).to.equal(false);
    expect(await hasStored(first.environment)).to.equal(false);
    await first.outbox.record(completed);
    expect(first.outbox.storageMode).to.equal('indexeddb');
    expect(await hasStored(first.environment)).to.equal(true);

    const second = page();
    await second.outbox.flush();
    await second.works(1);
    expect(await hasStored(first.environment)).to.equal(false);
  });

  it('never opens, facts stay in memory', async () => {
    const { outbox, works } = page({
      indexedDB: () => ({ open: () => ({}), databases: async () => [] }) as unknown as IDBFactory,
    });
    await outbox.record(completed);
    expect(outbox.storageMode).to.equal('memory');
    await works(1);
  });

  it('loses its connection in the middle, a new one is opened', async () => {
    let lost = 0;
    const { outbox, works } = page({ indexedDB: () => losing(indexedDB, () => lost++ === 0) });
    await outbox.record(completed);
    expect(lost).to.be.greaterThan(1);
    expect(outbox.storageMode).to.equal('indexeddb');
    await works(1);
  });

  it('is blocked by a page that does not let go, facts stay in memory', async () => {
    // The store is missing, and its upgrade has to wait for this connection, which never closes.
    const other = await connect(1, () => {});
    const { outbox, works } = page();
    await outbox.record(completed);
    expect(outbox.storageMode).to.equal('memory');
    await works(1);
    other.close();
  });

  it('has no object store, it is made anew', async () => {
    (await connect(1, () => {})).close();
    const { outbox, works } = page();
    await outbox.record(completed);
    expect(outbox.storageMode).to.equal('indexeddb');
    await works(1);
  });

  it('has an object store of another make, facts stay in memory', async () => {
    const other = await connect(1, (database) => void database.createObjectStore(OBJECT_STORE, { keyPath: 'id' }));
    other.close();
    const { outbox, works } = page();
    await outbox.record(completed);
    expect(outbox.storageMode).to.equal('memory');
    await works(1);
  });

  it('holds what no version of this code wrote, it is replaced', async () => {
    const other = await connect(1, (database) => void database.createObjectStore(OBJECT_STORE));
    const key = ['facts', 'https://lms.example/api/practice', 'p-ada'];
    await done(other.transaction(OBJECT_STORE, 'readwrite').objectStore(OBJECT_STORE).put('nonsense', key));
    other.close();
    const { outbox, works } = page();
    await outbox.record(completed);
    expect(outbox.storageMode).to.equal('indexeddb');
    await works(1);
  });

  it('refuses in private mode, facts stay in memory', async () => {
    const { outbox, works } = page({
      indexedDB: () => failing(indexedDB, new DOMException('A mutation was attempted', 'InvalidStateError')),
    });
    await outbox.record(completed);
    expect(outbox.storageMode).to.equal('memory');
    await works(1);
  });

  it('is full, what it holds and what is new both arrive', async () => {
    let isFull = false;
    const { outbox, works, told } = page({ indexedDB: () => losing(indexedDB, () => isFull, 'QuotaExceededError') });
    await outbox.record(completed);
    isFull = true;
    await outbox.record(completed);
    expect(outbox.storageMode).to.equal('memory');
    expect(told.at(-1)).to.equal('memory');
    await works(2);
  });

  it('was evicted, a new writer begins and what is gone is said', async () => {
    const { outbox, works, rejected } = page();
    await outbox.record(completed);
    await deleteAll();
    await outbox.record(completed);
    expect(outbox.storageMode).to.equal('indexeddb');
    expect(rejected).to.deep.equal(['completed storage']);
    await works(1);
  });

  it('is denied to a third-party frame, facts stay in memory', async () => {
    const denied = {
      open: () => {
        throw new DOMException('Access is denied for this document.', 'SecurityError');
      },
      databases: () => Promise.reject(new DOMException('Access is denied for this document.', 'SecurityError')),
    };
    const { outbox, works, environment } = page({ indexedDB: () => denied as unknown as IDBFactory });
    await outbox.record(completed);
    expect(await hasStored(environment)).to.equal(false);
    expect(outbox.storageMode).to.equal('memory');
    await works(1);
  });

  it('is held by a frozen page, facts stay in memory until it wakes up, and none is doubled', async () => {
    const seed = page();
    await seed.outbox.record(completed);
    // Asks again and again, so that its transaction never ends: what a frozen page does without doing anything.
    const frozen = await connect();
    let isFrozen = true;
    const store = frozen.transaction(OBJECT_STORE, 'readwrite').objectStore(OBJECT_STORE);
    const hold = (): void => {
      if (isFrozen) store.get('anything').onsuccess = hold;
    };
    hold();
    const { outbox, works } = page();
    await outbox.record(completed);
    expect(outbox.storageMode).to.equal('memory');
    isFrozen = false;
    frozen.close();
    await works(1);
    const after = page();
    await after.outbox.flush();
    await after.works(1);
  });

  it('belongs to a sandboxed frame, facts stay in memory', async () => {
    const frame = document.createElement('iframe');
    frame.sandbox.add('allow-scripts');
    const heard = new Promise<MessageEvent>((resolve) => window.addEventListener('message', resolve, { once: true }));
    const outboxAddress = new URL('./fixtures/sandboxed-outbox.ts', import.meta.url).href;
    frame.srcdoc = `<script type="module" src="${outboxAddress}"></script>`;
    document.body.append(frame);
    const { data } = (await heard) as MessageEvent<unknown>;
    frame.remove();
    expect(data).to.deep.equal({ mode: 'memory', pending: 1, stored: false, unhandled: 0 });
  });

  it('is to be changed or deleted by another page, ours lets it, and goes on', async () => {
    const { outbox, works, rejected } = page();
    await outbox.record(completed);
    const upgraded = await connect(7, () => {});
    const recorded = outbox.record(completed);
    upgraded.close();
    await recorded;
    expect(outbox.storageMode).to.equal('indexeddb');
    await Promise.all([deleteAll(), outbox.record(completed)]);
    await outbox.record(completed);
    expect(outbox.storageMode).to.equal('indexeddb');
    expect(outbox.pending + rejected.length).to.equal(4);
    await works(outbox.pending);
  });

  it('holds the facts of another learner, they wait until that learner is back', async () => {
    const ada = page({}, 'p-ada');
    await ada.outbox.record(completed);
    page.loggedIn = 'p-ben';
    const ben = page({}, 'p-ben');
    await ben.outbox.record(completed);
    await ben.works(1);
    // Her page is still open, and does not know yet that he is logged in.
    ada.isBackendThere.now = true;
    await ada.outbox.flush();
    expect(ada.outbox.pending).to.equal(1);
    expect(ada.rejected).to.deep.equal([]);
    page.loggedIn = 'p-ada';
    ada.outbox.identify({ learner: 'p-ada' });
    await ada.works(1);
  });
});

/** The real thing, whose transactions are lost for the reason given. */
function losing(real: IDBFactory, isLost: () => boolean, reason = 'AbortError'): IDBFactory {
  const withLosses = (database: IDBDatabase): IDBDatabase => {
    const transaction = database.transaction.bind(database);
    database.transaction = (...how: Parameters<IDBDatabase['transaction']>) => {
      const begun = transaction(...how);
      if (how[1] === 'readwrite' && isLost()) {
        if (reason === 'AbortError') begun.abort();
        else
          begun.objectStore(OBJECT_STORE).put = () => {
            throw new DOMException('No room', reason);
          };
      }
      return begun;
    };
    return database;
  };
  return {
    databases: () => real.databases(),
    open(name: string, version?: number) {
      const request = real.open(name, version);
      request.addEventListener('success', () => withLosses(request.result));
      return request;
    },
  } as IDBFactory;
}

/** Every attempt to open ends with this error. */
function failing(real: IDBFactory, error: DOMException): IDBFactory {
  return {
    databases: () => real.databases(),
    open() {
      const request: { error: DOMException; onerror?: () => void } = { error };
      queueMicrotask(() => request.onerror?.());
      return request;
    },
  } as unknown as IDBFactory;
}
