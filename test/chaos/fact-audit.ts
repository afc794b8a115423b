import { openSqlite } from '../../src/server/stores/sqlite-driver.js';
import type { Journal } from './journal.js';

interface FactRow {
  user_id: string;
  writer: string;
  n: number;
  type: string;
  at: string;
  course_id: string | null;
  session_id: string | null;
  rejected: string | null;
}

interface SessionDocument {
  id: string;
  userId: string;
  courseId: string;
  status: string;
  late: { n: number; type: string }[];
}

export interface FactAudit {
  complaints: string[];
  applied: number;
  writers: number;
  lost: number;
  doubled: number;
}

/** Compares what pages knew with what the backend's database says after everything has calmed down. */
export async function auditFacts(
  databasePath: string,
  journal: Journal,
  learners: readonly string[],
): Promise<FactAudit> {
  const database = await openSqlite(databasePath);
  const facts = database.prepare('SELECT * FROM facts ORDER BY user_id, writer, n').all() as FactRow[];
  const writers = database.prepare('SELECT * FROM writers').all() as { user_id: string; writer: string; ack: number }[];
  const documents = database.prepare('SELECT document FROM sessions').all() as { document: string }[];
  database.close();
  const sessions = new Map(
    documents.map(({ document }) => JSON.parse(document) as SessionDocument).map((session) => [session.id, session]),
  );

  const lost = [...lostFacts(facts, journal)];
  const doubled = [...doubledFacts(facts)];
  const complaints = [
    ...lost,
    ...doubled,
    ...gaps(facts, writers),
    ...strangers(facts, sessions),
    ...ineffective(facts, sessions),
    ...unkept(journal, sessions),
    ...miscounted(facts, journal, learners),
  ];
  return { complaints, applied: facts.length, writers: writers.length, lost: lost.length, doubled: doubled.length };
}

/** Saved facts have to arrive as they were, under the learner they were kept for, who has one name towards the browser. */
function* lostFacts(facts: readonly FactRow[], { saved }: Journal): Generator<string> {
  const applied = new Map(facts.map((fact) => [`${fact.writer}/${fact.n}`, fact]));
  const users = new Map<string, string>();
  for (const { owner, writer, n, type, at, courseId, ...rest } of saved.values()) {
    const found = applied.get(`${writer}/${n}`);
    const sessionId = 'sessionId' in rest ? rest.sessionId : null;
    const same = found?.type === type && found.at === at && found.course_id === courseId;
    if (!same || found.session_id !== sessionId) {
      yield `the ${type} of ${courseId} at ${at} (${writer}/${n}) is lost`;
      continue;
    }
    if ((users.get(owner) ?? found.user_id) !== found.user_id)
      yield `what was kept for ${owner} reached ${found.user_id}`;
    users.set(owner, found.user_id);
  }
}

/** Numbers of their own would not make two of one: learner, course, moment and kind together are unique here. */
function* doubledFacts(facts: readonly FactRow[]): Generator<string> {
  const known = new Set<string>();
  for (const { user_id, course_id, session_id, type, at, writer, n } of facts) {
    const identity = [user_id, course_id, session_id, type, at].join(' ');
    if (known.has(identity)) yield `${identity} was applied twice, the second time as ${writer}/${n}`;
    known.add(identity);
  }
}

function* gaps(
  facts: readonly FactRow[],
  writers: readonly { user_id: string; writer: string; ack: number }[],
): Generator<string> {
  for (const { user_id, writer, ack } of writers) {
    const numbers = facts.filter((fact) => fact.user_id === user_id && fact.writer === writer).map(({ n }) => n);
    const isWhole = numbers.length === ack && numbers.every((n, index) => n === index + 1);
    if (!isWhole) yield `${writer} has ${numbers.length} facts, and ${ack} acknowledged`;
  }
}

/** Every learner has courses of their own, so a wrong name shows. */
function* strangers(facts: readonly FactRow[], sessions: ReadonlyMap<string, SessionDocument>): Generator<string> {
  for (const { user_id, course_id, session_id, type, rejected } of facts) {
    if (rejected !== null) yield `${user_id}'s ${type} was rejected: ${rejected}`;
    if (!course_id?.startsWith(`${user_id}-`)) yield `${user_id} got a fact about ${course_id}`;
    if (session_id && sessions.get(session_id)?.userId !== user_id) yield `${user_id} got a fact about ${session_id}`;
  }
  for (const { id, userId, courseId } of sessions.values())
    if (!courseId.startsWith(`${userId}-`)) yield `${userId} got session ${id} in ${courseId}`;
}

/** A completion counts, or is kept as late. */
function* ineffective(facts: readonly FactRow[], sessions: ReadonlyMap<string, SessionDocument>): Generator<string> {
  for (const { session_id, type, n } of facts) {
    const session = type === 'completed' ? sessions.get(session_id ?? '') : undefined;
    const isLate = session?.late.some((late) => late.type === type && late.n === n);
    if (session && session.status !== 'completed' && !isLate)
      yield `${session.id} was completed and is ${session.status}`;
  }
}

function* unkept({ settled, failures }: Journal, sessions: ReadonlyMap<string, SessionDocument>): Generator<string> {
  const unstored = failures.get('storage') ?? 0;
  if (unstored > 0) yield `${unstored} facts were not kept by the browser`;
  for (const [id, status] of settled) {
    const now = sessions.get(id)?.status;
    if (now !== status) yield `${id} was said to be ${status} and is ${now}`;
  }
}

function* miscounted(facts: readonly FactRow[], journal: Journal, learners: readonly string[]): Generator<string> {
  for (const learner of learners) {
    const cancelled = facts.filter(({ user_id, type }) => user_id === learner && type === 'cancelled').length;
    const acknowledged = journal.acknowledgedDismissals(learner);
    if (cancelled < acknowledged)
      yield `${learner} has ${cancelled} of ${acknowledged} dismissals that were acknowledged`;
  }
}
