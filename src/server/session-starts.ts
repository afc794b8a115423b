import {
  isLive,
  isSettled,
  PracticeError,
  type Consent,
  type ResumeRequest,
  type StartRequest,
} from '../protocol/index.js';
import type { Caller } from './auth.js';
import { givenConsents } from './given-consents.js';
import type { Offers, SealedOffer } from './offers.js';
import { countStart } from './quota.js';
import type { SessionAccess, SessionAccessNeeds, SessionReply } from './session-access.js';
import { blocksStart, isAsked, settle, toRecord } from './session-lifecycle.js';
import { saveSession } from './session-saving.js';
import type { Learner, Run, StoredSession, StoreTransaction } from './session-store.js';

/** Who may start or resume what: all rules are checked, and the intent is committed, before anything is spent. */
export interface SessionStarts {
  start(caller: Caller, id: string, request: StartRequest): Promise<SessionReply>;
  resume(caller: Caller, id: string, runId: string, request: ResumeRequest): Promise<SessionReply>;
}

interface Needs extends SessionAccessNeeds {
  access: SessionAccess;
  offers: Offers;
}

/** Runs a session may have, resumed ones included. */
const MOST_RUNS = 5;
/** Seconds after which a page asks again for a start whose outcome is not known yet. */
const UNKNOWN_RETRY = 2;
/** Seconds after which a page asks again for a start that another conversation keeps waiting. */
const BLOCKED_RETRY = 5;

export function createSessionStarts({ store, conversations, runtime, settings, access, offers }: Needs): SessionStarts {
  /** What is true now about a start or resume that was asked for. */
  async function currentAnswer(caller: Caller, id: string, runId: string): Promise<SessionReply> {
    const { session, result } = await access.change(
      caller,
      id,
      (fresh, now): Omit<SessionReply, 'session'> | PracticeError => {
        const run = fresh.runs.find((each) => each.id === runId);
        if (!run) return new PracticeError('not_found');
        if (isAsked(run)) return { retryAfter: UNKNOWN_RETRY };
        if (run.refusedWith) return new PracticeError(run.refusedWith, { reference: id.slice(0, 8) });
        return access.admit(fresh, run, now);
      },
    );
    await access.tendBriefly(session);
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
        const consents = givenConsents(course, request.consent);

        const active = learner.current ? await access.load(transaction, learner.current) : null;
        if (active && (isLive(active.status) || blocksStart(active)))
          throw new PracticeError('session_active', { activeSessionId: active.id, retryAfter: BLOCKED_RETRY });
        const { remaining, resetsAt } = offers.availability(caller, course, learner, now);
        if (remaining === 0) throw new PracticeError('quota_exceeded', { resetsAt });
        if (unready) throw new PracticeError(unready.code, { retryAfter: unready.retryAfter });
        if (active?.status === 'paused') {
          settle(active, now, 'abandoned', 'superseded');
          await saveSession(transaction, active);
        }

        const session = intend(caller, id, request, offer, consents, now);
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
        const session = await access.load(transaction, id);
        if (!session || session.userId !== caller.userId) throw new PracticeError('not_found');
        if (session.runs.some((run) => run.id === runId)) return true;
        if (isSettled(session.status))
          throw new PracticeError(session.status === 'expired' ? 'session_expired' : 'session_ended');
        if (session.status !== 'paused' || blocksStart(session))
          throw new PracticeError('session_active', { activeSessionId: id, retryAfter: BLOCKED_RETRY });
        if (session.remaining < 1 || session.runs.length >= MOST_RUNS) throw new PracticeError('session_ended');
        if (unready) throw new PracticeError(unready.code, { retryAfter: unready.retryAfter });
        if (session.quotaDay === null) await countAgain(transaction, caller, session, now);
        session.runs.push(newRun(runId, now));
        await saveSession(transaction, session);
        return false;
      });
      return known ? currentAnswer(caller, id, runId) : startRun(caller, id, runId);
    },
  };

  function intend(
    caller: Caller,
    id: string,
    request: StartRequest,
    offer: SealedOffer,
    consents: readonly Consent[],
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
      ...(consents.length > 0 && { consent: [...consents] }),
      ...(request.metadata && { metadata: request.metadata }),
    };
  }

  /** Nobody looks for a lost answer before the request itself has timed out. */
  function newRun(id: string, now: number): Run {
    return { id, state: 'creating', requestedAt: now, nextAt: now + (settings.tavus.timeout + 5) * 1000, attempts: 0 };
  }

  function useOffer(learner: Learner, { id, expires }: SealedOffer, now: number) {
    for (const [used, until] of Object.entries(learner.usedOffers)) if (until <= now) delete learner.usedOffers[used];
    learner.usedOffers[id] = expires;
  }
}
