import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base } from '@playwright/test';
import { PracticeServer } from '../fakes/practice-server.js';

export { expect } from '@playwright/test';
export type { PracticeServer } from '../fakes/practice-server.js';

/**
 * A test with its own reference backend, simulated Tavus and database: `tavus-practice serve` as the package ships it.
 * `page.goto('/')` opens its demo. Settings go in with `test.use({ settings: { TAVUS_DEFAULT_TTL: '8' } })`.
 */
export const test = base.extend<{ settings: Record<string, string>; practice: PracticeServer }>({
  settings: [{}, { option: true }],
  practice: async ({ settings }, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'tavus-practice-'));
    const practice = new PracticeServer({
      DATABASE_URL: `sqlite:${join(folder, 'practice.db')}`,
      ...settings,
    });
    try {
      await practice.start();
      await use(practice);
    } finally {
      await practice.stop();
      await rm(folder, { recursive: true });
    }
  },
  baseURL: async ({ practice }, use) => use(practice.url),
});
