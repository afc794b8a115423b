import { expect, fixture, html } from '@open-wc/testing';
import { PracticeStage } from './fixtures/practice-stage.js';
import { practiceStates, type StateName } from './fixtures/practice-states.js';

const LOOKS = ['moodle', 'canvas', 'open-edx', 'material', 'contrast', 'playful'];
const STATES: StateName[] = [
  'consent-missing',
  'no-sessions-left',
  'blocked-frame',
  'warning-20',
  'asking-to-leave',
  'not-resumed',
  'completed',
  'failed',
];

describe('the six looks of demo/themes.css', () => {
  before(async () => {
    // The name that their rules are written for.
    customElements.define('tavus-practice', class extends PracticeStage {});
    const sheet = Object.assign(document.createElement('link'), { rel: 'stylesheet', href: '/demo/themes.css' });
    const loaded = new Promise((resolve) => sheet.addEventListener('load', resolve, { once: true }));
    document.head.append(sheet);
    await loaded;
  });

  for (const look of LOOKS) {
    for (const scheme of look === 'material' ? ['light', 'dark'] : ['light']) {
      it(`${look}, ${scheme}: axe finds nothing, contrast included`, async () => {
        document.documentElement.style.colorScheme = scheme;
        for (const state of STATES) {
          const place = await fixture<HTMLElement>(html`<section class=${look}></section>`);
          const stage = document.createElement('tavus-practice') as HTMLElement as PracticeStage;
          stage.setAttribute('state', practiceStates[state].phase);
          place.append(stage);
          stage.show(practiceStates[state]);
          await stage.updateComplete;
          for (const animation of stage.shadowRoot?.getAnimations() ?? []) animation.cancel();
          await expect(stage, state).to.be.accessible();
          place.remove();
        }
        document.documentElement.style.removeProperty('color-scheme');
      });
    }
  }
});
