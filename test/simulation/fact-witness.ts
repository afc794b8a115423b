import type { StoredFact } from '../../src/server/session-store.js';
import { Violation } from './violation.js';
import type { Exchange } from './web-link.js';

/** A row of facts as browsers keep it, written down a second time: the product's own notion is under test. */
interface KeptRow {
  writer: string;
  facts: readonly SentFact[];
}

interface SentFact {
  n: number;
  type: string;
  at: string;
  sessionId?: string;
}

/** A fact that was durable in a browser. */
interface KeptFact {
  browser: number;
  learner: string;
  type: string;
  /** As it was written, its number apart. */
  content: string;
  /** Numbered anew, destroyed with the store, or deleted because the learner logged out. */
  gone: boolean;
}

const KEY = 'facts';

/** Follows every fact from the browser's disk over the wire into the store: none lost, doubled, mixed up or borrowed. */
export class FactWitness {
  /** By writer and number. */
  readonly #kept = new Map<string, KeptFact>();
  /** Facts as they came over the wire, by learner, writer and number. */
  readonly #sent = new Map<string, { type: string; page: number }>();
  /** The same keys. */
  readonly #stored = new Map<string, StoredFact>();
  /** Writer and number of everything stored. */
  readonly #arrived = new Set<string>();
  /** What the offers call the learners. */
  readonly #names = new Map<string, string>();
  readonly #ownerOf: (sessionId: string) => string | undefined;

  constructor(ownerOf: (sessionId: string) => string | undefined) {
    this.#ownerOf = ownerOf;
  }

  /** Facts the backend has. */
  get count(): number {
    return this.#stored.size;
  }

  called(learner: string, name: string): void {
    this.#names.set(name, learner);
  }

  /** @param mayDelete the learner of this browser is logging out at this moment */
  changedOnDisk(browser: number, key: unknown, before: unknown, after: unknown, mayDelete: boolean): void {
    if (!Array.isArray(key) || key[0] !== KEY) return;
    const [old, row] = [before as KeptRow | undefined, after as KeptRow | undefined];
    for (const fact of row?.facts ?? []) this.#keep(browser, String(key[2]), row?.writer ?? '', fact);
    const still = new Set(row?.facts.map((fact) => `${row.writer} ${fact.n}`));
    const contents = new Set(row?.facts.map(contentOf));
    for (const fact of old?.facts ?? []) {
      const id = `${old?.writer} ${fact.n}`;
      const kept = this.#kept.get(id);
      if (still.has(id) || this.#arrived.has(id) || !kept) continue;
      if (!mayDelete && !(row && row.writer !== old?.writer && contents.has(contentOf(fact))))
        throw new Violation('I7', `fact ${id} (${fact.type}) left the browser before the backend had it`);
      kept.gone = true;
    }
  }

  #keep(browser: number, name: string, writer: string, fact: SentFact): void {
    const id = `${writer} ${fact.n}`;
    const content = contentOf(fact);
    const known = this.#kept.get(id);
    if (known && known.content !== content)
      throw new Violation('I8', `fact ${id} was ${known.content}, now ${content}`);
    if (known) return;
    const learner = this.#names.get(name) ?? name;
    const owner = fact.sessionId === undefined ? undefined : this.#ownerOf(fact.sessionId);
    if (owner !== undefined && owner !== learner)
      throw new Violation('I13', `a fact of ${owner} is kept among those of ${learner}`);
    this.#kept.set(id, { browser, learner, type: fact.type, content, gone: false });
  }

  /** The browser has destroyed its store. */
  destroyed(browser: number): void {
    for (const fact of this.#kept.values()) if (fact.browser === browser) fact.gone = true;
  }

  /** A batch has reached a server. */
  sent({ learner, body, page }: Exchange): void {
    const { writer, events } = JSON.parse(body) as { writer: string; events: SentFact[] };
    for (const { sessionId, n, type } of events) {
      this.#sent.set(`${learner} ${writer} ${n}`, { type, page });
      const owner = sessionId === undefined ? undefined : this.#ownerOf(sessionId);
      if (owner !== undefined && owner !== learner)
        throw new Violation('I13', `a fact of ${owner} was sent as ${learner}`);
    }
  }

  /** A transaction with facts was committed. */
  appended(facts: readonly StoredFact[]): void {
    for (const fact of facts) {
      const key = `${fact.userId} ${fact.writer} ${fact.n}`;
      if (this.#stored.has(key)) throw new Violation('I8', `fact ${key} took effect twice`);
      if (fact.n > 1 && !this.#stored.has(`${fact.userId} ${fact.writer} ${fact.n - 1}`))
        throw new Violation('I9', `fact ${key} was applied before the one in front of it`);
      const owner = fact.sessionId === null ? undefined : this.#ownerOf(fact.sessionId);
      if (fact.rejected === null && owner !== undefined && owner !== fact.userId)
        throw new Violation('I12', `a fact of ${fact.userId} was taken for a session of ${owner}`);
      this.#stored.set(key, fact);
      this.#arrived.add(`${fact.writer} ${fact.n}`);
    }
  }

  /** Something durable in this browser is still to be sent, once a page of this learner looks for it. */
  isWaiting(browser: number, learner: string): boolean {
    return [...this.#kept].some(
      ([id, fact]) => fact.browser === browser && fact.learner === learner && !fact.gone && !this.#arrived.has(id),
    );
  }

  /**
   * I7, after the calm: what was durable or sent has arrived, as what it was.
   *
   * @param waits facts of this learner in this browser may wait there, unsent: no page of theirs is open
   * @param isOpen the page with this number is
   */
  check(waits: (browser: number, learner: string) => boolean, isOpen: (page: number) => boolean): void {
    for (const [id, { browser, learner, type, gone }] of this.#kept)
      if (!gone && !this.#arrived.has(id) && !waits(browser, learner))
        throw new Violation('I7', `fact ${id} (${type}) of ${learner} is lost`);
    for (const [key, { type, page }] of this.#sent) {
      const stored = this.#stored.get(key);
      if (stored && stored.type !== type) throw new Violation('I8', `fact ${key} was ${type}, became ${stored.type}`);
      // One that was never durable goes with its page, and one that was has been looked at above.
      const [, writer, n] = key.split(' ');
      if (!stored && !this.#kept.has(`${writer} ${n}`) && isOpen(page))
        throw new Violation('I7', `fact ${key} (${type}) is lost`);
    }
  }
}

const contentOf = ({ n: _, ...content }: SentFact): string => JSON.stringify(content);
