import { PracticePage } from './practice-page.js';
import { expect, test } from './serve-fixture.js';

/** The same rules as always, on a clock a test can wait for. */
const QUICK = {
  PRACTICE_LEASE_SECONDS: 'visible=4,hidden=8,leave=2',
  PRACTICE_SWEEP_SECONDS: '1',
  PRACTICE_REJOIN_SECONDS: '60',
};

test.describe('the time limit', () => {
  const course = { id: 'spanish-101', title: 'Short', palId: 'p', ttl: 9, warnAt: [6, 3] };

  test.use({ settings: { ...QUICK, PRACTICE_COURSES: JSON.stringify([course]) } });
  test('warns before it ends the session by itself', async ({ page, practice }) => {
    const learner = new PracticePage(page, practice);
    await page.goto('/');
    await page.evaluate(() => {
      const heard: number[] = [];
      document.addEventListener('practice-warning', (event) =>
        heard.push((event as Event & { secondsLeft: number }).secondsLeft),
      );
      Object.assign(window, { heard });
    });
    await learner.start();
    await expect(learner.part('warning')).toContainText(/Ends by itself in|Nearly over/);
    await learner.is('expired', 20_000);
    await learner.says('Time is up');
    expect(await page.evaluate(() => (window as unknown as { heard: number[] }).heard)).toEqual([6, 3]);
    const [conversation] = await learner.billed();
    expect(conversation?.seconds).toBeLessThan(9 + 3);
    expect(conversation?.reason).toBe('end_conversation_endpoint_hit');
  });
});

test.describe('a learner who goes away', () => {
  test.use({ settings: QUICK });

  test('leaves the page: the conversation ends, and what happened is there when they are back', async ({
    page,
    practice,
  }) => {
    const learner = new PracticePage(page, practice);
    await page.goto('/');
    await learner.start();
    await page.goto('about:blank');
    await expect.poll(async () => (await learner.billed())[0]?.endedAt ?? null, { timeout: 10_000 }).not.toBeNull();
    expect((await learner.billed())[0]?.seconds).toBeLessThan(10);

    await page.goto(practice.url);
    await learner.open();
    await learner.is('paused');
    await learner.says('You left the page');
    await learner.part('finish-button').click();
    await learner.is('completed');
    expect(await learner.creates()).toBe(1);
  });

  test('loses the network: the conversation ends, the page says why, and finishing still counts', async ({
    page,
    context,
    practice,
  }) => {
    const learner = new PracticePage(page, practice);
    await page.goto('/');
    await learner.start();
    await context.setOffline(true);
    await expect.poll(async () => (await learner.billed())[0]?.endedAt ?? null, { timeout: 20_000 }).not.toBeNull();
    await context.setOffline(false);
    await learner.is('paused', 30_000);
    await learner.says('The connection was lost');
    await learner.part('finish-button').click();
    await learner.is('completed');
    expect(await learner.creates()).toBe(1);
  });

  test('is asked before Escape or the cross ends a running conversation', async ({ page, practice }) => {
    const learner = new PracticePage(page, practice);
    await page.goto('/');
    await learner.start();
    await learner.part('finish-button').focus();
    await page.keyboard.press('Escape');
    await learner.says('Leave the conversation?');
    await page.getByRole('button', { name: 'Keep talking' }).click();
    await learner.is('live');
    expect((await learner.billed())[0]?.endedAt).toBeNull();

    await page.getByRole('button', { name: 'Leave without finishing' }).click();
    await page.getByRole('button', { name: 'Leave', exact: true }).click();
    await learner.is('paused');
    expect((await learner.billed())[0]?.endedAt).not.toBeNull();
  });
});

test('a conversation that Tavus ends is shown as ended, with a way to finish', async ({ page, practice }) => {
  const learner = new PracticePage(page, practice);
  await page.goto('/');
  await learner.start();
  const [conversation] = await learner.billed();
  await fetch(`${practice.simulatorUrl}/v2/conversations/${conversation?.id}/end`, {
    method: 'POST',
    headers: { 'x-api-key': 'simulated' },
  });
  await learner.is('paused', 30_000);
  await learner.says('The video partner ended the conversation');
});
