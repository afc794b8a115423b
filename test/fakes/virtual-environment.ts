import type { Environment, LifecycleEvent, TabChannel } from '../../src/client/environment.js';
import type { PageCheck } from '../../src/client/page-check.js';
import type { VirtualPageStorage } from './virtual-indexed-db.js';

export interface VirtualRequest {
  /** Milliseconds since the environment began. */
  at: number;
  method: string;
  url: URL;
  headers: Headers;
  body: string;
  init: RequestInit;
}

export type Network = (request: VirtualRequest) => Response | Promise<Response>;

interface Timer {
  due: number;
  order: number;
  callback: () => void;
}

/**
 * A browser made of plain variables: time passes only in `advance`, randomness comes from a seed, and
 * the network is a function. The same seed and script always give the same trace.
 */
export class VirtualEnvironment implements Environment {
  readonly requests: VirtualRequest[] = [];
  readonly userAgent = 'VirtualBrowser/1.0';
  readonly deviceType = 'desktop';
  network: Network = () => Promise.reject(new TypeError('No network in this world'));
  online = true;
  visible = true;
  page: PageCheck = { obstacle: null, declined: false, keeps: true, address: '' };
  /** Pages of this browser can talk to each other. */
  channels = true;
  /** Without one the page may not store anything. */
  storage?: VirtualPageStorage;
  /** Milliseconds the learner's clock is ahead of true time. */
  wallClockError = 0;

  readonly #epoch: number;
  readonly #timers = new Set<Timer>();
  readonly #lines = new Set<(message: unknown) => void>();
  readonly #listeners = new Set<(event: LifecycleEvent) => void>();
  #elapsed = 0;
  #asleep = 0;
  #order = 0;
  #ids = 0;
  #seed: number;

  constructor({ seed = 1, epoch = Date.parse('2026-11-22T09:00:00.000Z') } = {}) {
    this.#seed = seed;
    this.#epoch = epoch;
  }

  /** True time in ms, which is also the server's. */
  get trueTime(): number {
    return this.#epoch + this.#elapsed + this.#asleep;
  }

  get timers(): number {
    return this.#timers.size;
  }

  /** Lines between pages that are open. */
  get lines(): number {
    return this.#lines.size;
  }

  now(): number {
    return this.trueTime + this.wallClockError;
  }

  monotonic(): number {
    return this.#elapsed + 5000;
  }

  setTimer(milliseconds: number, callback: () => void): () => void {
    const timer = { due: this.#elapsed + Math.max(0, milliseconds), order: this.#order++, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  fetch(url: string, init: RequestInit): Promise<Response> {
    const request = {
      at: this.#elapsed,
      method: init.method ?? 'GET',
      url: new URL(url),
      headers: new Headers(init.headers),
      body: typeof init.body === 'string' ? init.body : '',
      init,
    };
    this.requests.push(request);
    if (!this.online) return Promise.reject(new TypeError('Failed to fetch'));
    return new Promise((resolve, reject) => {
      init.signal?.addEventListener('abort', () => reject(new DOMException('Aborted', 'AbortError')));
      Promise.resolve(request).then(this.network).then(resolve, reject);
    });
  }

  randomUUID(): string {
    return `00000000-0000-4000-8000-${String(++this.#ids).padStart(12, '0')}`;
  }

  /** Mulberry32: small, good enough, and the same everywhere. */
  random(): number {
    this.#seed = (this.#seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#seed ^ (this.#seed >>> 15), 1 | this.#seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  onLifecycle(listener: (event: LifecycleEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  isVisible(): boolean {
    return this.visible;
  }

  pageTitle(): string {
    return 'Spanish 101';
  }

  /** Whoever runs in this environment is in one browser: every runner in it is a page of its own. */
  openChannel(onMessage: (message: unknown) => void): TabChannel | null {
    if (!this.channels) return null;
    const hear = (message: unknown): void => onMessage(message);
    this.#lines.add(hear);
    const others = (): ((message: unknown) => void)[] => [...this.#lines].filter((other) => other !== hear);
    return {
      post: (message) => {
        for (const other of others()) setImmediate(() => this.#lines.has(other) && other(structuredClone(message)));
      },
      close: () => this.#lines.delete(hear),
    };
  }

  indexedDB(): IDBFactory | undefined {
    return this.storage?.factory;
  }

  isOnline(): boolean {
    return this.online;
  }

  async checkPage(): Promise<PageCheck> {
    return this.page;
  }

  /** Lets the page go through something, and what follows from it at once happen. */
  async emit(event: LifecycleEvent): Promise<void> {
    if (event.type === 'online' || event.type === 'offline') this.online = event.type === 'online';
    if (event.type === 'visible' || event.type === 'hidden') this.visible = event.type === 'visible';
    for (const listener of this.#listeners) listener(event);
    await this.settle();
  }

  /** The machine sleeps: time passes, and the monotonic clock and its timers know nothing of it. */
  async sleep(milliseconds: number): Promise<void> {
    this.#asleep += milliseconds;
    await this.settle();
  }

  /** Lets everything happen that needs no time. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 4; turn++) await new Promise(setImmediate);
  }

  /** Lets time pass, timer by timer. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.#elapsed + milliseconds;
    await this.settle();
    for (let next = this.#nextTimer(end); next; next = this.#nextTimer(end)) {
      this.#timers.delete(next);
      this.#elapsed = Math.max(this.#elapsed, next.due);
      next.callback();
      await this.settle();
    }
    this.#elapsed = end;
  }

  #nextTimer(end: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.due > end) continue;
      if (!next || timer.due < next.due || (timer.due === next.due && timer.order < next.order)) next = timer;
    }
    return next;
  }
}
