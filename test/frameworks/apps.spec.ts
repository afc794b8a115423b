import type { Page } from '@playwright/test';
import { PracticePage } from '../e2e/practice-page.js';
import { expect, test } from '../e2e/serve-fixture.js';

/** Pages that are left are missed soon. */
test.use({ settings: { PRACTICE_LEASE_SECONDS: 'visible=4,hidden=8,leave=2', PRACTICE_SWEEP_SECONDS: '1' } });

const FRAMEWORKS = { react: 'React 19', 'react-18': 'React 18', vue: 'Vue 3', plain: 'plain HTML' };

/** Everything the page complains about. */
function complaintsOf(page: Page): string[] {
  const heard: string[] = [];
  page.on('pageerror', (error) => heard.push(String(error)));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) heard.push(message.text());
  });
  return heard;
}

for (const [folder, framework] of Object.entries(FRAMEWORKS)) {
  test.describe(`an app in ${framework}`, () => {
    test('shows what was practised, having bought one conversation', async ({ page, practice }) => {
      const learner = new PracticePage(page, practice);
      const complaints = complaintsOf(page);
      await page.goto(`/frameworks/${folder}/`);
      await expect(page.getByRole('heading', { level: 1 })).toContainText(framework);
      await expect(learner.element).toHaveAttribute('display', 'inline');
      await learner.part('launcher').click();
      await expect(learner.part('confirm-button')).toBeEnabled();
      expect(await learner.creates()).toBe(0);

      await learner.part('confirm-button').click();
      await learner.is('live');
      await expect.poll(async () => (await learner.billed())[0]?.joins.length).toBe(1);
      await learner.part('finish-button').click();
      await learner.is('completed');
      await expect(page.getByRole('listitem')).toHaveText([/^spanish-101: \d+ s$/]);
      expect(await learner.creates()).toBe(1);
      expect((await learner.billed())[0]?.endedAt).not.toBeNull();
      expect(complaints).toEqual([]);
    });

    test('passes on another course, and tips of its own', async ({ page, practice }) => {
      const learner = new PracticePage(page, practice);
      await page.goto(`/frameworks/${folder}/`);
      await page.getByLabel('Course').selectOption('interview-basics');
      await expect(learner.element).toHaveAttribute('course-id', 'interview-basics');
      await learner.part('launcher').click();
      await learner.says('First job interview');
      await learner.says('Speak slowly');
    });

    test('ends the conversation when it takes the element away', async ({ page, practice }) => {
      const learner = new PracticePage(page, practice);
      await page.goto(`/frameworks/${folder}/`);
      await learner.part('launcher').click();
      await learner.part('confirm-button').click();
      await learner.is('live');
      expect((await learner.billed())[0]?.endedAt).toBeNull();

      await page.getByRole('button', { name: 'Leave the lesson' }).click();
      await expect(learner.element).toHaveCount(0);
      await expect.poll(async () => (await learner.billed())[0]?.endedAt, { timeout: 10_000 }).not.toBeNull();
      expect(await learner.creates()).toBe(1);
    });

    if (folder !== 'plain')
      test('scores in the page, through a reference to the element', async ({ page, practice }) => {
        const learner = new PracticePage(page, practice);
        await page.goto(`/frameworks/${folder}/`);
        await learner.part('launcher').click();
        await learner.part('confirm-button').click();
        await learner.is('live');
        await page.getByRole('button', { name: 'Score 87 %' }).click();
        await learner.is('completed');
        await expect(page.getByRole('listitem')).toHaveText([/^spanish-101: \d+ s, 87 %$/]);
      });
  });
}
