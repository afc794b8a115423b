import { retryDelay, type EventsAnswer, type Fact, type FactType, type PracticeError } from '../protocol/index.js';
import type { Backend } from './backend.js';
import { mayPass } from './end-conversation.js';
import type { Environment } from './environment.js';
import type { FactDraft, FactStore } from './fact-store.js';

export interface OutboxListener {
  /** `pending` changed. */
  changed(): void;
  answered(answer: EventsAnswer): void;
  /** The backend will never apply this fact, or there was no room for it. `code` may be the host's own. */
  rejected(fact: FactDraft, code: string): void;
}

const BACKOFF = { base: 1000, cap: 60_000 };
const BATCH = 200;
const ROOM = 1000;
/** Milliseconds in which facts gather to one batch. */
const GATHER = 200;
const TERMINAL: ReadonlySet<FactType> = new Set(['completed', 'abandoned', 'failed']);

/** Sends the learner's facts in order, one batch at a time, and keeps each until it is acknowledged. */
export class Outbox {
  readonly #environment: Environment;
  readonly #backend: Backend;
  readonly #store: FactStore;
  readonly #listener: OutboxListener;
  #pending = 0;
  #limit = BATCH;
  #failures = 0;
  /** Monotonic moment the backend asked us to wait for. */
  #notBefore = 0;
  #sending: Promise<void> | null = null;
  #cancelTimer = (): void => {};

  constructor(environment: Environment, backend: Backend, store: FactStore, listener: OutboxListener) {
    this.#environment = environment;
    this.#backend = backend;
    this.#store = store;
    this.#listener = listener;
  }

  get pending(): number {
    return this.#pending;
  }

  get storageMode(): FactStore['mode'] {
    return this.#store.mode;
  }

  /** Keeps a fact and sends it soon. A full outbox rejects all but those that end a session. */
  async record(draft: FactDraft): Promise<void> {
    if (this.#pending >= ROOM && !TERMINAL.has(draft.type)) return this.#listener.rejected(draft, 'storage');
    this.#pending++;
    await this.#store.append(draft);
    this.#listener.changed();
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
    const { writer, facts } = await this.#store.oldest(this.#limit);
    if (facts.length === 0) return;
    const { answer } = await this.#backend.events({ writer, events: facts }, true);
    if (answer) await this.#accept(answer, facts);
  }

  /** Drops everything. */
  async forget(): Promise<void> {
    this.#cancelTimer();
    await this.#store.clear();
    this.#setPending(0);
  }

  async #send(): Promise<void> {
    this.#cancelTimer();
    const wait = this.#notBefore - this.#environment.monotonic();
    if (wait > 0) return this.#arm(wait);
    for (let gaps = 0; ;) {
      const { writer, facts } = await this.#store.oldest(this.#limit);
      const first = facts[0];
      if (!first) return;
      const { answer, problem } = await this.#backend.events({ writer, events: facts });
      if (answer && answer.ack >= first.n) {
        this.#failures = 0;
        this.#limit = BATCH;
        await this.#accept(answer, facts);
      } else {
        const isSecondGap = problem?.code === 'sequence_gap' && gaps++ > 0;
        const mayGoOn = problem && !isSecondGap && (await this.#settle(problem, writer, facts, first));
        if (!mayGoOn) return this.#backOff(problem);
      }
    }
  }

  async #accept(answer: EventsAnswer, sent: readonly Fact[]): Promise<void> {
    this.#setPending(await this.#store.acknowledge(answer.ack));
    for (const { n, code } of answer.rejected) {
      const fact = sent.find((candidate) => candidate.n === n);
      if (fact) this.#listener.rejected(fact, code);
    }
    this.#listener.answered(answer);
  }

  /** @returns whether it is worth sending again at once */
  async #settle(problem: PracticeError, writer: string, facts: readonly Fact[], first: Fact): Promise<boolean> {
    if (problem.code === 'sequence_gap') {
      const ack = problem.details.ack ?? (await this.#backend.events({ writer, events: [] })).answer?.ack;
      if (ack === undefined) return false;
      // Facts the backend has forgotten are gone here as well: what is left starts a row of its own.
      if (ack < first.n - 1) await this.#store.renumber();
      this.#setPending(await this.#store.acknowledge(ack < first.n - 1 ? 0 : ack));
      return true;
    }
    if (problem.code === 'too_large' && facts.length > 1) {
      this.#limit = Math.ceil(facts.length / 2);
      return true;
    }
    if (mayPass(problem)) return false;
    this.#setPending(await this.#store.acknowledge(facts[facts.length - 1]?.n ?? first.n));
    for (const fact of facts) this.#listener.rejected(fact, problem.code);
    return true;
  }

  #backOff(problem: PracticeError | undefined): void {
    const retryAfter = problem?.details.retryAfter;
    this.#notBefore = this.#environment.monotonic() + (retryAfter ?? 0) * 1000;
    this.#arm(retryDelay(BACKOFF, this.#failures++, this.#environment.random(), retryAfter));
  }

  #arm(wait: number): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#environment.setTimer(wait, () => void this.flush());
  }

  #setPending(pending: number): void {
    if (pending === this.#pending) return;
    this.#pending = pending;
    this.#listener.changed();
  }
}
