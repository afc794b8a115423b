import type { Page } from '@playwright/test';
import { build } from 'esbuild';
import type { TavusPractice } from '../../src/elements/tavus-practice.js';
import { expect, test } from '../e2e/serve-fixture.js';

interface Host {
  draw(props: object): void;
  element: { current: TavusPractice };
  heard: string[];
}

declare const host: Host;

const VERSIONS = {
  'React 19': {},
  'React 18': { react: 'react-18', 'react-dom': 'react-dom-18' },
};

/** What a server has drawn, with React still on its way. */
const DRAWN = '<tavus-practice backend="/api/practice" course-id="spanish-101" class="task"></tavus-practice>';
const PROPS = { backend: '/api/practice', courseId: 'spanish-101', className: 'task' };

for (const [version, alias] of Object.entries(VERSIONS))
  test.describe(`The component of ${version}`, () => {
    let script = '';
    test.beforeAll(async () => {
      const { outputFiles } = await build({
        entryPoints: ['test/frameworks/react-host.js'],
        alias,
        bundle: true,
        format: 'esm',
        write: false,
        define: { 'process.env.NODE_ENV': '"development"' },
      });
      script = outputFiles[0]?.text ?? '';
    });

    /** The server's page, with the element at work and React ready to come. Returns what the page complains about. */
    async function open(page: Page): Promise<string[]> {
      const complaints: string[] = [];
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
      });
      const html = `<!doctype html><link rel="icon" href="data:,"><div id="app">${DRAWN}</div><script type="module" src="/host.js"></script>`;
      await page.route('**/host', (route) => route.fulfill({ contentType: 'text/html', body: html }));
      await page.route('**/host.js', (route) => route.fulfill({ contentType: 'text/javascript', body: script }));
      await page.goto('/host');
      await expect(page.locator('tavus-practice')).toHaveAttribute('state', 'idle');
      return complaints;
    }

    test('takes over what the server has drawn, without a word', async ({ page }) => {
      const complaints = await open(page);
      const before = await page.locator('tavus-practice').elementHandle();
      await page.evaluate((props) => host.draw(props), PROPS);
      await page.waitForFunction(() => host.element.current !== null);
      expect(await page.evaluate((drawn) => host.element.current === drawn, before)).toBe(true);
      expect(complaints).toEqual([]);
    });

    test('passes on what changes, and brings a default back', async ({ page }) => {
      await open(page);
      const read = () =>
        page.evaluate(async () => {
          const { current } = host.element;
          await current.updateComplete;
          const { courseId, credentials, disabled, ttl, tokenProvider, messages } = current;
          return { courseId, credentials, disabled, ttl, messages, token: await tokenProvider?.() };
        });
      const draw = async (props: object) => {
        await page.evaluate((given) => host.draw(given), { ...PROPS, ...props });
        await page.waitForFunction(() => host.element.current !== null);
      };
      const plain = { courseId: 'spanish-101', credentials: 'same-origin', disabled: false, messages: {} };

      await draw({});
      await expect.poll(read).toEqual(plain);
      await draw({ credentials: 'include', disabled: true, ttl: 60, provideToken: true, messages: { launch: 'Go' } });
      await expect.poll(read).toEqual({
        ...plain,
        credentials: 'include',
        disabled: true,
        ttl: 60,
        messages: { launch: 'Go' },
        token: 'token',
      });
      await draw({ courseId: 'quick-check' });
      const { ttl, ...rest } = await read();
      expect(ttl ?? null).toBeNull();
      expect(rest).toEqual({ ...plain, courseId: 'quick-check' });
      await expect(page.locator('tavus-practice')).toHaveAttribute('class', 'task');
    });

    test('tells the newest listener, once, however often it was drawn', async ({ page }) => {
      await open(page);
      for (const listen of ['first', 'second', 'newest'])
        await page.evaluate((props) => host.draw(props), { ...PROPS, listen });
      await page.waitForFunction(() => host.element.current !== null);
      await page.getByRole('button').first().click();
      await expect.poll(() => page.evaluate(() => host.heard)).toEqual(['newest']);
    });
  });
