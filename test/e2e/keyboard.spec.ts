import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { PracticePage } from './practice-page.js';
import { expect, test } from './serve-fixture.js';

/** Presses Tab until the named button has the focus, as a keyboard user would look for it. */
async function tabTo(page: Page, name: string): Promise<void> {
  const wanted = page.getByRole('button', { name, exact: true });
  for (let presses = 0; presses < 12; presses++) {
    if (await wanted.evaluate((button) => (button.getRootNode() as ShadowRoot).activeElement === button)) return;
    await page.keyboard.press('Tab');
  }
  await expect(wanted).toBeFocused();
}

test('the whole journey works by keyboard only, and axe finds nothing on the way', async ({ page, practice }) => {
  const learner = new PracticePage(page, practice);
  const check = async () => {
    const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
  };
  await page.goto('/');
  await learner.part('launcher').focus();
  await page.keyboard.press('Enter');
  await expect(learner.part('confirm-button')).toBeEnabled();
  await expect(learner.part('cancel-button')).toBeFocused();
  await check();

  await tabTo(page, 'Start practice session');
  await page.keyboard.press('Enter');
  await learner.is('live');
  await check();

  await tabTo(page, 'Finish');
  await page.keyboard.press('Enter');
  await learner.is('completed');
  await check();

  await tabTo(page, 'Done');
  await page.keyboard.press('Enter');
  await expect(learner.part('launcher')).toBeFocused();
  await check();
});
