import * as v from 'valibot';
import { FactSchema, isRunning, isSettled, type ProblemCode, type Fact, type TavusSession } from '../protocol/index.js';
import type { Caller } from './auth.js';
import { currentRun, isAsked, moveTo, pause, settle, toRecord } from './session-lifecycle.js';
import { saveSession } from './session-saving.js';
import type { HeldFact, StoredFact, StoredSession, StoreTransaction } from './session-store.js';
import type { Settings } from './settings.js';

/** What came of a batch of facts. `touched` are the sessions behind `sessions`. */
export interface FactsOutcome {
  ack: number;
  /** The batch went on behind a hole; what came before it was applied. */
  gap: boolean;
  rejected: { n: number; code: string }[];
  sessions: TavusSession[];
  touched: StoredSession[];
}

interface Batch {
  transaction: StoreTransaction;
  caller: Caller;
  writer: string;
  events: readonly Record<string, unknown>[];
  now: number;
  settings: Settings;
  load: (transaction: StoreTransaction, id: string) => Promise<StoredSession | null>;
}

/**
 * Applies the facts that follow the writer's last acknowledged one, each exactly once and in order. A fact
 * that makes no sense is rejected and passed by, so that nothing ever blocks the ones behind it.
 */
export async function applyFacts({
  transaction,
  caller,
  writer,
  events,
  now,
  settings,
  load,
}: Batch): Promise<FactsOutcome> {
  const before = await transaction.ack(caller.userId, writer);
  const inOrder = [...events].sort((a, b) => Number(a.n) - Number(b.n));
  const sessions = new Map<string, StoredSession>();
  const stored: StoredFact[] = [];
  let ack = before;
  let gap = false;

  for (const event of inOrder) {
    const n = Number(event.n);
    if (n <= ack) continue;
    if (n !== ack + 1) {
      gap = true;
      break;
    }
    ack = n;
    const { success, output: fact } = v.safeParse(FactSchema, event);
    const rejected = success ? await apply(fact) : 'invalid_request';
    // Of the data only what the schema knows is kept: what a page makes up could be too deep to be stored at all.
    const data = success && 'data' in fact ? fact.data : null;
    stored.push(toStored(event, n, rejected, data));
  }

  for (const session of sessions.values()) await saveSession(transaction, session);
  await transaction.appendFacts(caller.userId, writer, stored);
  const touched = [...sessions.values()];
  return {
    ack,
    gap,
    rejected: stored.flatMap((fact) => (fact.rejected === null ? [] : [{ n: fact.n, code: fact.rejected }])),
    sessions: touched.map((session) => toRecord(session, now)),
    touched,
  };

  /** @returns why the fact had no effect, or null */
  async function apply(fact: Fact): Promise<ProblemCode | null> {
    if (!('sessionId' in fact))
      return settings.courses.some((course) => course.id === fact.courseId) ? null : 'not_found';
    const session = sessions.get(fact.sessionId) ?? (await load(transaction, fact.sessionId));
    if (!session || session.userId !== caller.userId) return 'not_found';
    sessions.set(session.id, session);
    if (fact.type === 'feedback') session.feedback = fact.data;
    else if (waitsForAnswer(session, now)) return hold(session, fact);
    else if (isSettled(session.status)) return keepLate(session, fact);
    else applyTo(session, fact, now, settings.minSeconds);
    return null;
  }

  function toStored(event: Record<string, unknown>, n: number, rejected: string | null, data: unknown): StoredFact {
    const text = (value: unknown) => (typeof value === 'string' ? value.slice(0, 200) : null);
    return {
      userId: caller.userId,
      writer,
      n,
      type: text(event.type) ?? '',
      at: text(event.at) ?? '',
      receivedAt: now,
      courseId: text(event.courseId),
      sessionId: text(event.sessionId),
      rejected,
      data: data ?? null,
    };
  }
}

/** Facts kept for the record of one session. Honest pages send one or two; what goes beyond is rejected. */
const MOST_LATE = 100;

/** @returns why it was not kept, or null */
function keepLate(session: StoredSession, fact: HeldFact): ProblemCode | null {
  if (session.late.length + (session.held?.length ?? 0) >= MOST_LATE) return 'session_ended';
  session.late.push({ n: fact.n, type: fact.type, at: fact.at, ...('data' in fact && { data: fact.data }) });
  return null;
}

/** Whether Tavus's answer decides what a fact means: no conversation yet, or one resumed in the last moment. */
const waitsForAnswer = (session: StoredSession, now: number): boolean =>
  isAsked(currentRun(session)) &&
  (session.status === 'confirmed' || (session.status === 'paused' && (session.expiresAt ?? Infinity) <= now));

/** @returns why it was not kept, or null */
function hold(session: StoredSession, fact: HeldFact): ProblemCode | null {
  // Nobody can be in a room that nobody was told of.
  if (fact.type === 'joined') return keepLate(session, fact);
  session.held ??= [];
  if (session.late.length + session.held.length >= MOST_LATE) return 'session_ended';
  session.held.push(fact);
  return null;
}

/** Tavus has answered: what came meanwhile takes effect, in the order it came, or is late if the session settled. */
export function applyHeld(session: StoredSession, now: number, minSeconds: number): void {
  const held = session.held ?? [];
  delete session.held;
  for (const fact of held) {
    if (isSettled(session.status)) keepLate(session, fact);
    else applyTo(session, fact, now, minSeconds);
  }
}

/** The how-manieth conversation the current one is. */
const ordinalOf = ({ runs }: StoredSession): number =>
  runs.filter((run) => run.startedAt !== undefined || isAsked(run)).length;

/** What a fact does to a session that is running or paused. */
function applyTo(session: StoredSession, fact: HeldFact, now: number, minSeconds: number): void {
  const run = currentRun(session);
  session.lastSeenAt = now;
  switch (fact.type) {
    case 'joined':
      session.joinedAt ??= now;
      if (session.status === 'started') moveTo(session, 'in_progress');
      break;
    case 'paused':
      // It was a long way here, and the learner has resumed meanwhile.
      if (fact.data?.runs !== undefined && fact.data.runs < ordinalOf(session)) break;
      if (isRunning(session.status)) pause(session, now, 'paused');
      else if (run && isAsked(run)) run.endWanted ??= 'paused';
      break;
    case 'completed': {
      const talked = session.runs.reduce(
        (sum, each) =>
          sum + (each.startedAt === undefined ? 0 : (each.stoppedAt ?? each.endedAt ?? now) - each.startedAt),
        0,
      );
      if (talked < minSeconds * 1000) {
        settle(session, now, 'abandoned', 'too_short');
        break;
      }
      settle(
        session,
        now,
        'completed',
        run?.state === 'active' || session.endReason === 'paused' ? 'finished' : undefined,
      );
      if (fact.data?.accuracyScore !== undefined) {
        session.accuracyScore = fact.data.accuracyScore;
        session.scoreSource = 'page';
      }
      break;
    }
    case 'abandoned':
      settle(session, now, 'abandoned', run?.state === 'active' ? (fact.data?.reason ?? 'abandoned') : undefined);
      break;
    case 'failed':
      if (isRunning(session.status)) {
        settle(session, now, 'failed', 'failed');
        session.failure = { code: fact.data.code };
      } else settle(session, now, 'abandoned');
      break;
  }
}
