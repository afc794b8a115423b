import { expect, fixture, html, waitUntil } from '@open-wc/testing';
import '../../src/index.js';
import type { TavusPractice } from '../../src/index.js';
import { BACKEND, COURSE, openDialog, part } from './fixtures/practice-element.js';

const OTHER = 'german-202.json';

async function two(): Promise<[TavusPractice, TavusPractice]> {
  const home: HTMLElement = await fixture(html`
    <div>
      <tavus-practice backend=${BACKEND} course-id=${COURSE}></tavus-practice>
      <tavus-practice backend=${BACKEND} course-id=${COURSE}></tavus-practice>
    </div>
  `);
  return [...home.querySelectorAll('tavus-practice')] as [TavusPractice, TavusPractice];
}

async function dismiss(element: TavusPractice): Promise<void> {
  part(element, 'cancel-button')?.click();
  await waitUntil(() => element.state === 'idle');
}

describe('Several elements on one page', () => {
  it('share the facts that wait for their backend', async () => {
    const [one, other] = await two();
    await openDialog(other);
    await dismiss(other);
    await openDialog(one);
    await dismiss(one);
    // The static backend takes no facts: what one could not send the other knows of.
    await waitUntil(() => one.pending >= 4, 'all are kept', { timeout: 4000 });
    expect(other.pending).to.equal(one.pending);
  });

  it('keep apart what a token of their own may make somebody else’s', async () => {
    const [one, other] = await two();
    one.tokenProvider = () => 'mine';
    await openDialog(one);
    await dismiss(one);
    await waitUntil(() => one.pending >= 2, 'both are kept', { timeout: 4000 });
    await openDialog(other);
    expect(other.pending).to.equal(0);
  });
});

describe('An element that stands for another course', () => {
  it('forgets what it knew of the one before', async () => {
    const [element] = await two();
    await openDialog(element);
    await dismiss(element);
    element.courseId = OTHER;
    await element.updateComplete;
    expect(element.session).to.equal(null);
    element.open();
    await waitUntil(() => part(element, 'notice'), 'the other course is asked for, and is not there');
  });
});

describe('A copy of an element', () => {
  it('is set up like the one it was made from, and knows nothing of its state', async () => {
    const [element] = await two();
    await openDialog(element);
    const copy = element.cloneNode(true) as TavusPractice;
    element.after(copy);
    await copy.updateComplete;
    expect(copy.courseId).to.equal(COURSE);
    expect(copy.state).to.equal('idle');
    expect(part(copy, 'launcher')?.matches(':enabled')).to.equal(true);
    expect(element.state).to.equal('confirming');
  });
});
