// Draws every state × {light, dark, phone, inline} into ./screenshots/. Usage: node scripts/screenshots.mjs [state …]
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { startDevServer } from '@web/dev-server';
import { esbuildPlugin } from '@web/dev-server-esbuild';
import { chromium } from 'playwright-core';
import { findChromium } from './chromium.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const looks = {
  light: { width: 1080, height: 760 },
  dark: { width: 1080, height: 760, theme: 'dark' },
  phone: { width: 390, height: 780 },
  inline: { width: 720, height: 620, display: 'inline' },
};

const server = await startDevServer({
  config: {
    rootDir: root,
    port: 8123,
    nodeResolve: true,
    plugins: [esbuildPlugin({ ts: true, target: 'es2022', tsconfig: `${root}tsconfig.json` })],
  },
  readCliArgs: false,
  readFileConfig: false,
  logStartMessage: false,
});
const browser = await chromium.launch({
  executablePath: findChromium() ?? '',
  args: ['--no-sandbox'],
});
await mkdir(`${root}screenshots`, { recursive: true });

try {
  for (const [look, { width, height, theme = 'light', display = 'dialog' }] of Object.entries(looks)) {
    const page = await browser.newPage({ viewport: { width, height }, reducedMotion: 'reduce' });
    page.on('pageerror', (error) => console.error(`${look}: ${error.stack}`));
    const open = async (state) => {
      await page.goto(
        `http://localhost:8123/test/browser/fixtures/gallery.html?${new URLSearchParams({ state, theme, display })}`,
      );
      await page.locator('html[data-states]').waitFor();
    };
    await open('offer');
    const states = (await page.locator('html').getAttribute('data-states')).split(' ');
    const unknown = process.argv.slice(2).find((state) => !states.includes(state));
    if (unknown) throw new Error(`No state ${unknown}. There are: ${states.join(', ')}.`);
    for (const state of process.argv.length > 2 ? process.argv.slice(2) : states) {
      await open(state);
      await page.screenshot({ path: `${root}screenshots/${state}.${look}.png` });
    }
    await page.close();
  }
} finally {
  await browser.close();
  await server.stop();
}
