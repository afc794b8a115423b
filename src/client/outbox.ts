import { retryDelay, type EventsAnswer, type Fact, type FactType, type PracticeError } from '../protocol/index.js';
import type { Backend, Result } from './backend.js';
import { delay } from './delay.js';
import { mayPass } from './end-conversation.js';
import type { Environment } from './environment.js';
import type { FactDraft } from './fact-row.js';
import type { Batch, FactStore } from './fact-store.js';
import { hasStored } from './has-stored.js';
import { LearnerStores } from './learner-stores.js';
import type { PracticeConfig } from './practice-state.js';
import { deleteStoredRows } from './stored-row.js';

/** Who the backend says is here. */
export interface Identity {
  /** The name the offer gives. Facts are sent under it, and the backend refuses them when somebody else is here. */
  learner?: string | undefined;
  /** The `userId` of the learner's own session, where offers give no name. */
  userId?: string | undefined;
}

export interface OutboxListener {
  /** `pending` or `storageMode` changed. */
  changed(): void;
  answered(answer: EventsAnswer): void;
  /** The backend will never apply this fact, or the browser did not keep it. `code` may be the host's own. */
  rejected(fact: FactDraft, code: string): void;
}

const BACKOFF = { base: 1000, cap: 60_000 };
const BATCH = 200;
const ROOM = 1000;
/** Milliseconds in which facts gather to one batch. */
const GATHER = 200;
/** Milliseconds in which a storage says what it holds. */
const PATIENCE = 3000;
const TERMINAL: ReadonlySet<FactType> = new Set(['completed', 'abandoned', 'failed', 'feedback']);

/**
 * Sends the learner's facts in order, one batch at a time, and keeps each until it is acknowledged. Facts
 * belong to a learner: those of another one wait, unsent, until that learner is back. As long as nobody
 * knows who is here, facts wait in memory.
 */
export class Outbox {
  readonly #environment: Environment;
  readonly #backend: Backend;
  readonly #config: () => PracticeConfig;
  readonly #listener: OutboxListener;
  readonly #stores: LearnerStores;
  #identity: Identity = {};
  /** Server's ms of the newest word about who is here. */
  #asOf = -Infinity;
  /** Facts that wait for the first word about who is here; null once it was heard. */
  #held: FactDraft[] | null = [];
  /** The backend sees somebody else than we do. */
  #doubted = false;
  /** Facts on their way into the store. */
  #entering = 0;
  #told = '';
  #limit = BATCH;
  #failures = 0;
  /** Monotonic moment the backend asked us to wait for. */
  #notBefore = 0;
  #sending: Promise<void> | null = null;
  #cancelTimer = (): void => {};

  constructor(environment: Environment, backend: Backend, config: () => PracticeConfig, listener: OutboxListener) {
    this.#environment = environment;
    this.#backend = backend;
    this.#config = config;
    this.#listener = listener;
    this.#stores = new LearnerStores(environment, config, (facts) => {
      for (const fact of facts) listener.rejected(fact, 'storage');
    });
  }

  get pending(): number {
    return (this.#held?.length ?? 0) + this.#entering + this.#stores.current.pending;
  }

  get storageMode(): FactStore['mode'] {
    return this.#stores.current.mode;
  }

  /**
   * Says who is here, with each word of the backend about it.
   *
   * @param mayStore false where the backend does not want anything kept in browsers
   * @param asOf the server's ms of that word: words overtake each other, and the newest counts
   */
  identify({ learner, userId }: Identity, mayStore = true, asOf = this.#asOf): void {
    if (asOf < this.#asOf) return;
    this.#asOf = asOf;
    const name = learner ?? userId;
    const before = this.#identity.learner ?? this.#identity.userId;
    const isNews = this.#held !== null || this.#doubted || (name !== undefined && name !== before);
    this.#doubted = false;
    if (name !== undefined && name !== before) {
      this.#identity = { learner, userId };
      this.#stores.switchTo(name, mayStore);
    }
    const held = this.#held ?? [];
    this.#held = null;
    for (const draft of held) void this.record(draft);
    if (isNews) void this.flush();
  }

  /** Keeps a fact and sends it soon. A full outbox rejects all but those that say how a session ended. */
  async record(draft: FactDraft): Promise<void> {
    if (this.pending >= ROOM && !TERMINAL.has(draft.type)) return this.#listener.rejected(draft, 'storage');
    if (this.#held) {
      this.#held.push(draft);
      this.#tell();
      return this.#arm(GATHER);
    }
    this.#entering++;
    await this.#stores.current.append(draft);
    this.#entering--;
    this.#tell();
    if (this.#failures === 0) this.#arm(GATHER);
  }

  /** Sends what waits now, unless the backend asked to wait. Resolves when this attempt is over; never rejects. */
  flush(): Promise<void> {
    this.#sending ??= this.#send().finally(() => {
      this.#sending = null;
    });
    return this.#sending;
  }

  /** The page goes away: one request that outlives it, beside any that will not. Numbers make doubles harmless. */
  async flushBeforeUnload(): Promise<void> {
    const store = this.#stores.current;
    const batch = store.known(this.#limit);
    if (!batch || !this.#maySend) return;
    const { answer } = await this.#post(batch, true);
    if (answer) await this.#accept(store, batch, answer);
  }

  /** Deletes what is kept for this learner. Asks the backend who that is, where it has not said so yet. */
  async forget(): Promise<void> {
    if (this.#held) {
      this.#held = [];
      // Somebody is logging out and cannot be told from those before: nothing may stay behind.
      if (await this.#ask()) await deleteStoredRows(this.#environment, this.#config().backend);
    }
    this.#cancelTimer();
    // With the facts goes the wait for another try at them: the next fact has to arm its own.
    this.#failures = 0;
    await this.#stores.current.clear();
    this.#tell();
  }

  /** Only an offer says who is here. @returns why there is none */
  async #ask(): Promise<PracticeError | undefined> {
    const { answer, problem } = await this.#backend.offer();
    if (answer) this.identify(answer, answer.features.offlineQueue, Date.parse(answer.serverTime));
    return problem;
  }

  /** What this page holds cannot be said to be anybody's where there will never be an offer. */
  #stayUnknown(problem: PracticeError): void {
    if (mayPass(problem)) return this.#backOff(problem);
    if (problem.code === 'forbidden') return;
    const refused = this.#held ?? [];
    this.#held = [];
    this.#tell();
    for (const draft of refused) this.#listener.rejected(draft, problem.code);
  }

  /** A storage that hangs says nothing, and holds up nothing. */
  async #hasStored(): Promise<boolean> {
    const looked = new AbortController();
    let found = false;
    void hasStored(this.#environment).then((answer) => {
      found = answer;
      looked.abort();
    });
    await delay(this.#environment, PATIENCE, looked.signal);
    return found;
  }

  get #maySend(): boolean {
    return this.#held === null && !this.#doubted;
  }

  async #send(): Promise<void> {
    this.#cancelTimer();
    const wait = this.#notBefore - this.#environment.monotonic();
    if (wait > 0) return this.#arm(wait);
    if (this.#held && (this.#held.length > 0 || (await this.#hasStored()))) {
      const problem = await this.#ask();
      if (problem) return this.#stayUnknown(problem);
    }
    for (let gaps = 0; this.#maySend;) {
      const store = this.#stores.current;
      const batch = await store.oldest(this.#limit);
      this.#tell();
      if (store !== this.#stores.current) continue;
      if (!batch) {
        // Another page may have sent what this one could not.
        this.#failures = 0;
        return;
      }
      const { answer, problem } = await this.#post(batch);
      if (answer && answer.ack >= batch.facts[0].n) {
        this.#failures = 0;
        this.#limit = BATCH;
        await this.#accept(store, batch, answer);
      } else {
        const isSecondGap = problem?.code === 'sequence_gap' && gaps++ > 0;
        const mayGoOn = problem && !isSecondGap && (await this.#settle(store, batch, problem));
        if (!mayGoOn) return this.#backOff(problem);
      }
    }
  }

  #post(
    { writer, facts }: { writer: string; facts: readonly Fact[] },
    keepalive = false,
  ): Promise<Result<EventsAnswer>> {
    return this.#backend.events({ writer, learner: this.#identity.learner, events: [...facts] }, keepalive);
  }

  async #accept(store: FactStore, { writer, facts }: Batch, answer: EventsAnswer): Promise<void> {
    await store.acknowledge(writer, answer.ack);
    this.#tell();
    for (const { n, code } of answer.rejected) {
      const fact = facts.find((candidate) => candidate.n === n);
      if (fact) this.#listener.rejected(fact, code);
    }
    this.#listener.answered(answer);
  }

  /** @returns whether it is worth sending again at once */
  async #settle(store: FactStore, batch: Batch, problem: PracticeError): Promise<boolean> {
    const { writer, facts } = batch;
    const [first] = facts;
    switch (problem.code) {
      case 'forbidden':
        this.#doubted = true;
        return false;
      case 'sequence_gap': {
        const ack = problem.details.ack ?? (await this.#post({ writer, facts: [] })).answer?.ack;
        if (ack === undefined) return false;
        // Facts the backend has forgotten are gone here as well: what is left starts a row of its own.
        if (ack < first.n - 1) await store.renumber(writer);
        else await store.acknowledge(writer, ack);
        break;
      }
      case 'too_large':
        if (facts.length === 1) return this.#giveUp(store, batch, problem);
        this.#limit = Math.ceil(facts.length / 2);
        break;
      default:
        return !mayPass(problem) && this.#giveUp(store, batch, problem);
    }
    this.#tell();
    return true;
  }

  async #giveUp(store: FactStore, { writer, facts }: Batch, { code }: PracticeError): Promise<true> {
    await store.acknowledge(writer, facts[facts.length - 1]?.n ?? 0);
    this.#tell();
    for (const fact of facts) this.#listener.rejected(fact, code);
    return true;
  }

  #backOff(problem: PracticeError | undefined): void {
    if (this.#doubted) return;
    const retryAfter = problem?.details.retryAfter;
    this.#notBefore = this.#environment.monotonic() + (retryAfter ?? 0) * 1000;
    this.#arm(retryDelay(BACKOFF, this.#failures++, this.#environment.random(), retryAfter));
  }

  #arm(wait: number): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#environment.setTimer(wait, () => void this.flush());
  }

  #tell(): void {
    const news = `${this.pending} ${this.storageMode}`;
    if (news === this.#told) return;
    this.#told = news;
    this.#listener.changed();
  }
}
