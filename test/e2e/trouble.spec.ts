import { PracticePage } from './practice-page.js';
import { expect, test } from './serve-fixture.js';

test('a learner without sessions left is told so, and when that changes', async ({ page, context, practice }) => {
  await context.addCookies([{ name: 'practice-demo', value: 'ben', url: practice.url }]);
  const learner = new PracticePage(page, practice);
  await page.goto('/');
  await learner.start();
  await learner.part('finish-button').click();
  await learner.is('completed');
  await page.reload();
  await learner.open();
  await learner.says('Your sessions for today are used');
  await learner.says(/The next one is free/);
  await expect(learner.part('confirm-button')).toHaveCount(0);
  expect(await learner.creates()).toBe(1);
});

test('a backend that is down is said in plain words, and trying again works once it is back', async ({
  page,
  practice,
}) => {
  const learner = new PracticePage(page, practice);
  await page.goto('/');
  await learner.part('launcher').hover();
  await expect.poll(() => page.evaluate(() => performance.getEntriesByType('resource').length)).toBeGreaterThan(4);
  await practice.stop();
  await learner.open();
  await learner.says('Your course cannot be reached');
  await practice.start();
  await learner.part('retry-button').click();
  await expect(learner.part('confirm-button')).toBeEnabled();
});

for (const [name, fault, text] of [
  ['busy', { call: 'create', fail: 'concurrency' }, 'All video partners are busy'],
  ['out of credits', { call: 'create', fail: 'credits' }, 'Practice is not available at the moment'],
  ['set up wrongly', { call: 'create', fail: 'unauthorized' }, 'Practice is not available at the moment'],
] as const) {
  test(`Tavus that is ${name} is said in the learner’s words, and nothing is counted`, async ({ page, practice }) => {
    const learner = new PracticePage(page, practice);
    await page.goto('/');
    await learner.tavusFails(fault);
    await learner.open();
    await learner.part('confirm-button').click();
    await learner.is('failed');
    await learner.says(text);
    expect(await learner.billed()).toHaveLength(0);
    await page.reload();
    await learner.open();
    await expect(learner.part('facts')).toContainText('3 of 3');
  });
}

test.describe('an answer of Tavus that is lost', () => {
  test.use({ settings: { PRACTICE_SETTLE_SECONDS: '3', TAVUS_TIMEOUT_SECONDS: '2' } });

  for (const [name, fault] of [
    ['after creating', { call: 'create', fail: 'reset', when: 'after' }],
    ['as garbage', { call: 'create', fail: 'garbled', when: 'after' }],
    ['by never coming', { call: 'create', delay: 4000, when: 'after' }],
  ] as const) {
    test(`${name} never buys a second conversation, and the first is ended`, async ({ page, practice }) => {
      const learner = new PracticePage(page, practice);
      await page.goto('/');
      await learner.tavusFails(fault);
      await learner.open();
      await learner.part('confirm-button').click();
      await learner.is('starting');
      await learner.is('failed', 40_000);
      expect(await learner.creates()).toBe(1);
      await expect.poll(async () => (await learner.billed())[0]?.endedAt ?? null, { timeout: 15_000 }).not.toBeNull();
      await learner.part('retry-button').click();
      await expect(learner.part('confirm-button')).toBeEnabled();
      await learner.part('confirm-button').click();
      await learner.is('live');
      expect(await learner.creates()).toBe(2);
    });
  }
});

test('a slow start says what is happening, and can be called off at no cost beyond its own end', async ({
  page,
  practice,
}) => {
  const learner = new PracticePage(page, practice);
  await page.goto('/');
  await learner.tavusFails({ call: 'create', delay: 5000, when: 'before' });
  await learner.open();
  await learner.part('confirm-button').click();
  await learner.says('Reserving your session');
  await learner.says('Waking your partner');
  await learner.part('cancel-button').click();
  await learner.is('ending');
  await expect.poll(async () => (await learner.billed())[0]?.endedAt ?? null, { timeout: 20_000 }).not.toBeNull();
  expect((await learner.billed())[0]?.seconds).toBeLessThan(2);
  expect((await learner.billed())[0]?.joins).toHaveLength(0);
});
