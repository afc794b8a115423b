import type { Page } from '@playwright/test';
import { PracticePage } from './practice-page.js';
import { expect, test } from './serve-fixture.js';

test.skip(({ browserName }) => browserName !== 'chromium', 'Only Chromium tells what a page may delegate.');

/** Lets the demo be sent with these headers instead of its own. */
const sendWith = (page: Page, headers: Record<string, string>) =>
  page.route(
    ({ pathname }) => pathname === '/',
    async (route) => {
      const response = await route.fetch();
      await route.fulfill({ body: await response.body(), contentType: 'text/html', headers });
    },
  );

test('a page whose header keeps camera and microphone to itself is told which one to send', async ({
  page,
  practice,
}) => {
  const learner = new PracticePage(page, practice);
  await sendWith(page, { 'permissions-policy': 'camera=(self), microphone=(self)' });
  await page.goto('/');
  await learner.open();
  await learner.says('This page does not allow camera and microphone');
  await learner.says(/Permissions-Policy: camera=\(self .+\), microphone=\(self .+\)/);
  await learner.says(`"${practice.simulatorUrl}"`);
  await expect(learner.part('facts')).toBeVisible();
  await expect(learner.part('confirm-button')).toHaveCount(0);
});

test('the header it is told works', async ({ page, practice }) => {
  const learner = new PracticePage(page, practice);
  const origin = practice.simulatorUrl;
  await sendWith(page, { 'permissions-policy': `camera=(self "${origin}"), microphone=(self "${origin}")` });
  await page.goto('/');
  await learner.open();
  await expect(learner.part('confirm-button')).toBeEnabled();
});

for (const [attributes, missing] of [
  ['', 'allow="camera; microphone"'],
  ['sandbox="allow-scripts" allow="camera; microphone"', 'sandbox="allow-scripts allow-same-origin"'],
] as const) {
  test(`a frame that needs ${missing} is told so, with a way out of it`, async ({ page, practice }) => {
    // Another origin than the frame's.
    const around = practice.url.replace('localhost', '127.0.0.1');
    await page.route(`${around}/around`, (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: `<iframe ${attributes} width="900" height="700" src="${practice.url}/"></iframe>`,
      }),
    );
    await sendWith(page, {});
    // A sandboxed page has an origin of its own, and has to be let in to the scripts.
    await page.route(/\.js$/, async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, headers: { ...response.headers(), 'access-control-allow-origin': '*' } });
    });
    await page.goto(`${around}/around`);
    const inner = page.frameLocator('iframe');
    await inner.locator('tavus-practice [part~=launcher]').first().click();
    await expect(inner.locator('tavus-practice').first()).toContainText(missing);
    const way = inner.getByRole('link', { name: 'Open in a new tab' });
    await expect(way).toHaveAttribute('href', `${practice.url}/`);
    await expect(way).toHaveAttribute('rel', 'noopener');
  });
}
