import { expect, fixture, html, oneEvent, waitUntil } from '@open-wc/testing';
import { executeServerCommand } from '@web/test-runner-commands';
import type { TavusPractice } from '../../src/index.js';
import type { PracticeFailedEvent } from '../../src/elements/events.js';

/** The same code, from a place that may lose files. */
const UNRELIABLE = '/unreliable';
const lose = (files?: string): Promise<unknown> => executeServerCommand('lose', files ? { files } : {});

/** Whether a module that did not arrive is asked for again in the same page: Firefox does not. */
async function asksAgain(): Promise<boolean> {
  const file = `${UNRELIABLE}/test/browser/fixtures/nothing.ts`;
  await lose('nothing.ts');
  await import(file).catch(() => undefined);
  await lose();
  return import(file).then(
    () => true,
    () => false,
  );
}

describe('the code behind the launcher', () => {
  it('may fail to load: the learner is told, nothing is thrown, and trying again works where the browser lets it', async () => {
    await import(`${UNRELIABLE}/src/index.ts`);
    const element: TavusPractice = await fixture(
      html`<tavus-practice
        backend="/test/browser/fixtures/api"
        course-id="spanish-101.json"
        preload="none"
      ></tavus-practice>`,
    );
    const error = (): Element | null => element.renderRoot.querySelector('[part=error]');
    const failures: PracticeFailedEvent[] = [];
    element.addEventListener('practice-failed', (event) => failures.push(event));

    await lose('practice-surface');
    element.open();
    await waitUntil(() => failures.length > 0);
    await lose();
    await element.updateComplete;
    expect(failures.map(({ code, retryable }) => [code, retryable])).to.deep.equal([['network', true]]);
    expect(error()?.textContent).to.contain('could not be loaded');
    await expect(element).to.be.accessible();

    const opened = oneEvent(element, 'practice-opened');
    element.renderRoot.querySelector<HTMLButtonElement>('[part=retry-button]')!.click();
    if (await asksAgain()) {
      await opened;
      expect(error()).to.equal(null);
    } else {
      await waitUntil(() => failures.length > 1);
      await element.updateComplete;
      expect(error()?.textContent).to.contain('could not be loaded');
    }
  });
});
