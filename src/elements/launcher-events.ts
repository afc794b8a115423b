import type { Announcement, Phase } from '../client/practice-state.js';
import type { ProblemCode, TavusSession } from '../protocol/index.js';

type Failure = Omit<Extract<Announcement, { type: 'practice-failed' }>, 'type'> & { message: string };

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

/** A failure the learner sees, once per failure. `message` is what the learner reads; `reference` may be empty. */
export class PracticeFailedEvent extends PracticeEvent {
  readonly code: ProblemCode;
  readonly message: string;
  readonly retryable: boolean;
  readonly reference: string;
  readonly session?: TavusSession | undefined;

  constructor({ code, message, retryable, reference, session }: Failure) {
    super('practice-failed');
    this.code = code;
    this.message = message;
    this.retryable = retryable;
    this.reference = reference;
    this.session = session;
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
