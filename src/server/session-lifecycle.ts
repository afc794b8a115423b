import { isRunning, SUCCESSORS, type SessionStatus, type TavusSession } from '../protocol/index.js';
import type { Errand, Run, StoredSession } from './session-store.js';

/**
 * How a session moves through time, without any I/O: every function changes the given session in place,
 * and is used inside a store transaction.
 */

/** Seconds a page's lease lasts: after a visible or hidden heartbeat, and after it said goodbye. */
export interface LeaseSeconds {
  visible: number;
  hidden: number;
  leave: number;
}

export const currentRun = (session: StoredSession): Run | undefined => session.runs.at(-1);

/** A run that may cost money now or once its outcome is known. */
export const isOpen = (run: Run): boolean => run.state !== 'ended' && run.state !== 'failed';

/** Tavus was asked for this run, and what came of it is not known yet. */
export const isAsked = (run: Run | undefined): boolean => run?.state === 'creating' || run?.state === 'unknown';

/** A session that keeps its learner from starting another one. */
export const blocksStart = (session: StoredSession): boolean => session.runs.some(isOpen);

/** The moment the last page of a running session is believed to be gone. */
export const leaseEnd = (session: StoredSession): number => Math.max(0, ...Object.values(session.pages));

/** Moves to a status, or throws: an illegal step is a bug, never a condition. */
export function moveTo(session: StoredSession, status: SessionStatus): void {
  if (!SUCCESSORS[session.status].includes(status))
    throw new Error(`session ${session.id}: ${session.status} → ${status} is not legal`);
  session.status = status;
}

/** Applies what time alone has done to a session up to `now`, in the order of the moments. */
export function advance(session: StoredSession, now: number): void {
  const run = currentRun(session);
  if (isRunning(session.status) && run?.state === 'active') {
    const gone = leaseEnd(session);
    const timeUp = session.expiresAt ?? Infinity;
    if (gone < timeUp && gone <= now) pause(session, gone, session.left ? 'left' : 'lease');
    else if (timeUp <= now)
      settle(session, timeUp, session.policy.onTimeLimit === 'complete' ? 'completed' : 'expired', 'expired');
  }
  if (lapses(session) && session.expiresAt !== undefined && session.expiresAt <= now)
    settle(session, session.expiresAt, 'abandoned');
}

/** A paused session that nobody resumes in time is over. One that was resumed in time waits for Tavus's answer. */
const lapses = (session: StoredSession): boolean => session.status === 'paused' && !isAsked(currentRun(session));

/** The conversation ends at `at` and the session waits for the learner: to resume it, or to finish. */
export function pause(session: StoredSession, at: number, reason: string): void {
  stopRun(session, at, reason);
  moveTo(session, 'paused');
  session.expiresAt = at + session.policy.resumeWithin * 1000;
}

/** The session gets its outcome. A conversation that still runs ends with it, for `reason`. */
export function settle(
  session: StoredSession,
  at: number,
  status: 'completed' | 'abandoned' | 'expired' | 'failed',
  reason?: string,
): void {
  stopRun(session, at, reason);
  moveTo(session, status);
  if (status === 'completed') session.completedAt = at;
}

function stopRun(session: StoredSession, at: number, reason: string | undefined): void {
  if (reason !== undefined) session.endReason = reason;
  const run = currentRun(session);
  if (run?.state !== 'active') return;
  run.state = 'ending';
  run.stoppedAt = at;
  run.nextAt = at;
  run.attempts = 0;
  delete run.token;
  delete run.url;
  session.endedAt = at;
  session.remaining = Math.max(0, session.remaining - (at - (run.startedAt ?? at)) / 1000);
  session.pages = {};
}

/** Seconds of conversation left at `now`. */
export function remainingAt(session: StoredSession, now: number): number {
  const run = currentRun(session);
  if (run?.state !== 'active' || run.startedAt === undefined) return session.remaining;
  return Math.max(0, session.remaining - (now - run.startedAt) / 1000);
}

/** Paid seconds of all runs up to `now`. */
export function paidSeconds(session: StoredSession, now: number): number {
  return session.runs.reduce(
    (sum, run) => (run.startedAt === undefined ? sum : sum + Math.max(0, (run.endedAt ?? now) - run.startedAt) / 1000),
    0,
  );
}

/** What has to be done at the provider for this run, and from when on. */
export function errandOf(run: Run): { errand: Errand; at: number } | null {
  switch (run.state) {
    case 'creating':
    case 'unknown':
      return { errand: 'reconcile', at: run.nextAt ?? run.requestedAt };
    case 'active':
      return { errand: 'look', at: run.nextAt ?? run.requestedAt };
    case 'ending':
      return { errand: 'end', at: run.nextAt ?? run.requestedAt };
    default:
      return null;
  }
}

/** When somebody has to look at the session again, so that nothing depends on anybody asking. */
export function nextDue(session: StoredSession): number | null {
  const moments: number[] = [];
  if (isRunning(session.status)) moments.push(leaseEnd(session));
  if ((isRunning(session.status) || lapses(session)) && session.expiresAt !== undefined)
    moments.push(session.expiresAt);
  for (const run of session.runs) {
    const due = errandOf(run);
    if (due) moments.push(run.claim?.errand === due.errand ? Math.max(due.at, run.claim.until) : due.at);
  }
  return moments.length ? Math.min(...moments) : null;
}

const iso = (moment: number | undefined): string | undefined =>
  moment === undefined ? undefined : new Date(moment).toISOString();

/** The record as it goes over the wire. Undefined fields vanish in JSON. */
export function toRecord(session: StoredSession, now: number): TavusSession {
  const run = currentRun(session);
  const started = session.runs.filter((each) => each.startedAt !== undefined);
  return {
    id: session.id,
    userId: session.userId,
    courseId: session.courseId,
    conversationId: run?.conversationId ?? started.at(-1)?.conversationId,
    status: session.status,
    confirmedAt: new Date(session.confirmedAt).toISOString(),
    startedAt: iso(session.startedAt),
    joinedAt: iso(session.joinedAt),
    completedAt: iso(session.completedAt),
    endedAt: iso(session.endedAt),
    endReason: session.endReason,
    expiresAt: iso(session.expiresAt),
    ttl: session.ttl,
    remaining: Math.round(remainingAt(session, now)),
    runs: started.length,
    duration: started.length ? Math.round(paidSeconds(session, now)) : undefined,
    accuracyScore: session.accuracyScore,
    scoreSource: session.scoreSource,
    scorePending: false,
    consent: session.consent,
    feedback: session.feedback,
    failure: session.failure,
    late: session.late,
    metadata: session.metadata,
  };
}
