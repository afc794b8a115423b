import { PracticeError, type TavusSession } from '../protocol/index.js';
import type { Caller } from './auth.js';
import type { Conversations } from './conversations.js';
import type { Runtime } from './runtime.js';
import { advance, isOpen } from './session-lifecycle.js';
import { saveSession } from './session-saving.js';
import type { Run, SessionStore, StoredSession, StoreTransaction } from './session-store.js';
import type { Settings } from './settings.js';
import type { Signer } from './signing.js';

/** An answer about one session, before `protocol` and `serverTime` are added. */
export interface SessionReply {
  session: TavusSession;
  join?: { url: string; token?: string };
  leaveTicket?: string;
  retryAfter?: number;
  /** This very request created the session or run. */
  created?: boolean;
}

/** What a leave ticket says: the session, the run and the page it was handed to. */
export interface Ticket {
  s: string;
  r: string;
  p: string;
}

/** How every request reaches a session: up to date, its owner's alone, and saved as a whole. */
export interface SessionAccess {
  /** A session with everything applied that time has done to it. */
  load(transaction: StoreTransaction, id: string): Promise<StoredSession | null>;
  /**
   * One transaction on one session of the caller, up to date when `work` sees it, saved afterwards.
   *
   * @throws PracticeError `not_found`, also for what is somebody else's
   */
  change<T>(
    caller: Caller,
    id: string,
    work: (session: StoredSession, now: number) => T,
  ): Promise<{ session: StoredSession; result: T }>;
  /** Does what the answer depends on at Tavus before answering, as long as Tavus is quick. */
  tendBriefly(session: StoredSession): Promise<void>;
  /** A page that holds the conversation gets its own lease, good for one leave grace until it is heard of. */
  admit(session: StoredSession, run: Run, now: number): Pick<SessionReply, 'join' | 'leaveTicket'>;
}

export interface SessionAccessNeeds {
  store: SessionStore;
  conversations: Conversations;
  runtime: Runtime;
  signer: Signer;
  settings: Settings;
}

/** Seconds a request waits for an errand at Tavus; after that the errand goes on without it. */
const PATIENCE = 2;

export function createSessionAccess({
  store,
  conversations,
  runtime,
  signer,
  settings,
}: SessionAccessNeeds): SessionAccess {
  async function load(transaction: StoreTransaction, id: string): Promise<StoredSession | null> {
    const session = await transaction.session(id);
    if (!session) return null;
    const { status } = session;
    advance(session, runtime.now());
    if (session.status !== status) await saveSession(transaction, session);
    return session;
  }

  return {
    load,

    change: (caller, id, work) =>
      store.transaction(async (transaction) => {
        const session = await load(transaction, id);
        if (!session || session.userId !== caller.userId) throw new PracticeError('not_found');
        const result = work(session, runtime.now());
        await saveSession(transaction, session);
        return { session, result };
      }),

    async tendBriefly(session) {
      const settling = session.runs.some((run) => isOpen(run) && run.state !== 'active');
      if (!settling || session.dueAt === null || session.dueAt > runtime.now()) return;
      const tended = new AbortController();
      const tending = conversations.tend(session.id).finally(() => tended.abort());
      await Promise.race([tending, runtime.wait(PATIENCE * 1000, tended.signal)]);
    },

    admit(session, run, now) {
      if (run.state !== 'active' || run.url === undefined || now >= (run.tokenUntil ?? 0)) return {};
      const page = run.handedOut ? runtime.newId() : 'first';
      run.handedOut = true;
      for (const [other, until] of Object.entries(session.pages)) if (until <= now) delete session.pages[other];
      session.pages[page] = Math.max(session.pages[page] ?? 0, now + settings.leases.leave * 1000);
      session.left = false;
      const ticket: Ticket = { s: session.id, r: run.id, p: page };
      return {
        join: { url: run.url, ...(run.token !== undefined && { token: run.token }) },
        leaveTicket: signer.seal('ticket', ticket),
      };
    },
  };
}
