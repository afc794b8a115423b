// BROWSERS=chromium,firefox,webkit chooses the browsers; Chromium alone is the default.
import { esbuildPlugin } from '@web/dev-server-esbuild';
import { defaultReporter } from '@web/test-runner';
import { chromeLauncher } from '@web/test-runner-chrome';
import puppeteer from 'puppeteer-core';
import { CHROMIUM_FLAGS, findChromium } from './scripts/chromium.mjs';
import { FIREFOX_PREFERENCES, findFirefox } from './scripts/firefox.mjs';
import { webTestRunnerCounts } from './scripts/reporters/web-test-runner-counts.mjs';
import { webkitLauncher } from './scripts/webkit-launcher.mjs';
import { loseCommand, unreliable } from './scripts/unreliable.mjs';

const ownContext = ({ browser }) => browser.createBrowserContext();

const launchers = {
  chromium: () =>
    chromeLauncher({
      puppeteer,
      createBrowserContext: ownContext,
      createPage: async ({ context }) => {
        const page = await context.newPage();
        const devtools = await page.createCDPSession();
        // Without focus a tab beside another one never gets an animation frame.
        await devtools.send('Emulation.setFocusEmulationEnabled', { enabled: true });
        return page;
      },
      launchOptions: { executablePath: findChromium(), args: CHROMIUM_FLAGS },
    }),
  firefox: () =>
    chromeLauncher({
      puppeteer,
      concurrency: 1, // for the same reason, and Firefox has no such emulation
      createBrowserContext: ownContext,
      launchOptions: {
        browser: 'firefox',
        executablePath: findFirefox(),
        extraPrefsFirefox: FIREFOX_PREFERENCES,
      },
    }),
  webkit: webkitLauncher,
};

export default {
  files: 'test/browser/**/*.test.ts',
  nodeResolve: { exportConditions: ['development'] },
  concurrency: 2,
  concurrentBrowsers: 1,
  browsers: (process.env.BROWSERS ?? 'chromium').split(',').map((name) => launchers[name]()),
  plugins: [
    esbuildPlugin({ ts: true, target: 'es2022', tsconfig: new URL('tsconfig.json', import.meta.url).pathname }),
    loseCommand,
  ],
  // A sandboxed frame has an origin of its own, and has to be let in.
  middleware: [unreliable, (context, next) => (context.set('access-control-allow-origin', '*'), next())],
  reporters: [
    defaultReporter({ reportTestProgress: !process.env.CI }),
    ...(process.env.TEST_TOTALS ? [webTestRunnerCounts(process.env.TEST_TOTALS)] : []),
  ],
  filterBrowserLogs: ({ args }) => !String(args[0]).startsWith('Lit is in dev mode'),
  coverageConfig: {
    include: ['src/**/*.ts'],
    report: true,
    reportDir: 'coverage',
    reporters: ['text-summary', 'lcovonly'],
  },
  testFramework: { config: { timeout: 20_000 } },
  testsFinishTimeout: 300_000,
};
