import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { CHROMIUM_FLAGS, findChromium } from '../../scripts/chromium.mjs';

export type Engine = 'chromium' | 'firefox';

/** `kill`: SIGKILL for the whole process tree. `crash`: the renderer alone. */
export type Disaster = 'kill' | 'crash' | 'reload' | 'close';

/** What each engine can be made to suffer. Firefox has no command that crashes a page. */
export const DISASTERS: Record<Engine, readonly Disaster[]> = {
  chromium: ['kill', 'kill', 'reload', 'close', 'crash'],
  firefox: ['kill', 'kill', 'reload', 'close'],
};

const PATIENCE_MILLISECONDS = 30_000;

/** A real browser over one profile, which may be killed and is started again over what it left there. */
export class MortalBrowser {
  readonly #engine: Engine;
  readonly #profile: string;
  #browser: Browser | null = null;
  #page: Page | null = null;
  #learner = '';

  constructor(engine: Engine, profile: string) {
    this.#engine = engine;
    this.#profile = profile;
  }

  /** The page that was reloaded, if the learner is the same; else a new one, in the browser that lives or in a new one. */
  async open(url: string, learner: string): Promise<Page> {
    if (this.#page && learner === this.#learner) return this.#page;
    this.#learner = learner;
    if (!this.#browser) {
      this.#browser = await launch(this.#engine, this.#profile);
      process.once('exit', this.#strike);
    }
    const tabs = await this.#browser.pages();
    this.#page = await this.#browser.newPage();
    await Promise.all(tabs.map((tab) => tab.close()));
    await this.#page.bringToFront();
    const { hostname: domain } = new URL(url);
    await this.#browser.setCookie({ name: 'practice-demo', value: learner, domain, path: '/' });
    await this.#page.goto(url, { waitUntil: 'load', timeout: PATIENCE_MILLISECONDS });
    return this.#page;
  }

  /** Resolves when the page is gone, or, after a reload, there anew. */
  async suffer(disaster: Disaster): Promise<void> {
    const page = this.#page;
    if (!page) return;
    switch (disaster) {
      case 'kill':
        return this.kill();
      case 'reload':
        await page.reload({ waitUntil: 'load', timeout: PATIENCE_MILLISECONDS });
        return;
      case 'close':
        // A browser without a tab would end.
        await this.#browser?.newPage();
        this.#page = null;
        return page.close();
      case 'crash': {
        this.#page = null;
        const crashed = new Promise<void>((resolve) => page.once('error', () => resolve()));
        const devtools = await page.createCDPSession();
        // A page that crashes never answers.
        void devtools.send('Page.crash').catch(() => undefined);
        await Promise.race([crashed, sleep(PATIENCE_MILLISECONDS, undefined, { ref: false })]);
      }
    }
  }

  /** The browser with all its processes, without a chance to write anything down. */
  async kill(): Promise<void> {
    const main = this.#browser?.process();
    const ended = main && new Promise((resolve) => main.once('exit', resolve));
    this.#strike();
    await ended;
  }

  readonly #strike = (): void => {
    process.off('exit', this.#strike);
    const pid = this.#browser?.process()?.pid;
    this.#browser = this.#page = null;
    // It leads a process group of its own.
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  };
}

async function launch(engine: Engine, userDataDir: string): Promise<Browser> {
  const common = {
    headless: true,
    userDataDir,
    timeout: PATIENCE_MILLISECONDS,
    protocolTimeout: PATIENCE_MILLISECONDS,
  };
  if (engine === 'chromium')
    return puppeteer.launch({
      ...common,
      browser: 'chrome',
      executablePath: findChromium() ?? '',
      args: CHROMIUM_FLAGS,
    });
  const browser = await puppeteer.launch({
    ...common,
    browser: 'firefox',
    executablePath: process.env['FIREFOX_PATH'] ?? '/usr/bin/firefox-esr',
    extraPrefsFirefox: { 'browser.sessionstore.resume_from_crash': false },
  });
  // Else they are put back after the browser has ended, in the middle of the next start.
  for (const name of ['prefs.js', 'user.js']) await rm(join(userDataDir, `${name}.puppeteer`), { force: true });
  return browser;
}
