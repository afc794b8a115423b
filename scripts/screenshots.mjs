// Draws every state in every look into ./screenshots/, and sheets of many to judge at once into ./screenshots/sheets/.
//   node scripts/screenshots.mjs [--look NAME]… [STATE …]
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startDevServer } from '@web/dev-server';
import { esbuildPlugin } from '@web/dev-server-esbuild';
import { chromium } from 'playwright-core';
import { CHROMIUM_FLAGS, findChromium } from './chromium.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FOLDER = `${ROOT}screenshots`;
const GALLERY = 'test/browser/fixtures/gallery.html';
const PAGES_AT_ONCE = 3;
const PATIENCE_MS = 10_000;
const PER_SHEET = 12;

const desk = { width: 1080, height: 760 };
const phone = { width: 375, height: 740 };
/** What a look is drawn with: the window, what the browser is set to, and what is asked of the gallery. */
const BASICS = {
  light: { ...desk },
  dark: { ...desk, theme: 'dark' },
  phone: { ...phone },
  rtl: { ...desk, lang: 'ar' },
  'text-200': { ...desk, text: '200' },
  forced: { ...desk, forcedColors: 'active' },
};
const FURTHER = {
  'phone-dark': { ...phone, theme: 'dark' },
  'phone-rtl': { ...phone, lang: 'ar' },
  'phone-german': { ...phone, lang: 'de' },
  'phone-tamil': { ...phone, lang: 'ta' },
  narrow: { width: 320, height: 560 },
  landscape: { width: 740, height: 360 },
};
const THEMES = ['moodle', 'canvas', 'open-edx', 'material', 'contrast', 'playful'];
const THEMED_STATES =
  `offer consent-missing blocked-frame no-sessions-left reserving live warning-20 asking-to-leave paused
  not-resumed completed failed`.split(/\s+/);

const inline = ({ width, ...look }) => ({ ...look, width: Math.min(width, 820), height: 400, display: 'inline' });
const LOOKS = {
  ...BASICS,
  ...Object.fromEntries(Object.entries(BASICS).map(([name, look]) => [`${name}-inline`, inline(look)])),
  ...FURTHER,
  ...Object.fromEntries(THEMES.map((theme) => [theme, { ...desk, look: theme, only: THEMED_STATES }])),
  'material-dark': { ...desk, theme: 'dark', look: 'material', only: THEMED_STATES },
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { look: { type: 'string', multiple: true, default: Object.keys(LOOKS) } },
});
demand(values.look, Object.keys(LOOKS), 'look');

const server = await startDevServer({
  config: {
    rootDir: ROOT,
    port: 0,
    nodeResolve: true,
    plugins: [esbuildPlugin({ ts: true, target: 'es2022', tsconfig: `${ROOT}tsconfig.json` })],
  },
  readCliArgs: false,
  readFileConfig: false,
  logStartMessage: false,
});
const origin = `http://localhost:${server.server.address().port}`;
const browser = await chromium.launch({ executablePath: findChromium() ?? '', args: CHROMIUM_FLAGS });

try {
  await mkdir(`${FOLDER}/sheets`, { recursive: true });
  const waiting = [...values.look];
  await Promise.all(
    Array.from({ length: PAGES_AT_ONCE }, async () => {
      for (let look = waiting.shift(); look; look = waiting.shift()) await draw(look);
    }),
  );
} finally {
  await browser.close();
  await server.stop();
}

async function draw(look) {
  const { width, height, only, forcedColors = 'none', ...asked } = LOOKS[look];
  const page = await browser.newPage({ viewport: { width, height }, reducedMotion: 'reduce', forcedColors });
  page.setDefaultTimeout(PATIENCE_MS);
  page.on('pageerror', ({ stack }) => console.error(`${look}: ${stack}`));
  await page.goto(`${origin}/${GALLERY}?${new URLSearchParams(asked)}`);
  await page.locator('html[data-shown]').waitFor();
  const all = (await page.locator('html').getAttribute('data-states')).split(' ');
  demand(positionals, all, 'state');
  const states = positionals.length > 0 ? positionals : (only ?? all);
  for (const state of states) {
    await page.evaluate((hash) => (location.hash = hash), state);
    await page.locator(`html[data-shown="${state}"]`).waitFor();
    await page.screenshot({ path: `${FOLDER}/${state}.${look}.png`, fullPage: asked.display === 'inline' });
  }
  await page.close();
  await drawSheets(look, states);
}

async function drawSheets(look, states) {
  const across = LOOKS[look].width < 500 ? 6 : 4;
  const page = await browser.newPage({ viewport: { width: 1920, height: 400 } });
  for (let from = 0; from < states.length; from += PER_SHEET) {
    const figures = states
      .slice(from, from + PER_SHEET)
      .map(
        (state) =>
          `<figure><figcaption>${state}</figcaption><img src="${origin}/screenshots/${state}.${look}.png"></figure>`,
      );
    await page.setContent(`<style>
      body { display: grid; grid-template-columns: repeat(${across}, 1fr); align-items: start; gap: 12px; margin: 12px; background: #888 }
      figure { margin: 0 } figcaption { font: 600 14px system-ui } img { display: block; width: 100% }
    </style>${figures.join('')}`);
    await page.screenshot({ path: `${FOLDER}/sheets/${look}-${1 + from / PER_SHEET}.png`, fullPage: true });
  }
  await page.close();
}

function demand(wanted, known, kind) {
  const unknown = wanted.find((name) => !known.includes(name));
  if (unknown) throw new Error(`There is no ${kind} ${unknown}. There are: ${known.join(', ')}.`);
}
