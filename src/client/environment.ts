import { browserIndexedDB } from './storage-environment.js';
import { checkPage, type PageCheck } from './page-check.js';

/** What the page goes through. `persisted`: it came back from the back/forward cache. */
export type LifecycleEvent =
  { type: 'visible' | 'hidden' | 'pagehide' | 'online' | 'offline' } | { type: 'pageshow'; persisted: boolean };

/** A line to the other pages of this site in this browser. */
export interface TabChannel {
  post(message: object): void;
  close(): void;
}

/**
 * The outside world as one object: nothing below `elements/` reaches for time, network, randomness
 * or the page except through it, so that the whole client runs under a virtual clock.
 */
export interface Environment {
  /** Wall clock, milliseconds since 1970. May jump and may be wrong by days. */
  now(): number;
  /** Milliseconds since some fixed moment; never jumps, may stand still while the machine sleeps. */
  monotonic(): number;
  /** Calls back once after `milliseconds`. Returns the function that prevents it. */
  setTimer(milliseconds: number, callback: () => void): () => void;
  fetch(url: string, init: RequestInit): Promise<Response>;
  randomUUID(): string;
  /** A number in [0, 1). */
  random(): number;
  /** Returns the function that stops it. */
  onLifecycle(listener: (event: LifecycleEvent) => void): () => void;
  isVisible(): boolean;
  /** How the learner tells this page from others. */
  pageTitle(): string;
  /** Null where pages cannot talk to each other. What this page says itself is not heard by it. */
  openChannel(onMessage: (message: unknown) => void): TabChannel | null;
  /** Undefined where the page may not store anything. */
  indexedDB(): IDBFactory | undefined;
  /** A hint, never a verdict. */
  isOnline(): boolean;
  /** What is known of this page before anybody is asked. `origins`: of the conversation, as in an offer. */
  checkPage(origins: readonly string[]): Promise<PageCheck>;
  readonly userAgent: string;
  readonly deviceType: 'desktop' | 'tablet' | 'mobile';
}

/** The browser the code runs in. Nothing else in the client touches globals, but for what this one is made of. */
export function browserEnvironment(): Environment {
  const { userAgent } = navigator;
  return {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    setTimer(milliseconds, callback) {
      const timer = setTimeout(callback, milliseconds);
      return () => clearTimeout(timer);
    },
    fetch: (url, init) => fetch(url, init),
    randomUUID,
    random: () => Math.random(),
    onLifecycle(listener) {
      const abort = new AbortController();
      const on = (target: EventTarget, type: string, event: (from: Event) => LifecycleEvent): void =>
        target.addEventListener(type, (from) => listener(event(from)), { signal: abort.signal });
      on(document, 'visibilitychange', () => ({ type: document.hidden ? 'hidden' : 'visible' }));
      on(window, 'pagehide', () => ({ type: 'pagehide' }));
      on(window, 'pageshow', (from) => ({ type: 'pageshow', persisted: (from as PageTransitionEvent).persisted }));
      on(window, 'online', () => ({ type: 'online' }));
      on(window, 'offline', () => ({ type: 'offline' }));
      return () => abort.abort();
    },
    isVisible: () => !document.hidden,
    pageTitle: () => document.title,
    openChannel(onMessage) {
      if (typeof BroadcastChannel === 'undefined') return null;
      const channel = new BroadcastChannel('tavus-practice');
      channel.onmessage = ({ data }) => onMessage(data);
      return { post: (message) => channel.postMessage(message), close: () => channel.close() };
    },
    indexedDB: browserIndexedDB,
    isOnline: () => navigator.onLine,
    checkPage: (origins) => checkPage(origins, browserIndexedDB(), navigator.permissions),
    userAgent,
    deviceType: deviceTypeOf(userAgent),
  };
}

/** `crypto.randomUUID` exists in secure contexts only; facts about the dialog are numbered elsewhere too. */
function randomUUID(): string {
  if (isSecureContext) return crypto.randomUUID();
  const hex = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join(
    '',
  );
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})/, '$1-$2-4$3-a$4-');
}

function deviceTypeOf(userAgent: string): Environment['deviceType'] {
  if (/iPad|Tablet|Android(?!.*Mobile)/.test(userAgent)) return 'tablet';
  return /Mobi|iPhone|Android/.test(userAgent) ? 'mobile' : 'desktop';
}
