import type { Announcement } from '../client/practice-state.js';
import {
  PracticeConfirmedEvent,
  PracticeEvent,
  PracticeFailedEvent,
  PracticeQueuedEvent,
  PracticeSessionEvent,
  PracticeSyncEvent,
  PracticeWarningEvent,
} from './events.js';

/** The event of the same name, with the properties the contract lists. */
export function announcementEvent(news: Announcement): PracticeEvent {
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
      return new PracticeFailedEvent(news);
    case 'practice-sync':
      return new PracticeSyncEvent(news.pending, news.storageMode);
    default:
      return new PracticeSessionEvent(news.type, news.session);
  }
}
