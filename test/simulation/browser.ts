import type { TabChannel } from '../../src/client/environment.js';
import type { Announcement } from '../../src/client/practice-state.js';
import { PageMemory } from '../../src/client/session-memory.js';
import type { Offer } from '../../src/protocol/index.js';
import type { Random } from './random.js';
import { Tab } from './tab.js';
import type { VirtualTime } from './virtual-time.js';
import { VirtualIndexedDb } from '../fakes/virtual-indexed-db.js';
import type { WebLink } from './web-link.js';

/** What a browser tells the world about. */
export interface BrowserListener {
  confirmed(learner: string, sessionId: string, offer: Offer | null): void;
  announced(tab: Tab, announcement: Announcement): void;
  sending(tab: number, request: { learner: string; method: string; path: string }): void;
  askedToWait(tab: number, request: { learner: string; method: string; path: string }, seconds: number): void;
  askRoom(url: string, body: object): Promise<{ participant?: string } | null>;
  /** What pages say about ending reaches the servers. */
  readonly endsReach: boolean;
}

/** One browser on one machine: tabs, one learner at a time, a network, and a clock that may be wrong. */
export class Browser {
  readonly time: VirtualTime;
  readonly random: Random;
  readonly courseId = 'quick';
  readonly tabs: Tab[] = [];
  readonly databases: VirtualIndexedDb;
  /** What outlives a page here. */
  readonly memory = new PageMemory();
  learner: string;
  online = true;
  /** Milliseconds the clock is ahead. */
  clockError = 0;
  readonly #lines = new Set<(message: unknown) => void>();
  readonly #web: WebLink;
  readonly #listener: BrowserListener;

  constructor(time: VirtualTime, random: Random, web: WebLink, learner: string, listener: BrowserListener) {
    this.time = time;
    this.databases = new VirtualIndexedDb((step) => time.after(1, step));
    this.random = random;
    this.#web = web;
    this.learner = learner;
    this.#listener = listener;
  }

  /** Opens a page in place `index`, or loads it anew. */
  load(index: number): void {
    this.tabs[index]?.close();
    this.tabs[index] = new Tab(this, this.learner);
  }

  /** A line between the pages of this browser. */
  openChannel(onMessage: (message: unknown) => void): TabChannel {
    this.#lines.add(onMessage);
    return {
      post: (message) => {
        for (const line of this.#lines)
          if (line !== onMessage) this.time.after(1, () => this.#lines.has(line) && line(structuredClone(message)));
      },
      close: () => this.#lines.delete(onMessage),
    };
  }

  setOnline(online: boolean): void {
    if (this.online === online) return;
    this.online = online;
    for (const tab of this.tabs) tab.connection(online);
  }

  /** Somebody else sits down: every page is loaded anew under their name. */
  switchTo(learner: string): void {
    if (this.learner === learner) return;
    this.learner = learner;
    for (const index of this.tabs.keys()) this.load(index);
  }

  async send(tab: Tab, url: string, init: RequestInit): Promise<Response> {
    const { learner } = tab;
    const request = { learner, method: init.method ?? 'GET', path: new URL(url).pathname };
    this.#listener.sending(tab.id, request);
    const response = await this.#deliver(learner, url, init);
    const retryAfter = response.headers.get('retry-after');
    if (retryAfter !== null) this.#listener.askedToWait(tab.id, request, Number(retryAfter));
    return response;
  }

  #deliver(learner: string, url: string, init: RequestInit): Promise<Response> {
    if (!this.online) return this.time.wait(1).then(() => Promise.reject(new TypeError('Failed to fetch')));
    const isEnd =
      /\/(end|leave)$/.test(url) || (url.endsWith('/events') && /"(completed|paused|failed)"/.test(String(init.body)));
    if (isEnd && !this.#listener.endsReach) return Promise.reject(new TypeError('Failed to fetch'));
    return this.#web.send(learner, url, init);
  }

  confirmed(learner: string, sessionId: string, offer: Offer | null): void {
    this.#listener.confirmed(learner, sessionId, offer);
  }

  announced(tab: Tab, announcement: Announcement): void {
    this.#listener.announced(tab, announcement);
  }

  askRoom(url: string, body: object): Promise<{ participant?: string } | null> {
    return this.#listener.askRoom(url, body);
  }
}
