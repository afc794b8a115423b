import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'puppeteer-core';
import type { Random } from '../simulation/random.js';

const SETTLED = ['idle', 'completed', 'abandoned', 'expired', 'failed'];

/** A learner who never rests: dialogs opened and dismissed, practices begun, paused, finished and left lying. */
export class RestlessLearner {
  readonly #page: Page;
  readonly #random: Random;
  readonly #others: readonly string[];

  /** How often somebody else took over the page. */
  switches = 0;

  /** @param others who may take over the page */
  constructor(page: Page, random: Random, others: readonly string[]) {
    this.#page = page;
    this.#random = random;
    this.#others = others;
  }

  /** Until the signal says that the page is gone. What a page leaves unanswered then is nobody's concern. */
  async practise(over: AbortSignal): Promise<void> {
    try {
      while (!over.aborted) await this.#act();
    } catch (cause) {
      if (!over.aborted) throw cause;
    }
  }

  async #act(): Promise<void> {
    const state = await this.#state();
    if (SETTLED.includes(state)) {
      if (this.#random.chance(0.04)) return this.#handOver(this.#random.pick(this.#others));
      return this.#random.chance(0.4) ? this.#dismiss() : this.#begin();
    }
    switch (state) {
      case 'confirming':
        // What still runs from a page before is taken over or ended here.
        if (this.#random.chance(0.3)) return this.#do('close()');
        if (this.#random.chance(0.5)) return this.#do('finish()');
        return this.#press('confirm-button');
      case 'live':
        await sleep(this.#random.whole(0, 700));
        return this.#do(this.#random.pick(['finish()', 'finish(80)', 'pause()', 'close()', 'flush()']));
      case 'paused':
        if (this.#random.chance(0.6)) return this.#do('finish(70)');
        await this.#do('open()');
        await sleep(this.#random.whole(50, 300));
        return this.#press('resume-button');
      default:
        await sleep(this.#random.whole(20, 200));
        if (this.#random.chance(0.05)) await this.#do('close()');
    }
  }

  async #dismiss(): Promise<void> {
    await this.#do(`dismiss(${this.#random.whole(1, 8)}, ${this.#random.whole(2, 30)})`);
    if (this.#random.chance(0.3)) await this.#do('flush()');
  }

  async #handOver(learner: string): Promise<void> {
    this.switches++;
    await this.#do(`become('${learner}')`);
  }

  async #begin(): Promise<void> {
    await this.#do('open()');
    await sleep(this.#random.whole(50, 400));
    await this.#press('confirm-button');
  }

  /** As a learner does with the keyboard: only such a press may begin what is paid for. */
  async #press(part: string): Promise<void> {
    if (await this.#page.evaluate(`host.focus('${part}')`)) await this.#page.keyboard.press('Enter');
    await sleep(30);
  }

  #state(): Promise<string> {
    return this.#page.evaluate('host.state()') as Promise<string>;
  }

  async #do(action: string): Promise<void> {
    await this.#page.evaluate(`host.${action}`);
  }
}
