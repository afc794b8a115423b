import type { Page } from '@playwright/test';
import { PracticePage } from './practice-page.js';
import { expect, test } from './serve-fixture.js';

declare global {
  interface Window {
    spoken: string[];
  }
}

/** Notes what a live region says from now on, as a screen reader hears it: each change of its text, once. */
async function listen(page: Page): Promise<void> {
  await page.evaluate(() => {
    window.spoken = [];
    const root = document.querySelector('tavus-practice')?.shadowRoot;
    if (!root) return;
    const text = (region: Element): string => region.textContent?.replace(/\s+/g, ' ').trim() ?? '';
    let last = '';
    new MutationObserver(() => {
      for (const region of root.querySelectorAll('[role=status], [role=alert], [aria-live]')) {
        const said = text(region);
        if (said && said !== last) window.spoken.push(said);
        last = said;
      }
    }).observe(root, { childList: true, characterData: true, subtree: true });
  });
}

const spoken = (page: Page): Promise<string[]> => page.evaluate(() => window.spoken);

test('the whole journey reads as it is meant, and each piece of news is spoken once', async ({ page, practice }) => {
  const learner = new PracticePage(page, practice);
  const dialog = page.getByRole('dialog');
  await page.goto('/');
  await expect(page.getByRole('button', { name: 'Practice with AI' })).toBeVisible();
  await learner.part('launcher').hover();
  // The region is there before it has anything to say.
  await expect(page.locator('tavus-practice [role=status]')).toHaveCount(1);
  await listen(page);

  await learner.open();
  await expect(learner.part('confirm-button')).toBeEnabled();
  await expect(dialog).toHaveAccessibleName('Practice with AI');
  await expect(dialog).toHaveAccessibleDescription(/Nothing has started yet/);
  await expect(dialog).toMatchAriaSnapshot(`
    - dialog "Practice with AI":
      - heading "Practice with AI" [level=2]
      - paragraph: Ordering tapas · Spanish 101
      - button "Close"
      - paragraph: /Order two tapas and a drink/
      - term: at most
      - definition: 10 min
      - term: left today
      - definition: 3 of 3
      - term: account
      - definition: premium
      - list "Good to know":
        - listitem: Find a quiet place
        - listitem: Headphones help
        - listitem: Mistakes are fine
      - paragraph: You are talking to an AI, not to a person.
      - paragraph: Nothing has started yet. Your session is counted only when you press Start.
      - button "Not now"
      - button "Start practice session"
      - status
  `);

  await learner.part('confirm-button').click();
  await learner.is('live');
  await expect(dialog).toHaveAccessibleName('Ordering tapas · Spanish 101');
  await expect(dialog).toMatchAriaSnapshot(`
    - dialog "Ordering tapas · Spanish 101":
      - text: Live
      - heading "Ordering tapas · Spanish 101" [level=2]
      - timer "Time left": /\\d+:\\d\\d/
      - button "Add 2 min"
      - button "Pause"
      - button "Finish"
      - iframe
      - paragraph: You are talking to an AI, not to a person.
      - button "Leave without finishing"
      - status
  `);
  await expect(learner.part('frame')).toHaveAccessibleName('Conversation with your AI partner');
  await learner.part('extend-button').click();
  await learner.says('You have 2 min more.');

  await page.getByRole('button', { name: 'Leave without finishing' }).click();
  await expect(page.getByRole('alertdialog')).toHaveAccessibleDescription(/It ends when you leave/);
  await expect(dialog).toMatchAriaSnapshot(`
    - dialog "Ordering tapas · Spanish 101":
      - alertdialog "Leave the conversation?":
        - heading "Leave the conversation?" [level=3]
        - paragraph: It ends when you leave. Finish instead to have it counted.
        - button "Leave"
        - button "Finish"
        - button "Keep talking"
  `);
  await page.getByRole('button', { name: 'Keep talking' }).click();

  await learner.part('pause-button').click();
  await learner.is('paused');
  await expect(dialog).toMatchAriaSnapshot(`
    - dialog "Paused":
      - heading "Paused" [level=2]
      - paragraph: Ordering tapas · Spanish 101
      - term: Time left
      - definition
      - paragraph: /The clock and the bill have stopped/
      - button "Close"
      - button "Finish"
      - button "Resume"
      - status
  `);
  await learner.part('resume-button').click();
  await learner.is('live');
  await learner.part('finish-button').click();
  await learner.is('completed');
  await expect(dialog).toHaveAccessibleName('Practice completed');
  await expect(dialog).toMatchAriaSnapshot(`
    - dialog "Practice completed":
      - button "Close"
      - heading "Practice completed" [level=2]
      - paragraph: Ordering tapas · Spanish 101
      - term: practised
      - definition
      - group "How was it?":
        - radio "1 of 5"
        - radio "2 of 5"
        - radio "3 of 5"
        - radio "4 of 5"
        - radio "5 of 5"
      - paragraph: Practising again uses one more session.
      - button "Practise again"
      - button "Done"
      - status
  `);
  await page.getByRole('radio', { name: '4 of 5' }).check();
  await expect(page.getByRole('textbox', { name: /Anything to add/ })).toBeVisible();
  await page.getByRole('button', { name: 'Send feedback' }).click();
  await learner.says('Thank you for your feedback.');

  const said = await spoken(page);
  expect(said).toContain('You have 2 min more.');
  expect(said.filter((text) => text === 'Thank you for your feedback.')).toHaveLength(1);
  // Nothing twice in a row, and nothing but what is news.
  const news = [
    'Loading your practice',
    'Reserving your session',
    'Waking your partner',
    'You have 2 min more.',
    'Thank you for your feedback.',
  ];
  expect(said.filter((text) => !news.includes(text))).toEqual([]);
});
