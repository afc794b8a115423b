import type { Join } from '../../src/protocol/index.js';
import type { Browser } from './browser.js';

/** Milliseconds between two signs of life of a page in a room. */
const ALIVE = 8000;

/** The frame of a page: what is in it joins a room, says that it is there, and leaves. */
export class RoomVisit {
  readonly url: string;
  readonly #browser: Browser;
  #participant: string | null = null;
  #there = true;

  /** @param onLoaded the frame has loaded */
  constructor(browser: Browser, { url, token }: Join, onLoaded: () => void) {
    this.url = url;
    this.#browser = browser;
    browser.time.after(browser.random.whole(300, 2500), () => {
      if (!this.#there) return;
      onLoaded();
      void this.#tell('join', { token }).then((answer) => {
        this.#participant = answer?.participant ?? null;
        if (!this.#there) this.leave();
      });
      this.#stayAlive();
    });
  }

  leave(): void {
    this.#there = false;
    if (this.#participant !== null) void this.#tell('leave', { participant: this.#participant });
  }

  #stayAlive(): void {
    if (!this.#there) return;
    if (this.#participant !== null) void this.#tell('alive', { participant: this.#participant });
    this.#browser.time.after(ALIVE, () => this.#stayAlive());
  }

  async #tell(path: string, body: object): Promise<{ participant?: string } | null> {
    return this.#browser.online ? this.#browser.listener.askRoom(`${this.url}/${path}`, body) : null;
  }
}
