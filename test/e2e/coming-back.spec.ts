import { PracticePage } from './practice-page.js';
import { expect, test } from './serve-fixture.js';

test('a reload goes back into the same conversation', async ({ page, practice }) => {
  const learner = new PracticePage(page, practice);
  await page.goto('/');
  await learner.start();
  await page.reload();
  await learner.is('live');
  await expect(learner.part('dialog')).toBeVisible();
  await expect.poll(async () => (await learner.billed())[0]?.joins.length).toBe(2);
  expect(await learner.creates()).toBe(1);
  await learner.part('finish-button').click();
  await learner.is('completed');
});

test('a paused session is resumed by a press of its own, with the time that was left', async ({ page, practice }) => {
  const learner = new PracticePage(page, practice);
  await page.goto('/');
  await learner.start();
  await learner.part('pause-button').click();
  await learner.is('paused');
  await page.reload();
  await expect(learner.part('launcher')).toContainText('Continue practice');
  await learner.open();
  await learner.part('resume-button').click();
  await learner.is('live');
  expect(await learner.creates()).toBe(2);
  await learner.part('finish-button').click();
  await learner.is('completed');
});

test('a second tab takes the conversation over, and starts none', async ({ page, context, practice }) => {
  const first = new PracticePage(page, practice);
  await page.goto('/');
  await first.start();
  const second = new PracticePage(await context.newPage(), practice);
  await second.page.goto(practice.url);
  await second.open();
  await second.says('It is open in another tab');
  await second.element.getByRole('button', { name: 'Continue here' }).click();
  await second.is('live');
  await first.is('confirming');
  await expect(first.part('frame')).toHaveCount(0);
  expect(await second.creates()).toBe(1);
  await second.part('finish-button').click();
  await second.is('completed');
});

test('a start confirmed without a network waits in sight, and goes on with it', async ({ page, context, practice }) => {
  const learner = new PracticePage(page, practice);
  await page.goto('/');
  await learner.open();
  await expect(learner.part('confirm-button')).toBeEnabled();
  await context.setOffline(true);
  await learner.part('confirm-button').click();
  await learner.is('queued');
  await learner.says('Waiting for your connection');
  await context.setOffline(false);
  await learner.is('live');
  expect(await learner.creates()).toBe(1);
});
