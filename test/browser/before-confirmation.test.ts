import { sendMouse } from '@web/test-runner-commands';
import { aTimeout, expect, oneEvent, waitUntil } from '@open-wc/testing';
import type { PracticeConfirmEvent } from '../../src/index.js';
import '../../src/index.js';
import {
  BACKEND,
  COURSE,
  launcher,
  openDialog,
  part,
  practice,
  pressLauncher,
  requests,
} from './fixtures/practice-element.js';

// In a page of its own: what another test has confirmed or dismissed may be stored, and sent, for as long as its page lives.
describe('before anything is confirmed or dismissed, <tavus-practice>', () => {
  beforeEach(() => performance.clearResourceTimings());

  it('asks nobody anything and stores nothing before it is pressed, whatever is preloaded', async () => {
    const element = await practice();
    launcher(element).dispatchEvent(new PointerEvent('pointerenter'));
    await element.flush();
    expect(requests()).to.deep.equal([]);
    expect(await indexedDB.databases()).to.deep.equal([]);
    expect(localStorage.length + sessionStorage.length).to.equal(0);
  });

  it('asks for the offer, and for nothing else, when it is pressed', async () => {
    const element = await practice();
    const opened = oneEvent(element, 'practice-opened');
    await pressLauncher(element);
    await opened;
    await waitUntil(() => part(element, 'confirm-button')?.matches(':enabled'));
    expect(new Set(requests())).to.deep.equal(new Set([`${BACKEND}/courses/${COURSE}`]));
    expect(await indexedDB.databases()).to.deep.equal([]);
    expect(part(element, 'facts')?.innerText).to.contain('2 of 3');
  });

  it('starts nothing for a click that no person made', async () => {
    const element = await practice();
    await openDialog(element);
    performance.clearResourceTimings();
    part(element, 'confirm-button')!.click();
    await aTimeout(50);
    expect(element.state).to.equal('confirming');
    expect(requests()).to.deep.equal([]);
  });

  it('does not open while it is disabled', async () => {
    const element = await practice();
    element.disabled = true;
    element.open();
    await aTimeout(50);
    expect(element.state).to.equal('idle');
    expect(requests()).to.deep.equal([]);
  });

  it('stays in the dialog and requests nothing when the host prevents the confirmation', async () => {
    const element = await practice();
    await openDialog(element);
    let courseId = '';
    element.addEventListener('practice-confirm', (event: PracticeConfirmEvent) => {
      courseId = event.courseId;
      event.preventDefault();
    });
    performance.clearResourceTimings();
    const { x, y } = part(element, 'confirm-button')!.getBoundingClientRect();
    await sendMouse({ type: 'click', position: [Math.round(x + 8), Math.round(y + 8)] });
    expect(courseId).to.equal(COURSE);
    expect(element.state).to.equal('confirming');
    expect(requests()).to.deep.equal([]);
  });
});
