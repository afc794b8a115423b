import { expect, fixture, html, waitUntil } from '@open-wc/testing';
import { executeServerCommand } from '@web/test-runner-commands';
import { type TavusPractice } from '../../src/index.js';
import type { PracticeFailedEvent } from '../../src/elements/events.js';

const offline = (isOffline: boolean): Promise<unknown> => executeServerCommand('set-offline', { offline: isOffline });

describe('the code behind the launcher', () => {
  it('may fail to load: the learner is told, nothing is thrown, and trying again opens the dialog', async () => {
    const element: TavusPractice = await fixture(
      html`<tavus-practice
        backend="/test/browser/fixtures/api"
        course-id="spanish-101.json"
        preload="none"
      ></tavus-practice>`,
    );
    const failures: PracticeFailedEvent[] = [];
    element.addEventListener('practice-failed', (event) => failures.push(event));

    await offline(true);
    element.open();
    await waitUntil(() => failures.length > 0);
    await offline(false);
    await element.updateComplete;
    expect(failures.map(({ code, retryable }) => [code, retryable])).to.deep.equal([['network', true]]);
    expect(element.renderRoot.querySelector('[part=error]')?.textContent).to.contain('could not be loaded');
    await expect(element).to.be.accessible();

    element.renderRoot.querySelector<HTMLButtonElement>('[part=retry-button]')!.click();
    await waitUntil(() => element.state === 'confirming');
    expect(element.renderRoot.querySelector('[part=error]')).to.equal(null);
  });
});
