import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { PracticePage } from './practice-page.js';
import { expect, test } from './serve-fixture.js';

const COURSE = 'Ordering tapas · Spanish 101';

interface Focus {
  /** What it would be called aloud, `the frame`, or `the browser` (a driven Firefox does not come back from there). */
  name: string;
  /** A heading that the focus was put on: news, not a control. */
  isHeading: boolean;
  /** The control is in view, with a ring around it. */
  isInSight: boolean;
}

const whereFocusIs = (page: Page): Promise<Focus> =>
  page.evaluate(() => {
    let focused = (document.hasFocus() && document.activeElement) || document.body;
    while (focused.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
    const { outlineStyle, outlineWidth } = getComputedStyle(focused);
    const { top, left, bottom, right } = focused.getBoundingClientRect();
    const label = focused.getAttribute('aria-label') ?? focused.closest('label')?.textContent ?? focused.textContent;
    return {
      name: { iframe: 'the frame', body: 'the browser' }[focused.localName] ?? (label ?? '').trim(),
      isHeading: focused.matches('h2, h3'),
      isInSight:
        (focused.matches('iframe, body') || (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1)) &&
        (focused === document.body || (bottom > 0 && right > 0 && top < innerHeight && left < innerWidth)),
    };
  });

/** The learner with a keyboard and nothing else. */
class KeyboardLearner {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** The focus was put here without a key of theirs. */
  async isAt(name: string): Promise<void> {
    await expect.poll(async () => (await whereFocusIs(this.#page)).name).toBe(name);
    await this.#seesTheFocus();
  }

  /** Tab by Tab to the control of that name; at every stop the focus can be seen. Returns the stops. */
  async goTo(name: string): Promise<string[]> {
    const stops: string[] = [];
    for (let presses = 0; presses < 20; presses++) {
      if (stops.length > 0) await this.#seesTheFocus();
      const { name: here } = await whereFocusIs(this.#page);
      stops.push(here);
      if (here === name) return stops;
      await this.#page.keyboard.press('Tab');
    }
    throw new Error(`Tab never comes to “${name}”, only to: ${stops.join(', ')}.`);
  }

  async press(name: string): Promise<void> {
    await this.goTo(name);
    await this.#page.keyboard.press('Enter');
  }

  /** Browsers may take a moment to scroll to it. */
  async #seesTheFocus(): Promise<void> {
    const seen = async () => {
      const { name, isHeading, isInSight } = await whereFocusIs(this.#page);
      return isHeading || isInSight ? 'seen' : name;
    };
    await expect.poll(seen, { message: 'the focus can be seen' }).toBe('seen');
  }
}

test('the whole journey works by keyboard only, the focus always in sight and in a sensible place', async ({
  page,
  practice,
}) => {
  test.slow();
  const learner = new PracticePage(page, practice);
  const keyboard = new KeyboardLearner(page);
  const check = async (): Promise<void> => {
    const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
  };
  await page.goto('/');
  await page.bringToFront();
  await expect(learner.part('launcher')).toBeEnabled();
  await keyboard.press('Practice with AI');

  // Before the start: on what costs nothing, and Escape is the way out.
  await expect(learner.part('confirm-button')).toBeEnabled();
  await keyboard.isAt('Not now');
  await check();
  await page.keyboard.press('Escape');
  await learner.is('idle');
  await keyboard.isAt('Practice with AI');
  await page.keyboard.press('Enter');
  await expect(learner.part('confirm-button')).toBeEnabled();
  await keyboard.press('Start practice session');

  // During the conversation
  await learner.is('live');
  await keyboard.isAt(COURSE);
  await check();
  await keyboard.press('Add 2 min');
  await learner.says('You have 2 min more.');
  await keyboard.isAt(COURSE);
  await keyboard.press('Pause');
  await learner.is('paused');
  await keyboard.isAt('Paused');
  await check();
  await keyboard.press('Resume');
  await learner.is('live');
  await keyboard.isAt(COURSE);

  // The room stands between controls of ours, and leaving it asks first.
  const stops = await keyboard.goTo('Leave without finishing');
  expect(stops).toEqual([COURSE, 'Pause', 'Finish', 'the frame', 'Leave without finishing']);
  await page.keyboard.press('Enter');
  await keyboard.isAt('Keep talking');
  await page.keyboard.press('Enter');
  await learner.is('live');
  await keyboard.isAt('Leave without finishing');

  // So does Escape.
  await page.keyboard.press('Escape');
  await keyboard.isAt('Keep talking');
  await check();
  await page.keyboard.press('Shift+Tab');
  await keyboard.isAt('Finish');
  await page.keyboard.press('Shift+Tab');
  await keyboard.isAt('Leave');
  await keyboard.press('Finish');

  // The result, what the learner thinks of it, and the next one.
  await learner.is('completed');
  await keyboard.isAt('Practice completed');
  await check();
  await keyboard.goTo('1 of 5');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await keyboard.isAt('3 of 5');
  await page.keyboard.press('Tab');
  await page.keyboard.type('It spoke slowly. Good.');
  await keyboard.press('Send feedback');
  await learner.says('Thank you for your feedback.');
  await keyboard.isAt('Practice completed');
  await keyboard.press('Practise again');
  await expect(learner.part('confirm-button')).toBeEnabled();
  await keyboard.isAt('Not now');
  await page.keyboard.press('Enter');
  await learner.is('idle');
  await keyboard.isAt('Practice with AI');
  await check();
});
