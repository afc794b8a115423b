import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'puppeteer-core';
import type { Ledger } from '../src/simulator/ledger.js';
import { MortalBrowser } from '../test/chaos/mortal-browser.js';
import { PracticeServer } from '../test/fakes/practice-server.js';

const READING_MILLISECONDS = 300;
/** What to press in which state; in all others it is the launcher. */
const WAY_IN: Record<string, string> = { confirming: 'confirm-button', failed: 'retry-button' };

/** `serve` as the package ships it, with its simulated Tavus and its demo page, and real Chromiums in front of it. */
export class MeasuredPractice {
  readonly #folder: string;
  readonly #server: PracticeServer;

  private constructor(folder: string, server: PracticeServer) {
    this.#folder = folder;
    this.#server = server;
  }

  /** @param settings what differs from the defaults */
  static async start(settings: Record<string, string>): Promise<MeasuredPractice> {
    const folder = await mkdtemp(join(tmpdir(), 'tavus-practice-bench-'));
    const server = new PracticeServer({ DATABASE_URL: `sqlite:${folder}/practice.db`, ...settings });
    await server.start();
    process.once('exit', () => void server.kill());
    return new MeasuredPractice(folder, server);
  }

  /** A browser of the learner's own, and its page. */
  async browserOf(learner: string): Promise<{ browser: MortalBrowser; page: Page }> {
    const browser = new MortalBrowser('chromium', join(this.#folder, learner));
    return { browser, page: await browser.open(this.#server.url, learner) };
  }

  /** Presses a part of the element with the keyboard, which cannot miss, if it is there and enabled. Whether it was. */
  async press(page: Page, part: string): Promise<boolean> {
    const button = await page.$(`tavus-practice >>> [part~=${part}]:not([disabled])`);
    if (!button) return false;
    await button.focus();
    await page.keyboard.press('Enter');
    return true;
  }

  /** From the launcher into the room. Resolves to the session's id. */
  async confirm(page: Page): Promise<string> {
    const state = async () => String(await page.evaluate(`document.querySelector('tavus-practice').state`));
    for (let now = await state(); now !== 'starting' && now !== 'live'; now = await state()) {
      const pressed = await this.press(page, WAY_IN[now] ?? 'launcher');
      // As long as the conversation before is being ended, the offer allows no other, and has to be asked for again.
      if (!pressed) await page.evaluate(`document.querySelector('tavus-practice').close()`);
      // While the dialog takes shape the focus moves, and a press may meet another button.
      await sleep(READING_MILLISECONDS);
    }
    const joined = `document.querySelector('tavus-practice').session?.status === 'in_progress'`;
    await page.waitForFunction(joined, { polling: 100 });
    return (await page.evaluate(`document.querySelector('tavus-practice').session.id`)) as string;
  }

  /** What the simulated Tavus has seen and would bill. */
  async ledger(): Promise<Ledger> {
    return (await (await fetch(`${this.#server.simulatorUrl}/_simulator/ledger`)).json()) as Ledger;
  }

  async stop(): Promise<void> {
    await this.#server.kill();
    await rm(this.#folder, { recursive: true });
  }
}
