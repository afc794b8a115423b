import { TavusPractice } from './elements/tavus-practice.js';
import { upgradePlaceholders } from './elements/upgrade.js';

export type { TavusSession, TavusCompletion } from './protocol/index.js';
export type { Phase } from './client/practice-state.js';
export type { Messages } from './elements/locales/messages.js';
export type * from './elements/events.js';
export { TavusPractice };

// Without a document (Node, a worker) there is nothing to register; loaded twice, the first one stays.
if (typeof document !== 'undefined' && !customElements.get('tavus-practice')) {
  customElements.define('tavus-practice', TavusPractice);
  upgradePlaceholders(document);
}
