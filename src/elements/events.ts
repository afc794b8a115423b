import type { Announcement, Phase } from '../client/practice-state.js';
import type { ProblemCode, TavusSession } from '../protocol/index.js';

type Failure = Extract<Announcement, { type: 'practice-failed' }>;

/** An event of the element. All of them bubble and cross shadow roots; only `practice-confirm` can be cancelled. */
export class PracticeEvent extends Event {
  constructor(type: string, cancelable = false) {
    super(type, { bubbles: true, composed: true, cancelable });
  }
}

/** The learner pressed Start and nothing has been requested yet: `preventDefault()` keeps it so. */
export class PracticeConfirmEvent extends PracticeEvent {
  constructor(readonly courseId: string) {
    super('practice-confirm', true);
  }
}

/** The learner confirmed. `confirmationDelay`: milliseconds from the dialog being shown. */
export class PracticeConfirmedEvent extends PracticeEvent {
  constructor(
    readonly sessionId: string,
    readonly confirmationDelay: number,
  ) {
    super('practice-confirmed');
  }
}

/** Confirmed without a network; the start waits until `until` (ISO 8601). */
export class PracticeQueuedEvent extends PracticeEvent {
  constructor(
    readonly sessionId: string,
    readonly until: string,
  ) {
    super('practice-queued');
  }
}

/** Something happened to the session; `session` is the record as the backend sent it. */
export class PracticeSessionEvent extends PracticeEvent {
  constructor(
    type: string,
    readonly session: TavusSession,
  ) {
    super(type);
  }
}

/** The time is nearly up. `secondsLeft`: whole seconds by the server's clock. */
export class PracticeWarningEvent extends PracticeEvent {
  constructor(readonly secondsLeft: number) {
    super('practice-warning');
  }
}

/** A failure the learner sees, once per failure. `message` is for developers; `reference` may be empty. */
export class PracticeFailedEvent extends PracticeEvent {
  readonly code: ProblemCode;
  readonly message: string;
  readonly retryable: boolean;
  readonly reference: string;
  readonly session?: TavusSession | undefined;

  constructor({ code, message, retryable, reference, session }: Omit<Failure, 'type'>) {
    super('practice-failed');
    this.code = code;
    this.message = message;
    this.retryable = retryable;
    this.reference = reference;
    this.session = session;
  }
}

/** The facts that wait for the backend changed. `pending`: how many. */
export class PracticeSyncEvent extends PracticeEvent {
  constructor(
    readonly pending: number,
    readonly storageMode: 'indexeddb' | 'memory',
  ) {
    super('practice-sync');
  }
}

/** The element's `state` changed. */
export class PracticeChangeEvent extends PracticeEvent {
  constructor(
    readonly state: Phase,
    readonly previous: Phase,
  ) {
    super('practice-change');
  }
}

export interface PracticeEventMap {
  'practice-ready': PracticeEvent;
  'practice-opened': PracticeEvent;
  'practice-cancelled': PracticeEvent;
  'practice-confirm': PracticeConfirmEvent;
  'practice-confirmed': PracticeConfirmedEvent;
  'practice-queued': PracticeQueuedEvent;
  'practice-started': PracticeSessionEvent;
  'practice-joined': PracticeSessionEvent;
  'practice-warning': PracticeWarningEvent;
  'practice-paused': PracticeSessionEvent;
  'practice-resumed': PracticeSessionEvent;
  'practice-completed': PracticeSessionEvent;
  'practice-abandoned': PracticeSessionEvent;
  'practice-expired': PracticeSessionEvent;
  'practice-failed': PracticeFailedEvent;
  'practice-sync': PracticeSyncEvent;
  'practice-change': PracticeChangeEvent;
}

declare global {
  interface HTMLElementEventMap extends PracticeEventMap {}
}
