import * as v from 'valibot';
import { FactSchema, isRunning, isSettled, type Fact, type TavusSession } from '../protocol/index.js';
import type { Caller } from './auth.js';
import { currentRun, moveTo, pause, settle, toRecord } from './session-lifecycle.js';
import { saveSession } from './session-saving.js';
import type { StoredFact, StoredSession, StoreTransaction } from './session-store.js';
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
  async function apply(fact: Fact): Promise<string | null> {
    if (!('sessionId' in fact))
      return settings.courses.some((course) => course.id === fact.courseId) ? null : 'not_found';
    const session = sessions.get(fact.sessionId) ?? (await load(transaction, fact.sessionId));
    if (!session || session.userId !== caller.userId) return 'not_found';
    sessions.set(session.id, session);
    if (fact.type === 'feedback') session.feedback = fact.data;
    else if (session.status === 'confirmed') applyWhileCreating(session, fact);
    else if (isSettled(session.status)) keepLate(session, fact);
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

const keepLate = (session: StoredSession, fact: Fact): void => {
  session.late.push({ n: fact.n, type: fact.type, at: fact.at, ...('data' in fact && { data: fact.data }) });
};

/** There is no conversation yet that a fact could be about, but one that ends it is meant for the one to come. */
function applyWhileCreating(session: StoredSession, fact: Fact): void {
  const run = currentRun(session);
  if (run && fact.type !== 'joined') run.endWanted ??= fact.type;
  keepLate(session, fact);
}

/** The facts that can change how a session stands. */
type SessionFact = Exclude<Extract<Fact, { sessionId: string }>, { type: 'feedback' }>;

/** What a fact does to a session that is running or paused. */
function applyTo(session: StoredSession, fact: SessionFact, now: number, minSeconds: number): void {
  const run = currentRun(session);
  session.lastSeenAt = now;
  switch (fact.type) {
    case 'joined':
      session.joinedAt ??= now;
      if (session.status === 'started') moveTo(session, 'in_progress');
      break;
    case 'paused':
      if (isRunning(session.status)) pause(session, now, 'paused');
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
