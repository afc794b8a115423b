import { expect, waitUntil } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import type { PracticeState } from '../../src/client/practice-state.js';
import { PracticeStage } from './fixtures/practice-stage.js';
import { offer, practiceStates, room, session } from './fixtures/practice-states.js';

let stage: PracticeStage;

async function show(state: PracticeState): Promise<void> {
  stage = new PracticeStage();
  document.body.append(stage);
  stage.show(state);
  await stage.updateComplete;
}

async function change(changes: Partial<PracticeState>): Promise<void> {
  stage.runner.change(changes);
  await stage.updateComplete;
}

const find = <E extends HTMLElement>(selector: string): E | null => stage.renderRoot.querySelector<E>(selector);
const dialog = (): HTMLDialogElement => find<HTMLDialogElement>('dialog')!;
const focused = (): string => {
  const active = (stage.renderRoot as ShadowRoot).activeElement;
  return active?.getAttribute('part') ?? active?.textContent?.trim() ?? '';
};
const intents = (): string[] => stage.runner.intents.map(({ type }) => type);
const closed = (): Promise<unknown> => new Promise((done) => dialog().addEventListener('close', done, { once: true }));

afterEach(() => stage.remove());

describe('the dialog', () => {
  it('is modal while the surface is open, and gives the focus back to the launcher', async () => {
    await show({ ...practiceStates.offer, open: false, phase: 'idle' });
    expect(dialog().open).to.equal(false);
    await change(practiceStates.offer);
    expect(dialog().matches(':modal')).to.equal(true);
    await change({ open: false, phase: 'idle' });
    expect(dialog().open).to.equal(false);
    expect(focused()).to.equal('Practice with AI');
  });

  it('puts the focus on the least costly control, and leaves it there when the offer arrives', async () => {
    await show(practiceStates.loading);
    expect(focused()).to.equal('cancel-button');
    await change(practiceStates.offer);
    expect(focused()).to.equal('cancel-button');
  });

  it('takes Escape as a wish, which the state answers', async () => {
    await show(practiceStates.offer);
    await sendKeys({ press: 'Escape' });
    await waitUntil(() => intents().length > 0);
    await stage.updateComplete;
    expect(intents()).to.deep.equal(['dismiss']);
    expect(dialog().matches(':modal')).to.equal(true);
  });

  it('comes back, still asking, when the browser closes it during a conversation', async () => {
    await show(practiceStates.live);
    const done = closed();
    dialog().close();
    await done;
    await stage.updateComplete;
    expect(intents()).to.include('dismiss');
    expect(dialog().matches(':modal')).to.equal(true);
    await change({ askingToLeave: true });
    expect(focused()).to.equal('Keep talking');
  });

  it('moves the focus to the news when a view takes over', async () => {
    await show(practiceStates.waking);
    expect(focused()).to.equal('cancel-button');
    await change(practiceStates.live);
    expect(focused()).to.equal('title');
    await change({ ...practiceStates.completed, join: null });
    expect(focused()).to.equal('title status');
  });
});

describe('the frame', () => {
  it('is the very same one through warnings, questions, renewals and the network going', async () => {
    await show(practiceStates.live);
    const frame = find('iframe');
    await change({ secondsLeft: 58, warning: 60 });
    await change({ secondsLeft: 19, warning: 20 });
    await change({ askingToLeave: true });
    await change({ askingToLeave: false, offline: true });
    await change({ session: { ...session, remaining: 12 } });
    await change({ phase: 'ending' });
    expect(find('iframe')).to.equal(frame);
    expect(frame?.isConnected).to.equal(true);
  });

  it('may use camera and microphone, tells little of the page, and is not sandboxed', async () => {
    await show(practiceStates.live);
    const frame = find<HTMLIFrameElement>('iframe')!;
    expect(frame.allow).to.equal('camera; microphone; autoplay; fullscreen; display-capture');
    expect(frame.referrerPolicy).to.equal('strict-origin-when-cross-origin');
    expect(frame.hasAttribute('sandbox')).to.equal(false);
    expect(frame.title).to.not.equal('');
  });

  it('carries the token in its address and is gone with the room', async () => {
    await show({ ...practiceStates.live, join: { url: room, token: 'let-me-in' } });
    expect(new URL(find<HTMLIFrameElement>('iframe')!.src).searchParams.get('t')).to.equal('let-me-in');
    await change({ phase: 'paused', join: null });
    expect(find('iframe')).to.equal(null);
  });

  it('has something to tab to before and after it', async () => {
    await show(practiceStates.live);
    const stops = [...stage.renderRoot.querySelectorAll<HTMLElement>('dialog :is(button, iframe)')];
    const place = stops.findIndex((stop) => stop.localName === 'iframe');
    expect(place).to.be.greaterThan(0);
    expect(place).to.be.lessThan(stops.length - 1);
  });

  it('says when the room has loaded', async () => {
    await show(practiceStates.live);
    const frame = find<HTMLIFrameElement>('iframe')!;
    if (!intents().includes('frame-loaded')) await new Promise((done) => frame.addEventListener('load', done));
    expect(intents()).to.include('frame-loaded');
  });

  it('stays where it is when the host changes the display during a conversation', async () => {
    await show(practiceStates.live);
    const frame = find('iframe');
    stage.display = 'inline';
    await stage.updateComplete;
    expect(find('iframe')).to.equal(frame);
  });
});

describe('what is spoken', () => {
  const spoken = (): string => find('p[role=status]')!.textContent!.trim();

  it('is one polite region that is there before it speaks', async () => {
    await show(practiceStates.live);
    const region = find('p[role=status]');
    expect(spoken()).to.equal('');
    await change({ secondsLeft: 60, warning: 60 });
    expect(find('p[role=status]')).to.equal(region);
    expect(spoken()).to.contain('1 min');
  });

  it('does not change with every second, and the timer itself is silent', async () => {
    await show(practiceStates['warning-60']);
    const before = spoken();
    await change({ secondsLeft: 31 });
    expect(spoken()).to.equal(before);
    expect(find('[role=timer]')!.hasAttribute('aria-live')).to.equal(false);
  });
});

describe('the last minute, second by second', () => {
  it('is spoken twice, and a screen reader hears nothing of the rest', async () => {
    const { warnAt } = offer.policy;
    await show({ ...practiceStates.live, secondsLeft: 75 });
    const region = find('p[role=status]')!;
    const spoken: string[] = [];
    let drawn = 0;
    const listening = new MutationObserver(() => spoken.push(region.textContent!.trim()));
    listening.observe(region, { childList: true, characterData: true, subtree: true });
    for (let secondsLeft = 74; secondsLeft > 0; secondsLeft--) {
      const warning = warnAt.filter((threshold) => secondsLeft <= threshold).at(-1) ?? null;
      await change({ secondsLeft, warning });
      if (find('[role=timer]')!.textContent!.includes(String(secondsLeft % 60))) drawn++;
    }
    listening.disconnect();
    expect(drawn).to.equal(74);
    expect(spoken).to.have.length(2);
    expect(spoken[0]).to.contain('1 min');
    expect(spoken[1]).to.contain('20 sec');
  });
});

describe('the controls', () => {
  const press = (selector: string): void => find(selector)!.click();

  it('ask for what they say', async () => {
    await show(practiceStates.live);
    press('[part=pause-button]');
    press('[part=finish-button]');
    await change({ askingToLeave: true });
    press('[role=alertdialog] .primary');
    press('[role=alertdialog] .danger');
    expect(intents().filter((type) => type !== 'frame-loaded')).to.deep.equal(['pause', 'finish', 'stay', 'leave']);
  });

  it('confirm with the very press, unless the host objects', async () => {
    await show(practiceStates.offer);
    press('[part=confirm-button]');
    stage.addEventListener('practice-confirm', (event) => event.preventDefault());
    press('[part=confirm-button]');
    expect(intents()).to.deep.equal(['confirm']);
  });

  it('offer no pause where the course has none', async () => {
    await show({ ...practiceStates.live, offer: { ...offer, policy: { ...offer.policy, canPause: false } } });
    expect(find('[part=pause-button]')).to.equal(null);
  });
});
