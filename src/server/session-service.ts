import {
  isRunning,
  PracticeError,
  type EventsRequest,
  type HeartbeatRequest,
  type ResumeRequest,
  type StartRequest,
} from '../protocol/index.js';
import type { Caller } from './auth.js';
import { applyFacts, type FactsOutcome } from './facts.js';
import { createOffers, type CourseOffer } from './offers.js';
import { createSessionAccess, type SessionAccessNeeds, type SessionReply, type Ticket } from './session-access.js';
import { currentRun, isAsked, leaseEnd, pause, toRecord } from './session-lifecycle.js';
import { saveSession } from './session-saving.js';
import { createSessionStarts } from './session-starts.js';

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

export function createSessionService(needs: SessionAccessNeeds): SessionService {
  const { store, runtime, signer, settings } = needs;
  const offers = createOffers(needs);
  const access = createSessionAccess(needs);
  const { load, change, tendBriefly, admit } = access;

  return {
    offer: (caller, courseId) =>
      store.transaction(async (transaction) => {
        const learner = await transaction.learner(caller.userId);
        const active = learner.current ? await load(transaction, learner.current) : null;
        return offers.make(caller, courseId, learner, active);
      }),

    ...createSessionStarts({ ...needs, access, offers }),

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
}
