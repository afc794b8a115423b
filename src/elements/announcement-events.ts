import type { Announcement } from '../client/practice-state.js';
import type { TavusSession } from '../protocol/index.js';
import { PracticeEvent, PracticeFailedEvent } from './launcher-events.js';
import { troubleWords, type TroubleKey } from './trouble-words.js';

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

/** The facts that wait for the backend changed. `pending`: how many. */
export class PracticeSyncEvent extends PracticeEvent {
  constructor(
    readonly pending: number,
    readonly storageMode: 'indexeddb' | 'memory',
  ) {
    super('practice-sync');
  }
}

/** The event of the same name, with the properties the contract lists, in the learner's words where it has any. */
export function announcementEvent(news: Announcement, messages: Readonly<Record<TroubleKey, string>>): PracticeEvent {
  switch (news.type) {
    case 'practice-opened':
    case 'practice-cancelled':
      return new PracticeEvent(news.type);
    case 'practice-confirmed':
      return new PracticeConfirmedEvent(news.sessionId, news.confirmationDelay);
    case 'practice-queued':
      return new PracticeQueuedEvent(news.sessionId, news.until);
    case 'practice-warning':
      return new PracticeWarningEvent(news.secondsLeft);
    case 'practice-failed':
      return new PracticeFailedEvent({ ...news, message: messages[troubleWords(news.code)] });
    case 'practice-sync':
      return new PracticeSyncEvent(news.pending, news.storageMode);
    default:
      return new PracticeSessionEvent(news.type, news.session);
  }
}
