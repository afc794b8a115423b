import { adoptStyles } from 'lit';
import { browserEnvironment } from '../client/environment.js';
import { createSessionRunner } from '../client/session-runner.js';
import { announcementEvent } from './announcement-events.js';
import { formStyles } from './form-styles.js';
import { launcherStyles } from './launcher-styles.js';
import { practiceConfiguration } from './practice-configuration.js';
import { SessionController } from './session-controller.js';
import { sharedConnection } from './shared-connection.js';
import { momentStyles } from './moment-styles.js';
import { sessionStyles } from './session-styles.js';
import { surfaceStyles } from './surface-styles.js';
import { surfaceTokens } from './surface-tokens.js';
import type { TavusPractice } from './tavus-practice.js';
import { tokens } from './tokens.js';
import type { Phase } from '../client/practice-state.js';

/** Everything behind the launcher, fetched on intent: views, texts, styles and the client floor. */
export function createPracticeSurface(element: TavusPractice, onPhase: (phase: Phase) => void): SessionController {
  const root = element.renderRoot;
  if (root instanceof ShadowRoot)
    adoptStyles(root, [tokens, launcherStyles, surfaceTokens, surfaceStyles, momentStyles, formStyles, sessionStyles]);
  const runner = createSessionRunner(
    browserEnvironment(),
    () => practiceConfiguration(element),
    (announcement) => element.dispatchEvent(announcementEvent(announcement, element.texts.messages)),
    undefined,
    sharedConnection(element),
  );
  return new SessionController(element, runner, ({ phase }) => onPhase(phase));
}
