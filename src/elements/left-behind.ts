import { browserIndexedDB } from '../client/storage-environment.js';
import { hasStored } from '../client/has-stored.js';

let idle: Promise<void> | undefined;
let leftBehind: Promise<boolean> | undefined;

/** When the page has time for us: one moment for all elements. Some browsers cannot tell; for them soon is good enough. */
export const whenIdle = (): Promise<void> =>
  (idle ??= new Promise((resolve) => {
    if (globalThis.requestIdleCallback) globalThis.requestIdleCallback(() => resolve());
    else queueMicrotask(resolve);
  }));

/** Whether an earlier page left something to go on with in this browser: asked once for all elements. */
export const isLeftBehind = (): Promise<boolean> => (leftBehind ??= hasStored({ indexedDB: browserIndexedDB }));
