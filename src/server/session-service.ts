import {
  isLive,
  isRunning,
  isSettled,
  PracticeError,
  type EventsRequest,
  type HeartbeatRequest,
  type ResumeRequest,
  type StartRequest,
  type TavusSession,
} from '../protocol/index.js';
import type { Caller } from './auth.js';
import type { Conversations } from './conversations.js';
import { applyFacts, type FactsOutcome } from './facts.js';
import { createOffers, type CourseOffer } from './offers.js';
import type { Runtime } from './runtime.js';
import {
  advance,
  blocksStart,
  currentRun,
  isAsked,
  isOpen,
  leaseEnd,
  pause,
  settle,
  toRecord,
} from './session-lifecycle.js';
import { saveSession } from './session-saving.js';
import { countStart } from './quota.js';
import type { Learner, Run, SessionStore, StoredSession, StoreTransaction } from './session-store.js';
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

/** What learners may ask for, with every rule about who may do what when. Rejects with PracticeError. */
export interface SessionService {
  offer(caller: Caller, courseId: string): Promise<CourseOffer>;
  start(caller: Caller, id: string, request: StartRequest): Promise<SessionReply>;
  resume(caller: Caller, id: string, runId: string, request: ResumeRequest): Promise<SessionReply>;
  read(caller: Caller, id: string): Promise<SessionReply>;
  end(caller: Caller, id: string, cause?: string): Promise<SessionReply>;
  extend(caller: Caller, id: string): Promise<SessionReply>;
  heartbeat(caller: Caller, id: string, request: HeartbeatRequest): Promise<SessionReply>;
  events(caller: Caller, request: EventsRequest): Promise<FactsOutcome>;
  /** A page says goodbye. Anything that is no ticket of ours is ignored. */
  leave(ticket: string): Promise<void>;
}

interface Needs {
  store: SessionStore;
  conversations: Conversations;
  runtime: Runtime;
  signer: Signer;
  settings: Settings;
}

interface Ticket {
  s: string;
  r: string;
  p: string;
}

/** Runs a session may have, resumed ones included. */
const MOST_RUNS = 5;
/** Seconds a request waits for an errand at Tavus; after that the errand goes on without it. */
const PATIENCE = 2;
/** Seconds after which a page asks again for a start whose outcome is not known yet. */
const UNKNOWN_RETRY = 2;

export function createSessionService({ store, conversations, runtime, signer, settings }: Needs): SessionService {
  const offers = createOffers({ runtime, signer, settings });

  /** A session with everything applied that time has done to it. */
  async function load(transaction: StoreTransaction, id: string): Promise<StoredSession | null> {
    const session = await transaction.session(id);
    if (!session) return null;
    const { status } = session;
    advance(session, runtime.now());
    if (session.status !== status) await saveSession(transaction, session);
    return session;
  }

  /** One transaction on one session of the caller, up to date when `work` sees it, saved afterwards. */
  async function change<T>(
    caller: Caller | null,
    id: string,
    work: (session: StoredSession, now: number) => T,
  ): Promise<{ session: StoredSession; result: T }> {
    return store.transaction(async (transaction) => {
      const session = await load(transaction, id);
      if (!session || (caller && session.userId !== caller.userId)) throw new PracticeError('not_found');
      const result = work(session, runtime.now());
      await saveSession(transaction, session);
      return { session, result };
    });
  }

  /** Does what the answer depends on at Tavus before answering, as long as Tavus is quick. */
  async function tendBriefly(session: StoredSession): Promise<void> {
    const settling = session.runs.some((run) => isOpen(run) && run.state !== 'active');
    if (!settling || session.dueAt === null || session.dueAt > runtime.now()) return;
    const tended = new AbortController();
    const tending = conversations.tend(session.id).finally(() => tended.abort());
    await Promise.race([tending, runtime.wait(PATIENCE * 1000, tended.signal)]);
  }

  /** A page that holds the conversation gets its own lease, good for one leave grace until it is heard of. */
  function admit(session: StoredSession, run: Run, now: number): Pick<SessionReply, 'join' | 'leaveTicket'> {
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
  }

  /** What is true now about a start or resume that was asked for. */
  async function currentAnswer(caller: Caller, id: string, runId: string): Promise<SessionReply> {
    const { session, result } = await change(
      caller,
      id,
      (fresh, now): Omit<SessionReply, 'session'> | PracticeError => {
        const run = fresh.runs.find((each) => each.id === runId);
        if (!run) return new PracticeError('not_found');
        if (isAsked(run)) return { retryAfter: UNKNOWN_RETRY };
        if (run.refusedWith) return new PracticeError(run.refusedWith, { reference: id.slice(0, 8) });
        return admit(fresh, run, now);
      },
    );
    await tendBriefly(session);
    if (result instanceof PracticeError) throw result;
    return { session: toRecord(session, runtime.now()), ...result };
  }

  /** A session whose start was given back, because its conversation was never handed out, counts when it is resumed. */
  async function countAgain(transaction: StoreTransaction, caller: Caller, session: StoredSession, now: number) {
    const learner = await transaction.learner(caller.userId);
    const { remaining, resetsAt } = offers.availability(caller, offers.course(session.courseId), learner, now);
    if (remaining === 0) throw new PracticeError('quota_exceeded', { resetsAt });
    countStart(learner, session, now);
    await transaction.saveLearner(learner);
  }

  async function startRun(caller: Caller, id: string, runId: string): Promise<SessionReply> {
    await conversations.create(id, runId);
    return { ...(await currentAnswer(caller, id, runId)), created: true };
  }

  return {
    offer: (caller, courseId) =>
      store.transaction(async (transaction) => {
        const learner = await transaction.learner(caller.userId);
        const active = learner.current ? await load(transaction, learner.current) : null;
        return offers.make(caller, courseId, learner, active);
      }),

    async start(caller, id, request) {
      const unready = await conversations.unready();
      const known = await store.transaction(async (transaction) => {
        const now = runtime.now();
        const before = await transaction.session(id);
        if (before) {
          const same = before.courseId === request.courseId && before.requestedTtl === (request.ttl ?? null);
          if (before.userId !== caller.userId || !same) throw new PracticeError('id_conflict');
          return true;
        }
        const course = offers.course(request.courseId);
        const offer = offers.open(caller, course, request.offer, now);
        const learner = await transaction.learner(caller.userId);
        if (learner.usedOffers[offer.id] !== undefined) throw new PracticeError('offer_expired');

        const active = learner.current ? await load(transaction, learner.current) : null;
        if (active && (isLive(active.status) || blocksStart(active)))
          throw new PracticeError('session_active', { activeSessionId: active.id, retryAfter: 5 });
        const { remaining, resetsAt } = offers.availability(caller, course, learner, now);
        if (remaining === 0) throw new PracticeError('quota_exceeded', { resetsAt });
        if (unready) throw new PracticeError(unready.code, { retryAfter: unready.retryAfter });
        if (active?.status === 'paused') {
          settle(active, now, 'abandoned', 'superseded');
          await saveSession(transaction, active);
        }

        const session = intend(caller, id, request, offer, now);
        useOffer(learner, offer, now);
        learner.current = session.id;
        countStart(learner, session, now);
        await transaction.saveLearner(learner);
        await saveSession(transaction, session);
        return false;
      });
      return known ? currentAnswer(caller, id, id) : startRun(caller, id, id);
    },

    async resume(caller, id, runId) {
      const unready = await conversations.unready();
      const known = await store.transaction(async (transaction) => {
        const now = runtime.now();
        const session = await load(transaction, id);
        if (!session || session.userId !== caller.userId) throw new PracticeError('not_found');
        if (session.runs.some((run) => run.id === runId)) return true;
        if (isSettled(session.status))
          throw new PracticeError(session.status === 'expired' ? 'session_expired' : 'session_ended');
        if (session.status !== 'paused' || blocksStart(session))
          throw new PracticeError('session_active', { activeSessionId: id, retryAfter: 5 });
        if (session.remaining < 1 || session.runs.length >= MOST_RUNS) throw new PracticeError('session_ended');
        if (unready) throw new PracticeError(unready.code, { retryAfter: unready.retryAfter });
        if (session.quotaDay === null) await countAgain(transaction, caller, session, now);
        session.runs.push(newRun(runId, now));
        await saveSession(transaction, session);
        return false;
      });
      return known ? currentAnswer(caller, id, runId) : startRun(caller, id, runId);
    },

    async read(caller, id) {
      const { session, result } = await change(caller, id, (fresh, now) => {
        const run = currentRun(fresh);
        return isRunning(fresh.status) && run ? admit(fresh, run, now) : {};
      });
      await tendBriefly(session);
      return { session: toRecord(session, runtime.now()), ...result };
    },

    async end(caller, id, cause = 'paused') {
      if (/^staff\b/i.test(cause))
        throw new PracticeError('invalid_request', { detail: 'cause: only staff may say so' });
      const { session } = await change(caller, id, (fresh, now) => {
        const run = currentRun(fresh);
        if (isRunning(fresh.status)) pause(fresh, now, cause);
        else if (run && isAsked(run)) run.endWanted = cause;
      });
      await tendBriefly(session);
      // What Tavus confirmed meanwhile is read, not written again.
      const after = (await store.transaction((transaction) => load(transaction, id))) ?? session;
      return { session: toRecord(after, runtime.now()) };
    },

    async extend(caller, id) {
      const { session } = await change(caller, id, (fresh) => {
        const extension = fresh.policy.extension;
        if (
          !isRunning(fresh.status) ||
          !extension ||
          fresh.extensionsUsed >= extension.times ||
          fresh.expiresAt === undefined
        )
          throw new PracticeError('session_ended');
        fresh.extensionsUsed++;
        fresh.remaining += extension.seconds;
        fresh.expiresAt += extension.seconds * 1000;
      });
      return { session: toRecord(session, runtime.now()) };
    },

    async heartbeat(caller, id, { visible, seen, ticket }) {
      const sealed = ticket === undefined ? null : (signer.open('ticket', ticket) as Ticket | null);
      if (ticket !== undefined && sealed?.s !== id)
        throw new PracticeError('invalid_request', { detail: 'ticket: not one of this session' });
      const { session } = await change(caller, id, (fresh, now) => {
        const run = currentRun(fresh);
        if (!isRunning(fresh.status) || (sealed && sealed.r !== run?.id)) return;
        const heard = Date.parse(seen);
        const until = heard + (visible ? settings.leases.visible : settings.leases.hidden) * 1000;
        // An echo from the future is forged, one past its own lease came too late; what is no date (NaN) is neither.
        if (!(heard <= now && now < until)) return;
        const page = sealed?.p ?? 'first';
        fresh.pages[page] = Math.max(fresh.pages[page] ?? 0, until);
        fresh.lastSeenAt = now;
        fresh.left = false;
      });
      await tendBriefly(session);
      return { session: toRecord(session, runtime.now()) };
    },

    async events(caller, { writer, learner, events }) {
      // The page may not have noticed that somebody else has logged in: these are not the caller's to report.
      if (learner !== undefined && learner !== signer.pseudonym(caller.userId)) throw new PracticeError('forbidden');
      const outcome = await store.transaction((transaction) =>
        applyFacts({ transaction, caller, writer, events, now: runtime.now(), settings, load }),
      );
      await Promise.all(outcome.touched.map(tendBriefly));
      if (outcome.gap) throw new PracticeError('sequence_gap', { ack: outcome.ack });
      return outcome;
    },

    async leave(sealed) {
      const ticket = signer.open('ticket', sealed) as Ticket | null;
      if (!ticket) return;
      await store.transaction(async (transaction) => {
        const session = await load(transaction, ticket.s);
        const run = session && currentRun(session);
        if (!session || run?.id !== ticket.r || run.state !== 'active') return;
        const now = runtime.now();
        const until = session.pages[ticket.p];
        if (until === undefined) return;
        delete session.pages[ticket.p];
        if (leaseEnd(session) <= now) {
          session.pages[ticket.p] = Math.min(until, now + settings.leases.leave * 1000);
          session.left = true;
        }
        await saveSession(transaction, session);
      });
    },
  };

  function intend(
    caller: Caller,
    id: string,
    request: StartRequest,
    offer: ReturnType<typeof offers.open>,
    now: number,
  ): StoredSession {
    const ttl = Math.min(request.ttl ?? offer.ttl, offer.ttl);
    return {
      id,
      userId: caller.userId,
      courseId: request.courseId,
      status: 'confirmed',
      confirmedAt: now,
      ttl,
      requestedTtl: request.ttl ?? null,
      remaining: ttl,
      policy: { resumeWithin: settings.resume, onTimeLimit: offer.onTimeLimit, extension: offer.extension },
      extensionsUsed: 0,
      runs: [newRun(id, now)],
      pages: {},
      left: false,
      quotaDay: null,
      late: [],
      dueAt: null,
      ...(request.consent && { consent: request.consent }),
      ...(request.metadata && { metadata: request.metadata }),
    };
  }

  /** Nobody looks for a lost answer before the request itself has timed out. */
  function newRun(id: string, now: number): Run {
    return { id, state: 'creating', requestedAt: now, nextAt: now + (settings.tavus.timeout + 5) * 1000, attempts: 0 };
  }

  function useOffer(learner: Learner, { id, expires }: { id: string; expires: number }, now: number) {
    for (const [used, until] of Object.entries(learner.usedOffers)) if (until <= now) delete learner.usedOffers[used];
    learner.usedOffers[id] = expires;
  }
}
