import { TavusPractice } from './elements/tavus-practice.js';
import { TavusPracticeConfig } from './elements/tavus-practice-config.js';
import { upgradePlaceholders } from './elements/upgrade.js';

export type { TavusSession, TavusCompletion } from './protocol/index.js';
export type { Phase } from './client/practice-state.js';
export type { Messages } from './elements/locales/messages.js';
export type * from './elements/events.js';
export { TavusPractice, TavusPracticeConfig };

// Without a document (Node, a worker) there is nothing to register; loaded twice, the first one stays.
if (typeof document !== 'undefined' && !customElements.get('tavus-practice')) {
  // First the one that answers, then the one that asks.
  customElements.define('tavus-practice-config', TavusPracticeConfig);
  customElements.define('tavus-practice', TavusPractice);
  upgradePlaceholders(document);
}
