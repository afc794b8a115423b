import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { FactStore } from '../../../src/client/fact-store.js';
import { StoredRow } from '../../../src/client/stored-row.js';
import type { StoreEnvironment } from '../../../src/client/store.js';
import { VirtualIndexedDb, type VirtualPageStorage } from '../../fakes/virtual-indexed-db.js';

/** What happens in a browser with two tabs. `tab` is 0 or 1. */
type Move =
  | { type: 'append' | 'send' | 'send, and lose the answer' | 'crash' | 'wait too long'; tab: number }
  /** So many steps of the database go by. */
  | { type: 'go on'; steps: number };

const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ type: fc.constant('append' as const), tab: fc.nat(1) }) },
  { weight: 6, arbitrary: fc.record({ type: fc.constant('go on' as const), steps: fc.integer({ min: 1, max: 12 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constantFrom('send' as const, 'send, and lose the answer' as const),
      tab: fc.nat(1),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constantFrom('crash' as const, 'wait too long' as const), tab: fc.nat(1) }),
  },
);

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Applies what follows the last number of each writer, as the contract says. */
class Server {
  readonly applied: string[] = [];
  readonly acks = new Map<string, number>();

  take({ writer, facts }: NonNullable<Awaited<ReturnType<FactStore['oldest']>>>): number {
    let ack = this.acks.get(writer) ?? 0;
    for (const { n, at } of facts) {
      if (n <= ack) continue;
      assert.equal(n, ++ack, `the numbers of ${writer} have a hole`);
      this.applied.push(at);
    }
    this.acks.set(writer, ack);
    return ack;
  }
}

interface Tab {
  storage: VirtualPageStorage;
  store: FactStore;
  timers: Set<() => void>;
  /** Facts that are in this page's memory only. */
  volatile: Set<string>;
}

/** Two tabs of one browser over one database, whose steps happen when the test says so. */
class TwoTabs {
  readonly server = new Server();
  /** Facts the store said it keeps, and is bound to. */
  readonly kept = new Set<string>();
  readonly #steps: (() => void)[] = [];
  readonly #browser = new VirtualIndexedDb((step) => this.#steps.push(step));
  readonly #tabs: Tab[] = [];
  #names = 0;

  constructor() {
    this.#load(0);
    this.#load(1);
  }

  async make(next: Move): Promise<void> {
    if (next.type === 'go on') return this.#goOn(next.steps);
    const tab = this.#tabs[next.tab]!;
    const { timers, storage, volatile } = tab;
    switch (next.type) {
      case 'append':
        void this.#append(tab);
        break;
      case 'send':
      case 'send, and lose the answer':
        void this.#send(tab.store, next.type === 'send');
        break;
      case 'wait too long':
        for (const timer of [...timers]) timer();
        break;
      case 'crash':
        storage.kill();
        // What was only in this page's memory died with it.
        for (const fact of volatile) this.kept.delete(fact);
        this.#load(next.tab);
    }
    await turn();
  }

  /** Faults are over: everything that waits gets through. */
  async calm(): Promise<void> {
    for (const { store } of this.#tabs) {
      await this.#goOn(1000);
      for (let round = 0; round < 8; round++) {
        void this.#send(store, true);
        await this.#goOn(1000);
      }
      assert.equal(store.pending, 0);
    }
  }

  async #goOn(steps: number): Promise<void> {
    await turn();
    for (let left = steps; left > 0 && this.#steps.length > 0; left--) {
      this.#steps.shift()?.();
      await turn();
    }
  }

  async #append({ store, volatile }: Tab): Promise<void> {
    const at = `fact ${this.#names++}`;
    await store.append({ type: 'opened', at, courseId: 'c' });
    this.kept.add(at);
    if (store.mode === 'memory') volatile.add(at);
  }

  async #send(store: FactStore, isHeard: boolean): Promise<void> {
    const batch = await store.oldest(3);
    if (!batch) return;
    const ack = this.server.take(batch);
    if (isHeard) await store.acknowledge(batch.writer, ack);
  }

  #load(tab: number): void {
    const storage = this.#browser.page();
    const timers = new Set<() => void>();
    const environment: StoreEnvironment = {
      indexedDB: () => storage.factory,
      setTimer: (_, callback) => {
        timers.add(callback);
        return () => timers.delete(callback);
      },
    };
    const newWriter = (): string => `writer ${this.#names++}`;
    const store = new FactStore(newWriter);
    store.keepIn(new StoredRow(environment, '/api', 'ada', newWriter, () => assert.fail('nothing is lost here')));
    this.#tabs[tab] = { storage, store, timers, volatile: new Set() };
  }
}

describe('Two tabs that share a store', () => {
  it('lose no fact, double none, and leave no hole, whatever happens in between', () =>
    fc.assert(
      fc.asyncProperty(fc.array(move, { maxLength: 60 }), async (moves) => {
        const browser = new TwoTabs();
        for (const next of moves) await browser.make(next);
        await browser.calm();
        const { applied } = browser.server;
        assert.equal(new Set(applied).size, applied.length, 'a fact was applied twice');
        for (const fact of browser.kept) assert.ok(applied.includes(fact), `${fact} was lost`);
      }),
      { numRuns: 500 },
    ));
});
