import { setTimeout as wait } from 'node:timers/promises';
import type { Learner, SessionStore, StoredSession } from '../session-store.js';
import { unitOfWork, type Records } from '../unit-of-work.js';
import { isBusy, openSqlite, type SqliteDatabase } from './sqlite-driver.js';

/** Sessions and learners are documents; only what is searched for has a column of its own. */
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS sessions (
    id TEXT PRIMARY KEY, user_id TEXT NOT NULL, course_id TEXT NOT NULL, status TEXT NOT NULL,
    confirmed_at INTEGER NOT NULL, due_at INTEGER, document TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS sessions_due ON sessions (due_at) WHERE due_at IS NOT NULL;
  CREATE INDEX IF NOT EXISTS sessions_user ON sessions (user_id, confirmed_at);
  CREATE TABLE IF NOT EXISTS learners (id TEXT PRIMARY KEY, document TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS writers (
    user_id TEXT NOT NULL, writer TEXT NOT NULL, ack INTEGER NOT NULL, PRIMARY KEY (user_id, writer)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS facts (
    user_id TEXT NOT NULL, writer TEXT NOT NULL, n INTEGER NOT NULL, type TEXT NOT NULL, at TEXT NOT NULL,
    received_at INTEGER NOT NULL, course_id TEXT, session_id TEXT, rejected TEXT, data TEXT,
    PRIMARY KEY (user_id, writer, n)
  ) STRICT, WITHOUT ROWID;
`;

/**
 * The store in one SQLite file. Several processes on one machine may share it.
 *
 * @param path a file (its folder is made), or `:memory:`
 */
export async function openSqliteStore(path: string): Promise<SessionStore> {
  const database = await openSqlite(path);
  database.exec(SCHEMA);
  // From here on waiting is done by `begin`: SQLite's own way stops the whole process.
  database.exec('PRAGMA busy_timeout = 0');
  const readSession = database.prepare('SELECT document FROM sessions WHERE id = ?');
  const writeSession = database.prepare(`
    INSERT INTO sessions (id, user_id, course_id, status, confirmed_at, due_at, document) VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET status = excluded.status, due_at = excluded.due_at, document = excluded.document`);
  const readLearner = database.prepare('SELECT document FROM learners WHERE id = ?');
  const writeLearner = database.prepare(
    'INSERT INTO learners (id, document) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET document = excluded.document',
  );
  const readAck = database.prepare('SELECT ack FROM writers WHERE user_id = ? AND writer = ?');
  const writeAck = database.prepare(`
    INSERT INTO writers (user_id, writer, ack) VALUES (?, ?, ?)
    ON CONFLICT (user_id, writer) DO UPDATE SET ack = excluded.ack`);
  const insertFact = database.prepare('INSERT INTO facts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const due = database.prepare('SELECT id FROM sessions WHERE due_at <= ? ORDER BY due_at LIMIT ?');

  const document = <T>(row: unknown): T | null =>
    row ? (JSON.parse((row as { document: string }).document) as T) : null;

  const records: Records = {
    readSession: async (id) => document<StoredSession>(readSession.get(id)),
    readLearner: async (id) => document<Learner>(readLearner.get(id)),
    readAck: async (userId, writer) => (readAck.get(userId, writer) as { ack: number } | undefined)?.ack ?? 0,
    async writeSession(session) {
      const { id, userId, courseId, status, confirmedAt, dueAt } = session;
      // Rounded up, so that what is due by this column is due by the document as well.
      writeSession.run(
        id,
        userId,
        courseId,
        status,
        confirmedAt,
        dueAt === null ? null : Math.ceil(dueAt),
        JSON.stringify(session),
      );
    },
    async writeLearner(learner) {
      writeLearner.run(learner.id, JSON.stringify(learner));
    },
    async writeAck(userId, writer, ack) {
      writeAck.run(userId, writer, ack);
    },
    async insertFacts(facts) {
      for (const { userId, writer, n, type, at, receivedAt, courseId, sessionId, rejected, data } of facts)
        insertFact.run(userId, writer, n, type, at, receivedAt, courseId, sessionId, rejected, JSON.stringify(data));
    },
  };

  // One connection holds one transaction at a time: those of this process queue up here.
  let last: Promise<unknown> = Promise.resolve();

  return {
    transaction(work) {
      const run = async () => {
        await begin(database);
        try {
          const result = await unitOfWork(records, work);
          database.exec('COMMIT');
          return result;
        } catch (cause) {
          database.exec('ROLLBACK');
          throw cause;
        }
      };
      const result = last.then(run, run);
      last = result.catch(() => undefined);
      return result;
    },
    dueSessions: async (now, limit) => due.all(now, limit).map((row) => (row as { id: string }).id),
    async close() {
      await last;
      database.close();
    },
  };
}

/** How often, and with how many ms between, a transaction asks for the file while another connection holds it. */
const PATIENCE = { tries: 1000, pause: 5 };

/** Begins a transaction. Waits its turn without holding up everything else in this process. */
async function begin(database: SqliteDatabase): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return database.exec('BEGIN IMMEDIATE');
    } catch (cause) {
      if (!isBusy(cause) || attempt === PATIENCE.tries) throw cause;
      await wait(PATIENCE.pause);
    }
  }
}
