import { aTimeout, expect, fixture, html, oneEvent, waitUntil } from '@open-wc/testing';
import { BACKEND, COURSE, launcher, openDialog, part, practice, fadedIn } from './fixtures/practice-element.js';
import { TavusPractice, type PracticeChangeEvent, type PracticeFailedEvent } from '../../src/index.js';

/** Collects console errors without letting them fail the run; the console is what the promise is about. */
function consoleErrors(): { messages: string[]; restore: () => void } {
  const { error } = console;
  const messages: string[] = [];
  console.error = (...args) => messages.push(args.join(' '));
  return { messages, restore: () => (console.error = error) };
}

describe('<tavus-practice> in a page', () => {
  beforeEach(() => performance.clearResourceTimings());

  it('draws its launcher from two attributes and says that it is ready, once', async () => {
    const element = document.createElement('tavus-practice');
    let readies = 0;
    element.addEventListener('practice-ready', () => readies++);
    element.backend = BACKEND;
    element.courseId = COURSE;
    document.body.append(element);
    await element.updateComplete;
    element.courseTitle = 'Another title';
    await element.updateComplete;
    expect(readies).to.equal(1);
    expect(launcher(element).innerText.trim()).to.equal('Practice with AI');
    expect(element.getAttribute('state')).to.equal('idle');
    await expect(element).to.be.accessible();
    element.remove();
  });

  it('reflects its properties, and adds no attribute that nobody set', async () => {
    const element = await practice();
    expect(element.getAttributeNames()).to.have.members(['backend', 'course-id', 'state']);
    Object.assign(element, {
      courseTitle: 'T',
      ttl: 60,
      display: 'inline',
      timeLimit: 'off',
      csrfHeader: 'X-CSRF',
      csrfSource: 'meta:csrf',
    });
    await element.updateComplete;
    expect(element.getAttribute('course-title')).to.equal('T');
    expect(element.getAttribute('ttl')).to.equal('60');
    expect(element.getAttribute('display')).to.equal('inline');
    expect(element.getAttribute('time-limit')).to.equal('off');
    expect(element.getAttribute('csrf-header')).to.equal('X-CSRF');
  });

  it('shows what is wrong with its attributes, tells the page, and works once that is put right', async () => {
    const log = consoleErrors();
    const element = document.createElement('tavus-practice');
    const failed = new Promise<PracticeFailedEvent>((heard) => element.addEventListener('practice-failed', heard));
    element.setAttribute('backend', 'ftp://example.org');
    element.courseId = COURSE;
    document.body.append(element);
    const event = await failed;
    log.restore();
    expect(event.code).to.equal('invalid_configuration');
    expect(log.messages).to.have.length(1);
    expect(log.messages[0]).to.contain('"backend"');
    expect(part(element, 'error')?.innerText).to.contain('not set up correctly');
    expect(launcher(element).disabled).to.equal(true);
    element.open();
    element.finish();

    const ready = oneEvent(element, 'practice-ready');
    element.backend = BACKEND;
    await ready;
    expect(part(element, 'error')).to.equal(null);
    expect(launcher(element).disabled).to.equal(false);
    element.remove();
  });

  it('names the course id when it is the one that is missing', async () => {
    const log = consoleErrors();
    const element = await fixture(html`<tavus-practice backend=${BACKEND}></tavus-practice>`);
    await waitUntil(() => log.messages.length > 0);
    log.restore();
    expect(log.messages).to.deep.equal(['<tavus-practice>: the attribute "course-id" is missing.']);
    await expect(element).to.be.accessible();
  });

  it('tells of every change of its state, also by attribute', async () => {
    const element = await practice();
    const changes: string[] = [];
    element.addEventListener('practice-change', ({ previous, state }: PracticeChangeEvent) =>
      changes.push(`${previous} → ${state} (${element.getAttribute('state')})`),
    );
    await openDialog(element);
    const cancelled = oneEvent(element, 'practice-cancelled');
    element.close();
    await cancelled;
    expect(changes).to.deep.equal(['idle → confirming (confirming)', 'confirming → idle (idle)']);
  });

  it('lets its events out of the shadow root and up the tree, in lower case', async () => {
    const element = await practice();
    const opened = oneEvent(document.body, 'practice-opened');
    element.open();
    const event = await opened;
    expect(event.composed).to.equal(true);
    expect(event.cancelable).to.equal(false);
  });

  it('says what happened and offers a way forward when the backend is not there', async () => {
    const element: TavusPractice = await fixture(
      html`<tavus-practice backend="/nowhere" course-id="x"></tavus-practice>`,
    );
    const failed = oneEvent(element, 'practice-failed');
    element.open();
    await failed;
    await waitUntil(() => part(element, 'notice'));
    expect(part(element, 'cancel-button')).to.not.equal(null);
    fadedIn(element);
    await expect(element).to.be.accessible();
  });

  it('replaces any text by the host’s', async () => {
    const element = await practice();
    element.messages = { launch: 'Sprechen üben', notNow: 'Später' };
    await openDialog(element);
    expect(launcher(element).innerText.trim()).to.equal('Sprechen üben');
    expect(part(element, 'cancel-button')?.innerText).to.equal('Später');
  });

  it('keeps its dialog when it is moved in the document', async () => {
    const element = await practice();
    await openDialog(element);
    const home = document.createElement('div');
    document.body.append(home);
    home.append(element);
    await element.updateComplete;
    await aTimeout(0);
    expect(element.state).to.equal('confirming');
    expect(part(element, 'dialog')?.matches(':modal')).to.equal(true);
    home.remove();
  });

  it('begins anew when it was taken out and is put back later', async () => {
    const element = await practice();
    const home = element.parentElement!;
    await openDialog(element);
    element.remove();
    await aTimeout(0);
    expect(element.state).to.equal('idle');
    home.append(element);
    await openDialog(element);
    expect(element.state).to.equal('confirming');
  });
});

describe('<div data-tavus-practice>', () => {
  it('becomes the element, with its attributes and children, also when added later', async () => {
    const home: HTMLElement = await fixture(html`<section></section>`);
    home.innerHTML = `<p><div data-tavus-practice data-backend="${BACKEND}" data-course-id="${COURSE}" class="wide">
      <span slot="launcher">Let us talk</span></div></p>`;
    await waitUntil(() => home.querySelector('tavus-practice'));
    const element = home.querySelector('tavus-practice')!;
    await element.updateComplete;
    expect(element).to.be.instanceOf(TavusPractice);
    expect(element.courseId).to.equal(COURSE);
    expect(element.backend).to.equal(BACKEND);
    expect(element.className).to.equal('wide');
    expect(element.textContent).to.contain('Let us talk');
    expect(home.querySelector('[data-tavus-practice]')).to.equal(null);
  });
});
