import { defineConfig } from '@playwright/test';
import { CHROMIUM_FLAGS, findChromium } from './scripts/chromium.mjs';
import { FIREFOX_PREFERENCES, findFirefox } from './scripts/firefox.mjs';

const projects = {
  chromium: {
    name: 'chromium',
    use: {
      browserName: 'chromium' as const,
      launchOptions: { executablePath: findChromium() ?? '', args: CHROMIUM_FLAGS },
    },
  },
  // Three times slower: only what a learner does from beginning to end, and without a mouse.
  firefox: {
    name: 'firefox',
    testMatch: /(journey|keyboard|screen-reader)\.spec\.ts$/,
    use: {
      browserName: 'firefox' as const,
      channel: 'moz-firefox',
      launchOptions: {
        executablePath: findFirefox() ?? '',
        firefoxUserPrefs: FIREFOX_PREFERENCES,
      },
    },
  },
};

/** BROWSERS=chromium,firefox chooses the browsers; every test starts its own server (test/e2e/serve-fixture.ts). */
export default defineConfig({
  testDir: 'test',
  testMatch: '**/*.spec.ts',
  globalSetup: './scripts/build-frameworks.mjs',
  outputDir: 'test-results/e2e',
  fullyParallel: true,
  forbidOnly: Boolean(process.env['CI']),
  workers: 2,
  timeout: 60_000,
  reporter: [['list'], ...(process.env['PLAYWRIGHT_JSON_OUTPUT_FILE'] ? [['json'] as ['json']] : [])],
  use: { trace: 'retain-on-failure', screenshot: 'only-on-failure' },
  projects: (process.env['BROWSERS'] ?? 'chromium')
    .split(',')
    .filter((name) => name in projects)
    .map((name) => projects[name as keyof typeof projects]),
});
