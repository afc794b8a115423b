import { defineConfig } from '@playwright/test';
import { CHROMIUM_FLAGS, findChromium } from './scripts/chromium.mjs';

const projects = {
  chromium: {
    name: 'chromium',
    use: {
      browserName: 'chromium' as const,
      launchOptions: { executablePath: findChromium() ?? '', args: CHROMIUM_FLAGS },
    },
  },
  firefox: {
    name: 'firefox',
    use: {
      browserName: 'firefox' as const,
      channel: 'moz-firefox',
      launchOptions: {
        executablePath: process.env['FIREFOX_PATH'] ?? '/usr/bin/firefox-esr',
        firefoxUserPrefs: { 'media.navigator.streams.fake': true, 'media.navigator.permission.disabled': true },
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
