import { del, get, set } from 'idb-keyval';
import { storeExists } from './has-stored.js';
import { hardenedStore, type StoreEnvironment } from './store.js';

/** Enough to ask for a session again; nothing that admits to its room. */
export interface RememberedSession {
  sessionId: string;
  /** Whose it is, by the name the offer gave; empty where the backend gives none. */
  learner: string;
  courseId: string;
}

/** The one session this browser remembers, from its confirmation until it has settled. No method rejects. */
export interface SessionMemory {
  remember(session: RememberedSession): Promise<void>;
  recall(): Promise<RememberedSession | null>;
  /** Forgets this session, or whichever it is. Another one is kept. */
  forget(sessionId?: string): Promise<void>;
}

/** Remembers as long as the page lives. */
export class PageMemory implements SessionMemory {
  #session: RememberedSession | null = null;

  async remember(session: RememberedSession): Promise<void> {
    this.#session = session;
  }

  async recall(): Promise<RememberedSession | null> {
    return this.#session;
  }

  async forget(sessionId = this.#session?.sessionId): Promise<void> {
    if (this.#session?.sessionId === sessionId) this.#session = null;
  }
}

/**
 * Remembers in the browser's storage, for all pages of this backend. A browser that keeps nothing forgets:
 * then the offer tells of the session once the learner opens the dialog.
 */
export class StoredMemory implements SessionMemory {
  readonly #environment: StoreEnvironment;
  readonly #backend: () => string;

  /** @param backend the base URL of the backend that knows the session */
  constructor(environment: StoreEnvironment, backend: () => string) {
    this.#environment = environment;
    this.#backend = backend;
  }

  async remember(session: RememberedSession): Promise<void> {
    await set(this.#key, session, this.#store).catch(() => undefined);
  }

  async recall(): Promise<RememberedSession | null> {
    if (!(await storeExists(this.#environment))) return null;
    const kept = await get<unknown>(this.#key, this.#store).catch(() => null);
    return isSession(kept) ? kept : null;
  }

  async forget(sessionId?: string): Promise<void> {
    const kept = await this.recall();
    if (!kept || (sessionId !== undefined && kept.sessionId !== sessionId)) return;
    await del(this.#key, this.#store).catch(() => undefined);
  }

  get #key(): IDBValidKey {
    return [SESSION, this.#backend()];
  }

  get #store(): ReturnType<typeof hardenedStore> {
    return hardenedStore(this.#environment, 'relaxed');
  }
}

/** The key is `[SESSION, backend]`. */
const SESSION = 'session';

/** What is stored may be older than this code, or somebody else's. */
const isSession = (value: unknown): value is RememberedSession =>
  typeof (value as RememberedSession | null | undefined)?.sessionId === 'string';
