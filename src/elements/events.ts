import type {
  PracticeConfirmedEvent,
  PracticeQueuedEvent,
  PracticeSessionEvent,
  PracticeSyncEvent,
  PracticeWarningEvent,
} from './announcement-events.js';
import type {
  PracticeChangeEvent,
  PracticeConfirmEvent,
  PracticeEvent,
  PracticeFailedEvent,
} from './launcher-events.js';

export type * from './announcement-events.js';
export type * from './launcher-events.js';

/** Every event of the element, by name. */
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
  interface GlobalEventHandlersEventMap extends PracticeEventMap {}
}
