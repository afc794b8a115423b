import { PracticePage } from './practice-page.js';
import { expect, test } from './serve-fixture.js';

test('until the learner confirms, the page asks for the offer and nothing else, and stores nothing', async ({
  page,
  context,
  practice,
}) => {
  const learner = new PracticePage(page, practice);
  // The demo page shows a bill of its own; a host's page does not.
  await page.route('**/demo/ledger', (route) => route.abort());
  await page.goto('/');
  const asked: string[] = [];
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.pathname !== '/demo/ledger')
      asked.push(`${request.method()} ${url.origin === practice.url ? url.pathname : url.href}`);
  });
  await learner.open();
  await expect(learner.part('confirm-button')).toBeEnabled();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');

  const code = (line: string) => line.startsWith('GET /dist/');
  expect(asked.filter((line) => !code(line))).toEqual(['GET /api/practice/courses/spanish-101']);
  const stored = await page.evaluate(async () => ({
    databases: await indexedDB.databases(),
    local: localStorage.length,
    session: sessionStorage.length,
    caches: await caches.keys(),
  }));
  expect(stored).toEqual({ databases: [], local: 0, session: 0, caches: [] });
  expect(await context.cookies()).toEqual([]);
});

test('the key, room tokens and callback addresses never reach the page’s storage or its address bar', async ({
  page,
  practice,
}) => {
  const learner = new PracticePage(page, practice);
  const answers: string[] = [];
  page.on('response', (response) => {
    if (response.url().includes('/api/practice/'))
      void response.text().then(
        (text) => answers.push(text),
        () => undefined,
      );
  });
  await page.goto('/');
  await learner.start();
  expect(answers.join()).not.toContain('webhooks/tavus');
  expect(answers.join()).not.toContain('x-api-key');
  const dump = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href]));
  expect(dump).not.toContain('rooms/');
});

test('the demo page runs under its strict policy without one report', async ({ page, practice }) => {
  const learner = new PracticePage(page, practice);
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.addInitScript(() =>
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
      console.error(`policy: ${violatedDirective} ${blockedURI}`),
    ),
  );
  const response = await page.goto('/');
  expect(response?.headers()['content-security-policy']).toContain("require-trusted-types-for 'script'");
  await learner.start();
  await learner.part('finish-button').click();
  await learner.is('completed');
  expect(complaints).toEqual([]);
});
