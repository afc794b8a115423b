import { isRunning, retryDelay, type SessionAnswer } from '../protocol/index.js';
import { Backend, type StartBody } from './backend.js';
import { BillingGate, type Confirmation } from './billing-gate.js';
import { delay } from './delay.js';
import { endConversation } from './end-conversation.js';
import type { Environment, LifecycleEvent } from './environment.js';
import { MemoryFactStore, type FactDraft } from './fact-store.js';
import { INITIAL_MACHINE_STATE, type Effect, type FactNote, type Input, type MachineState } from './machine-state.js';
import { OfferDesk } from './offer-desk.js';
import { Outbox } from './outbox.js';
import { PageLease } from './page-lease.js';
import type { Announcement, Intent, PracticeConfig, PracticeRunner, PracticeState } from './practice-state.js';
import { sessionMachine } from './session-machine.js';
import { SessionPoll } from './session-poll.js';
import { TtlClock } from './ttl-clock.js';

type Listener = (state: PracticeState, previous: PracticeState) => void;

const BACKOFF = { base: 1000, cap: 15_000 };
const LONGEST_USER_AGENT = 1024;

/**
 * The client of one element: the machine decides, this carries out.
 *
 * @param config read anew for every request
 * @param announce told what the host should know, after the state has changed
 */
export const createSessionRunner = (
  environment: Environment,
  config: () => PracticeConfig,
  announce: (announcement: Announcement) => void,
): PracticeRunner => new SessionRunner(environment, config, announce);

class SessionRunner implements PracticeRunner {
  readonly #environment: Environment;
  readonly #config: () => PracticeConfig;
  readonly #announce: (announcement: Announcement) => void;
  readonly #backend: Backend;
  readonly #gate: BillingGate;
  readonly #clock: TtlClock;
  readonly #lease: PageLease;
  readonly #offers: OfferDesk;
  readonly #poll: SessionPoll;
  readonly #outbox: Outbox;
  readonly #listeners = new Set<Listener>();
  readonly #stopListening: () => void;
  readonly #inputs: Input[] = [];
  #state: MachineState;
  #working = false;
  #destroyed = false;

  constructor(environment: Environment, config: () => PracticeConfig, announce: (announcement: Announcement) => void) {
    this.#environment = environment;
    this.#config = config;
    this.#announce = announce;
    this.#state = { ...INITIAL_MACHINE_STATE, offline: !environment.isOnline() };
    this.#clock = new TtlClock(environment, (secondsLeft) =>
      this.#feed({ type: 'ticked', secondsLeft, limited: this.#isLimited() }),
    );
    this.#backend = new Backend(environment, config, (sample) => this.#clock.sync(sample));
    this.#gate = new BillingGate(environment, this.#backend);
    this.#lease = new PageLease(environment, this.#backend, (answer) => this.#hear(answer));
    this.#offers = new OfferDesk(environment, this.#backend, this.#clock, ({ answer, problem }) =>
      this.#feed(answer ? { type: 'offer-arrived', offer: answer } : { type: 'offer-failed', problem }),
    );
    this.#poll = new SessionPoll(environment, this.#backend, {
      answered: (answer) => this.#hear(answer),
      failed: (problem, failures) => this.#feed({ type: 'read-failed', problem, rejoin: false, failures }),
    });
    this.#outbox = new Outbox(environment, this.#backend, new MemoryFactStore(() => environment.randomUUID()), {
      changed: () => this.#announceSync(),
      answered: ({ sessions, serverTime }) => sessions.forEach((session) => this.#hear({ session, serverTime })),
      rejected: (fact, code) => this.#feed({ type: 'fact-rejected', fact, code }),
    });
    this.#stopListening = environment.onLifecycle((event) => this.#onLifecycle(event));
  }

  getState(): PracticeState {
    return this.#state;
  }

  get pending(): number {
    return this.#outbox.pending;
  }

  get storageMode(): 'indexeddb' | 'memory' {
    return this.#outbox.storageMode;
  }

  dispatch(intent: Intent): void {
    const at = this.#environment.monotonic();
    if (intent.type === 'confirm') {
      const confirmation = this.#gate.confirm(intent.gesture);
      if (confirmation) this.#feed({ type: 'confirm', at, confirmation });
    } else if (intent.type === 'open') {
      const confirmation = intent.gesture && !this.#config().confirmation ? this.#gate.confirm(intent.gesture) : null;
      this.#feed({ type: 'open', at, confirmation });
    } else {
      this.#feed(intent);
    }
  }

  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  flush(): Promise<void> {
    return this.#outbox.flush();
  }

  forget(): Promise<void> {
    return this.#outbox.forget();
  }

  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    const { phase, session } = this.#state;
    if (phase === 'live' && session) this.#end(session.id, 'left');
    this.#gate.callOff();
    this.#stopListening();
    this.#listeners.clear();
    this.#clock.watch(null);
    this.#lease.release();
    this.#poll.watch(null);
    this.#offers.keepFresh(null);
    void this.#outbox.flush();
  }

  /** One input after the other, also when one causes the next. */
  #feed(input: Input): void {
    if (this.#destroyed) return;
    this.#inputs.push(input);
    if (this.#working) return;
    this.#working = true;
    try {
      for (let next = this.#inputs.shift(); next; next = this.#inputs.shift()) this.#take(next);
    } finally {
      this.#working = false;
    }
  }

  #take(input: Input): void {
    const previous = this.#state;
    const { state, effects } = sessionMachine(previous, input);
    this.#state = state;
    if (state !== previous) for (const listener of this.#listeners) listener(state, previous);
    for (const effect of effects) this.#carryOut(effect);
    if (!this.#destroyed) this.#follow();
  }

  #carryOut(effect: Effect): void {
    switch (effect.type) {
      case 'announce':
        return this.#announce(effect.announcement);
      case 'fetch-offer':
        return void this.#offers.fetch();
      case 'start':
        return void this.#start(effect.confirmation, effect.confirmationDelay);
      case 'call-off':
        return this.#gate.callOff();
      case 'record':
        return void this.#outbox.record(this.#factOf(effect.fact, effect.at));
      case 'flush':
        return void this.#outbox.flush();
      case 'end':
        return this.#end(effect.sessionId, effect.cause);
      case 'read':
        return void this.#read(effect.sessionId, effect.rejoin, effect.failures);
      case 'beat':
        if (!this.#lease.beat()) void this.#read(effect.sessionId, false);
        return;
      case 'leave':
        return this.#lease.leave();
    }
  }

  /** What has to run while the state is what it is. */
  #follow(): void {
    const { phase, session, offer, open, loading } = this.#state;
    const running = phase === 'live' ? session : null;
    if (running) this.#lease.hold(running.id, offer?.policy.heartbeat);
    else this.#lease.release();
    this.#clock.watch(running?.expiresAt ?? null);
    this.#offers.keepFresh(phase === 'confirming' && open && !loading ? offer : null);
    this.#poll.watch(phase === 'ending' ? (session?.id ?? null) : null);
  }

  async #start(confirmation: Confirmation, confirmationDelay: number): Promise<void> {
    const { offer } = this.#state;
    const { courseId, ttl } = this.#config();
    const { userAgent, deviceType } = this.#environment;
    const body: StartBody = {
      courseId,
      ttl,
      offer: offer?.offer,
      confirmedAt: this.#moment(),
      metadata: { confirmationDelay, userAgent: userAgent.slice(0, LONGEST_USER_AGENT), deviceType },
    };
    const validFor = offer ? this.#offers.validFor(offer) : Infinity;
    const outcome = await this.#gate.start(confirmation, body, validFor, (at) => {
      this.#feed({ type: 'start-progressed', step: at });
    });
    if (outcome.type === 'answered') {
      const { session, leaveTicket } = outcome.answer;
      if (this.#destroyed && isRunning(session.status)) return this.#end(session.id, 'left');
      this.#lease.ticket = leaveTicket;
    }
    this.#feed({ type: 'start-ended', outcome });
  }

  async #read(sessionId: string, rejoin: boolean, failures = 0): Promise<void> {
    if (failures > 0) await delay(this.#environment, retryDelay(BACKOFF, failures, this.#environment.random()));
    const { answer, problem } = await this.#backend.read(sessionId);
    if (!answer) return this.#feed({ type: 'read-failed', problem, rejoin, failures: failures + 1 });
    if (!rejoin) return this.#hear(answer);
    this.#lease.ticket = answer.leaveTicket;
    this.#feed({ type: 'session-read', answer, rejoin });
    this.#lease.beat();
  }

  #end(sessionId: string, cause: string): void {
    void endConversation(this.#environment, this.#backend, sessionId, cause).then((answer) => {
      if (answer) this.#hear(answer);
    });
  }

  #hear(answer: Pick<SessionAnswer, 'session' | 'serverTime' | 'join'>): void {
    this.#feed({ type: 'session-read', answer, rejoin: false });
  }

  #onLifecycle(event: LifecycleEvent): void {
    switch (event.type) {
      case 'hidden':
        // Tells the backend to expect less from here on: browsers slow the timers of hidden pages.
        this.#lease.beat();
        return;
      case 'pagehide':
        this.#feed({ type: 'page-left' });
        void this.#outbox.flushBeforeUnload();
        return;
      case 'pageshow':
        if (event.persisted) this.#feed({ type: 'page-restored' });
        return;
      case 'offline':
        return this.#feed({ type: 'connection-changed', online: false });
      case 'online':
        this.#feed({ type: 'connection-changed', online: true });
        return this.#onReturn();
      case 'visible':
        return this.#onReturn();
    }
  }

  #onReturn(): void {
    // The machine may have slept: how long the offer is still good has to be counted anew.
    this.#offers.keepFresh(null);
    this.#feed({ type: 'page-returned' });
    void this.#outbox.flush();
  }

  #factOf(note: FactNote, at?: number): FactDraft {
    return { ...note, at: this.#moment(at), courseId: this.#config().courseId };
  }

  /** ISO 8601 by the server's clock. */
  #moment(at?: number): string {
    return new Date(this.#clock.serverNow(at)).toISOString();
  }

  #isLimited(): boolean {
    return this.#config().timeLimit || this.#state.offer?.features.timeLimit !== false;
  }

  #announceSync(): void {
    const { pending, storageMode } = this;
    if (!this.#destroyed) this.#announce({ type: 'practice-sync', pending, storageMode });
  }
}
