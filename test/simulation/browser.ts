import type { TabChannel } from '../../src/client/environment.js';
import type { Announcement } from '../../src/client/practice-state.js';
import type { Offer } from '../../src/protocol/index.js';
import { VirtualIndexedDb, type StorageFault } from '../fakes/virtual-indexed-db.js';
import type { Random } from './random.js';
import { Tab } from './tab.js';
import type { VirtualTime } from './virtual-time.js';
import type { WebLink } from './web-link.js';

/** A request as far as manners go. */
interface Asked {
  learner: string;
  method: string;
  path: string;
}

/** What a browser tells the world about. */
export interface BrowserListener {
  confirmed(learner: string, sessionId: string, offer: Offer | null): void;
  announced(tab: Tab, announcement: Announcement): void;
  /** `tab`: the number of the page. */
  sending(tab: number, request: Asked): void;
  askedToWait(tab: number, request: Asked, seconds: number): void;
  /** `mayDelete`: somebody is logging out. */
  changedOnDisk(key: unknown, before: unknown, after: unknown, mayDelete: boolean): void;
  /** Something stayed in the browser of somebody who has logged out. */
  leftBehind(complaint: string): void;
  askRoom(url: string, body: object): Promise<{ participant?: string } | null>;
  /** What pages say about ending reaches the servers. */
  readonly endsReach: boolean;
}

interface Around {
  index: number;
  time: VirtualTime;
  random: Random;
  web: WebLink;
  learner: string;
  /** Pages can talk to each other, and so keep out of each other's way. */
  channels: boolean;
  listener: BrowserListener;
}

/** One browser on one machine: tabs, one learner at a time, a network, a disk, and a clock that may be wrong. */
export class Browser {
  readonly index: number;
  readonly time: VirtualTime;
  readonly random: Random;
  readonly listener: BrowserListener;
  readonly courseId = 'quick';
  readonly tabs: Tab[] = [];
  readonly databases: VirtualIndexedDb;
  learner: string;
  online = true;
  /** Milliseconds the clock is ahead. */
  clockError = 0;
  /** What is wrong with the storage of every page here. */
  storage: StorageFault = 'none';
  /** Log-outs under way. */
  loggingOut = 0;
  readonly #lines = new Set<(message: unknown) => void>();
  readonly #web: WebLink;
  #pages = 0;
  readonly #channels: boolean;

  constructor({ index, time, random, web, learner, channels, listener }: Around) {
    this.index = index;
    this.time = time;
    this.random = random;
    this.listener = listener;
    this.learner = learner;
    this.databases = new VirtualIndexedDb(
      (step) => time.after(1, step),
      (key, before, after) => listener.changedOnDisk(key, before, after, this.loggingOut > 0),
    );
    this.#web = web;
    this.#channels = channels;
  }

  /** A number no other page of the world has. */
  nextPage(): number {
    return this.index + 2 * this.#pages++;
  }

  /** Opens a page in place `index`, or loads it anew. */
  load(index: number): void {
    this.tabs[index]?.close();
    this.tabs[index] = new Tab(this, this.learner);
  }

  /** A line between the pages of this browser. */
  openChannel(onMessage: (message: unknown) => void): TabChannel | null {
    if (!this.#channels) return null;
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

  setStorage(fault: StorageFault): void {
    this.storage = fault;
    for (const tab of this.tabs) tab.setStorage(fault);
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
    // A page that goes away has no later.
    if (!init.keepalive) this.listener.sending(tab.id, request);
    const response = await this.#deliver(tab, url, init);
    const retryAfter = response.headers.get('retry-after');
    if (retryAfter !== null) this.listener.askedToWait(tab.id, request, Number(retryAfter));
    return response;
  }

  #deliver({ learner, id }: Tab, url: string, init: RequestInit): Promise<Response> {
    if (!this.online) return this.time.wait(1).then(() => Promise.reject(new TypeError('Failed to fetch')));
    const isEnd =
      /\/(end|leave)$/.test(url) || (url.endsWith('/events') && /"(completed|paused|failed)"/.test(String(init.body)));
    if (isEnd && !this.listener.endsReach) return Promise.reject(new TypeError('Failed to fetch'));
    return this.#web.send(learner, id, url, init);
  }
}
