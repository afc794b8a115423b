import { isRunning, retryDelay, type SessionAnswer } from '../protocol/index.js';
import type { Backend } from './backend.js';
import { BillingGate, type StartOutcome } from './billing-gate.js';
import { comeBack } from './come-back.js';
import { Connection } from './connection.js';
import { delay } from './delay.js';
import { endConversation } from './end-conversation.js';
import type { Environment, LifecycleEvent } from './environment.js';
import type { FactDraft } from './fact-row.js';
import {
  deadlineOf,
  INITIAL_MACHINE_STATE,
  type Effect,
  type FactNote,
  type Input,
  type MachineState,
} from './machine-state.js';
import { OfferDesk } from './offer-desk.js';
import type { Outbox } from './outbox.js';
import { PageLease } from './page-lease.js';
import type { Announcement, Intent, PracticeConfig, PracticeRunner, PracticeState } from './practice-state.js';
import { sessionMachine } from './session-machine.js';
import { StoredMemory, type SessionMemory } from './session-memory.js';
import type { ServerClock } from './server-clock.js';
import { SessionPoll } from './session-poll.js';
import { SleepWatch } from './sleep-watch.js';
import { StartDesk } from './start-desk.js';
import { TabLine } from './tab-line.js';
import { TtlClock } from './ttl-clock.js';

type Listener = (state: PracticeState, previous: PracticeState) => void;

const BACKOFF = { base: 1000, cap: 15_000 };

/**
 * The client of one element: the machine decides, this carries out.
 *
 * @param config read anew for every request
 * @param announce told what the host should know, after the state has changed
 * @param memory what the page after this one will know
 * @param connection shared with other elements of the page
 */
export const createSessionRunner = (
  environment: Environment,
  config: () => PracticeConfig,
  announce: (announcement: Announcement) => void,
  memory: SessionMemory = new StoredMemory(environment, () => config().backend),
  connection = new Connection(environment),
): PracticeRunner => new SessionRunner(environment, config, announce, memory, connection);

class SessionRunner implements PracticeRunner {
  readonly #environment: Environment;
  readonly #config: () => PracticeConfig;
  readonly #announce: (announcement: Announcement) => void;
  readonly #backend: Backend;
  readonly #gate: BillingGate;
  readonly #starts: StartDesk;
  readonly #clock: ServerClock;
  readonly #countdown: TtlClock;
  readonly #lease: PageLease;
  readonly #offers: OfferDesk;
  readonly #poll: SessionPoll;
  readonly #outbox: Outbox;
  readonly #line: TabLine;
  readonly #memory: SessionMemory;
  readonly #sleep: SleepWatch;
  readonly #gone = new AbortController();
  readonly #listeners = new Set<Listener>();
  readonly #stopListening: () => void;
  readonly #leaveConnection: () => void;
  readonly #inputs: Input[] = [];
  #state: MachineState;
  #working = false;
  /** The page was hidden when it should have come back. */
  #comesBackLater = false;
  /** ISO moment from which the trouble on screen is worth another look. */
  #retryAt = '';

  constructor(
    environment: Environment,
    config: () => PracticeConfig,
    announce: (announcement: Announcement) => void,
    memory: SessionMemory,
    connection: Connection,
  ) {
    this.#environment = environment;
    this.#config = config;
    this.#announce = announce;
    this.#state = { ...INITIAL_MACHINE_STATE, offline: !environment.isOnline() };
    this.#memory = memory;
    this.#sleep = new SleepWatch(environment);
    this.#backend = connection.backend;
    this.#clock = connection.clock;
    this.#outbox = connection.outbox;
    this.#countdown = new TtlClock(environment, this.#clock, (secondsLeft) => this.#tick(secondsLeft));
    this.#line = new TabLine(environment, (sessionId, title) => this.#feed({ type: 'taken-over', sessionId, title }));
    this.#gate = new BillingGate(environment, this.#backend);
    this.#starts = new StartDesk(environment, config, this.#gate, this.#clock, {
      progressed: (step) => this.#feed({ type: 'start-progressed', step }),
      ended: (outcome) => this.#startEnded(outcome),
    });
    this.#lease = new PageLease(environment, this.#backend, (answer) => this.#hear(answer));
    const courseId = (): string => config().courseId;
    this.#offers = new OfferDesk(environment, this.#backend, this.#clock, courseId, ({ answer, problem }, page) =>
      this.#feed(answer ? { type: 'offer-arrived', offer: answer, page } : { type: 'offer-failed', problem, page }),
    );
    this.#poll = new SessionPoll(environment, this.#backend, {
      answered: (answer) => this.#hear(answer),
      failed: (problem, failures) => this.#feed({ type: 'read-failed', problem, rejoin: false, failures }),
    });
    this.#leaveConnection = connection.join({
      config,
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
    } else if (intent.type === 'resume') {
      const confirmation = this.#gate.confirm(intent.gesture);
      if (confirmation) this.#feed({ type: 'resume', confirmation, serverNow: this.#clock.now() });
    } else if (intent.type === 'open') {
      const confirmation = intent.gesture && !this.#config().confirmation ? this.#gate.confirm(intent.gesture) : null;
      this.#feed({ type: 'open', at, confirmation });
    } else if (intent.type === 'consent') {
      this.#feed({ ...intent, at: this.#clock.moment(at) });
    } else {
      this.#feed(intent);
    }
  }

  async comeBack(): Promise<void> {
    this.#comesBackLater = !this.#environment.isVisible();
    if (this.#comesBackLater || !this.#config().offlineQueue || this.#state.phase !== 'idle') return;
    const found = await comeBack({
      environment: this.#environment,
      backend: this.#backend,
      memory: this.#memory,
      line: this.#line,
      courseId: this.#config().courseId,
      greet: ({ learner, features, serverTime }) => {
        this.#outbox.identify({ learner }, features.offlineQueue, Date.parse(serverTime));
        return this.#outbox.flush();
      },
      stop: this.#gone.signal,
    });
    if (!found) {
      this.#follow();
      return this.#outbox.flush();
    }
    const { answer, offer } = found;
    this.#feed({ type: 'came-back', answer, offer });
    const { join, session } = this.#state;
    if (!join || session?.id !== answer.session.id) return;
    this.#lease.ticket = answer.leaveTicket;
    this.#lease.beat();
  }

  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  flush(): Promise<void> {
    return this.#outbox.flush();
  }

  async forget(): Promise<void> {
    await Promise.all([this.#outbox.forget(), this.#memory.forget()]);
  }

  destroy(): void {
    if (this.#destroyed) return;
    this.#gone.abort();
    const { phase, session, confirmation } = this.#state;
    if (phase === 'live' && session) this.#end(session.id, 'left');
    this.#gate.callOff();
    if (confirmation) this.#gate.withdraw(confirmation);
    this.#line.hold(null);
    this.#stopListening();
    this.#listeners.clear();
    this.#countdown.watch(null);
    this.#lease.release();
    this.#poll.watch(null);
    this.#offers.keepFresh(null);
    this.#leaveConnection();
    void this.#outbox.flush();
  }

  get #destroyed(): boolean {
    return this.#gone.signal.aborted;
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
    const { offer, session, asOf, trouble } = state;
    if (trouble && trouble !== previous.trouble) {
      this.#retryAt = this.#clock.moment(this.#environment.monotonic() + (trouble.retryAfter ?? 0) * 1000);
    }
    // Every newer word of the backend is also one about who is here.
    if (offer && asOf !== previous.asOf) {
      this.#outbox.identify({ learner: offer.learner, userId: session?.userId }, offer.features.offlineQueue, asOf);
    }
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
        return this.#starts.start(
          effect.confirmation,
          effect.confirmationDelay,
          this.#state.offer,
          this.#state.consent,
        );
      case 'start-again':
        return this.#starts.startAgain(effect.confirmation, this.#state.offer);
      case 'resume':
        return this.#starts.resume(effect.confirmation, effect.session);
      case 'withdraw':
        return this.#gate.withdraw(effect.confirmation);
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
      case 'extend':
        return void this.#extend(effect.sessionId);
      case 'leave':
        return this.#lease.leave();
      case 'remember':
        return this.#remember(effect.sessionId);
      case 'forget':
        return void this.#memory.forget(effect.sessionId);
      case 'locate':
        return void this.#locate(effect.sessionId);
      case 'take-over':
        return this.#line.takeOver(effect.sessionId);
    }
  }

  /** What has to run while the state is what it is. */
  #follow(): void {
    const { phase, session, offer, open, loading, confirmation } = this.#state;
    const running = phase === 'live' ? session : null;
    const isStarting = phase === 'starting' || phase === 'queued';
    if (running) this.#lease.hold(running.id, offer?.policy.heartbeat);
    else this.#lease.release();
    this.#line.hold(running?.id ?? (isStarting ? (session?.id ?? confirmation?.id ?? null) : null));
    this.#countdown.watch(deadlineOf(this.#state, this.#retryAt));
    this.#offers.keepFresh(phase === 'confirming' && open && !loading ? offer : null);
    this.#poll.watch(phase === 'ending' ? (session?.id ?? null) : null);
  }

  #startEnded(outcome: StartOutcome): void {
    if (outcome.type === 'answered') {
      const { session, leaveTicket } = outcome.answer;
      if (this.#destroyed && isRunning(session.status)) return this.#end(session.id, 'left');
      this.#lease.ticket = leaveTicket;
    }
    this.#feed({ type: 'start-ended', outcome });
  }

  #remember(sessionId: string): void {
    const { offer } = this.#state;
    if (!this.#starts.mayStore(offer)) return;
    void this.#memory.remember({ sessionId, learner: offer?.learner ?? '', courseId: this.#config().courseId });
  }

  async #locate(sessionId: string): Promise<void> {
    const title = await this.#line.find(sessionId);
    if (typeof title === 'string') this.#feed({ type: 'found-elsewhere', sessionId, title });
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

  async #extend(sessionId: string): Promise<void> {
    const result = await this.#backend.extend(sessionId);
    this.#feed({ type: 'extended', sessionId, result });
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
        return this.#lease.hide();
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

  #onReturn(slept = this.#sleep.hasSlept()): void {
    // The machine may have slept: how long the offer is still good has to be counted anew.
    this.#offers.keepFresh(null);
    if (this.#environment.isOnline() || slept) {
      const { offer } = this.#state;
      const isGood = offer !== null && this.#offers.validFor(offer) > 0;
      const mayStart = !slept && this.#environment.isVisible() && isGood;
      this.#feed({ type: 'network-returned', mayStart });
    }
    this.#feed({ type: 'page-returned' });
    void this.#outbox.flush();
    if (this.#comesBackLater) void this.comeBack();
  }

  #tick(secondsLeft: number): void {
    // Before acting on a clock that stood still, the backend is asked.
    if (this.#sleep.hasSlept()) this.#onReturn(true);
    const limited = this.#config().timeLimit || this.#state.offer?.features.timeLimit !== false;
    this.#feed({ type: 'ticked', secondsLeft, limited });
  }

  #factOf(note: FactNote, at?: number): FactDraft {
    return { ...note, at: this.#clock.moment(at), courseId: this.#config().courseId };
  }

  #announceSync(): void {
    const { pending, storageMode } = this;
    this.#feed({ type: 'synced', unsent: pending > 0 ? storageMode : null });
    if (!this.#destroyed) this.#announce({ type: 'practice-sync', pending, storageMode });
  }
}
