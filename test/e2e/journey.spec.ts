import { PracticePage } from './practice-page.js';
import { expect, test } from './serve-fixture.js';

test('a learner practises twice, and pays for two conversations and not a second more', async ({ page, practice }) => {
  const learner = new PracticePage(page, practice);
  await page.goto('/');
  for (const round of [1, 2]) {
    await learner.open();
    await expect(learner.part('facts')).toContainText(`${4 - round} of 3`);
    await learner.says('Nothing has started yet');
    expect(await learner.billed()).toHaveLength(round - 1);

    await learner.part('confirm-button').click();
    await learner.is('live');
    await expect(page.frameLocator('tavus-practice iframe').locator('body')).toContainText('Nobody is really here');
    await expect(learner.part('timer')).toContainText(/\d:\d\d/);
    await expect.poll(async () => (await learner.billed()).at(-1)?.joins.length).toBe(1);

    const finishedAt = Date.now();
    await learner.part('finish-button').click();
    await learner.is('completed');
    await expect(learner.part('result')).toBeVisible();
    await expect(learner.part('frame')).toHaveCount(0);

    const conversation = (await learner.billed()).at(-1);
    expect(conversation?.endedAt).not.toBeNull();
    expect(Number(conversation?.endedAt) - finishedAt).toBeLessThan(3000);
    expect(conversation?.terms).toMatchObject({
      require_auth: true,
      max_participants: 3,
      // 600 s, one extension of 120 s, and the 15 s the answer may take.
      max_call_duration: 735,
      participant_absent_timeout: 300,
      participant_left_timeout: 30,
    });
    await page.reload();
  }
  expect(await learner.billed()).toHaveLength(2);
  expect(await learner.creates()).toBe(2);

  await learner.open();
  await learner.says(/Practised (today|on)/);
});

test('a double click on Start buys one conversation', async ({ page, practice }) => {
  const learner = new PracticePage(page, practice);
  await page.goto('/');
  await learner.open();
  await learner.part('confirm-button').dblclick();
  await learner.is('live');
  expect(await learner.creates()).toBe(1);
});

test('cancelling costs nothing, however it is done', async ({ page, practice }) => {
  const learner = new PracticePage(page, practice);
  await page.goto('/');
  for (const cancel of [
    () => learner.part('cancel-button').click(),
    () => page.keyboard.press('Escape'),
    () => page.getByRole('button', { name: 'Close' }).click(),
  ]) {
    await learner.open();
    await expect(learner.part('confirm-button')).toBeEnabled();
    await cancel();
    await learner.is('idle');
    await expect(learner.part('launcher')).toBeFocused();
  }
  expect(await learner.creates()).toBe(0);
});

test('the result and the count survive a server that is killed and started again', async ({ page, practice }) => {
  const learner = new PracticePage(page, practice);
  await page.goto('/');
  await learner.start();
  await learner.part('finish-button').click();
  await learner.is('completed');
  await practice.kill();
  await practice.start();
  await page.goto(practice.url);
  await learner.open();
  await expect(learner.part('facts')).toContainText('2 of 3');
  await learner.says(/Practised (today|on)/);
});

test('a div that an editor let through becomes the element, and practises', async ({ page, practice }) => {
  const learner = new PracticePage(page, practice);
  await page.goto('/quick-check.html');
  await learner.start();
  await learner.part('finish-button').click();
  await learner.is('completed');
});

test('the element practises in the flow of the page, without a dialog', async ({ page, practice }) => {
  const learner = new PracticePage(page, practice);
  await page.goto('/interview.html');
  await learner.part('launcher').click();
  await learner.part('confirm-button').click();
  await learner.is('live');
  await expect(page.locator('tavus-practice dialog[open]')).toHaveCount(0);
  await learner.part('finish-button').click();
  await learner.is('completed');
});
