import { PracticePage } from './practice-page.js';
import { expect, test } from './serve-fixture.js';

test('more time is one press away from the beginning, is said, and goes when it is used up', async ({
  page,
  practice,
}) => {
  const learner = new PracticePage(page, practice);
  await page.goto('/');
  await learner.start();
  const left = async (): Promise<number> => {
    const [minutes, seconds] = ((await learner.part('timer').textContent()) ?? '').split(':').map(Number);
    return Number(minutes) * 60 + Number(seconds);
  };
  const before = await left();
  await learner.part('extend-button').dblclick();
  await learner.says('You have 2 min more.');
  await expect.poll(left).toBeGreaterThan(before + 60);
  await expect(learner.part('extend-button')).toHaveCount(0);
  expect(await left()).toBeLessThanOrEqual(before + 120);
  await learner.is('live');
  expect(await learner.creates()).toBe(1);
});

test('a press that met no network is said, and may be repeated', async ({ page, practice }) => {
  const learner = new PracticePage(page, practice);
  await page.goto('/');
  await learner.start();
  await page.route('**/extend', (route) => route.abort(), { times: 1 });
  await learner.part('extend-button').click();
  await learner.says('The time could not be added.');
  await learner.part('extend-button').click();
  await learner.says('You have 2 min more.');
});
