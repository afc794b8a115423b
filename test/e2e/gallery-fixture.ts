import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { test as base, type Page } from '@playwright/test';
import { startDevServer } from '@web/dev-server';
import { esbuildPlugin } from '@web/dev-server-esbuild';

export { expect } from '@playwright/test';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const GALLERY = '/test/browser/fixtures/gallery.html';

/** Every state a learner can see, drawn one after the other in one page, without a backend. */
export class Gallery {
  readonly #page: Page;
  readonly #origin: string;

  constructor(page: Page, origin: string) {
    this.#page = page;
    this.#origin = origin;
  }

  /** Draws each state in this look (see gallery.ts) and hands its name over. */
  async each(look: Record<string, string>, visit: (state: string) => Promise<void>): Promise<void> {
    await this.#page.goto(`${this.#origin}${GALLERY}?${new URLSearchParams(look)}`);
    const states = await this.#page.locator('html[data-shown]').getAttribute('data-states');
    for (const state of states?.split(' ') ?? []) {
      await this.#page.evaluate((name) => (location.hash = name), state);
      await this.#page.locator(`html[data-shown="${state}"]`).waitFor();
      await visit(state);
    }
  }
}

export const test = base.extend<{ gallery: Gallery }, { galleryOrigin: string }>({
  galleryOrigin: [
    async ({}, use) => {
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
      const { port } = server.server?.address() as AddressInfo;
      await use(`http://localhost:${port}`);
      await server.stop();
    },
    { scope: 'worker' },
  ],
  gallery: async ({ page, galleryOrigin }, use) => use(new Gallery(page, galleryOrigin)),
});
