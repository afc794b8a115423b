import { expect } from '@open-wc/testing';
import { PracticeStage } from './fixtures/practice-stage.js';
import { practiceStates, type StateName } from './fixtures/practice-states.js';

const names = Object.keys(practiceStates) as StateName[];

describe('every state a learner can see', () => {
  afterEach(() => document.body.querySelector('practice-stage')?.remove());

  for (const display of ['dialog', 'inline']) {
    for (const name of names) {
      it(`${name}, ${display}: has a heading, a way on, and nothing for axe to find`, async () => {
        const stage = new PracticeStage();
        stage.display = display;
        document.body.append(stage);
        stage.show(practiceStates[name]);
        await stage.updateComplete;
        const surface = stage.renderRoot.querySelector('[part=dialog]')!;
        expect(surface.querySelector('#title')?.textContent?.trim()).to.not.equal('');
        expect(surface.querySelectorAll('button:enabled')).to.not.have.length(0);
        expect(surface.textContent).to.not.match(/undefined|NaN|\[object|\{\w+\}/);
        expect(surface.querySelector('[style]')).to.equal(null);
        // Half faded in, nothing has its contrast yet.
        for (const animation of surface.getAnimations()) animation.cancel();
        await expect(stage).to.be.accessible();
      });
    }
  }

  it('gives every control at least 24 by 24 pixels', async () => {
    for (const name of names) {
      const stage = new PracticeStage();
      document.body.append(stage);
      stage.show(practiceStates[name]);
      await stage.updateComplete;
      for (const button of stage.renderRoot.querySelectorAll('[part=dialog] :is(button, a, input)')) {
        if (!button.checkVisibility()) continue;
        const { width, height } = button.getBoundingClientRect();
        expect(Math.min(width, height), `${name}: ${button.outerHTML}`).to.be.at.least(24);
      }
      stage.remove();
    }
  });
});
