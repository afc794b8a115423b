import type { Learner, SessionStore, StoredFact, StoredSession } from '../../src/server/session-store.js';
import { unitOfWork } from '../../src/server/unit-of-work.js';

interface Row {
  dueAt: number | null;
  document: string;
}

/**
 * The SQLite store's twin in plain variables, many times as fast: one transaction after the other, each whole
 * or not at all, and documents that share nothing with what was saved. A world over either is the same world.
 */
export function memoryStore(): SessionStore {
  const sessions = new Map<string, Row>();
  const learners = new Map<string, string>();
  const acks = new Map<string, number>();
  const facts = new Map<string, StoredFact>();
  let last: Promise<unknown> = Promise.resolve();

  return {
    transaction(work) {
      const run = async () => {
        // SQLite's way to begin takes a turn as well.
        await Promise.resolve();
        const writes: (() => void)[] = [];
        const records = {
          readSession: async (id: string) => {
            const row = sessions.get(id);
            return row ? (JSON.parse(row.document) as StoredSession) : null;
          },
          readLearner: async (id: string) => {
            const document = learners.get(id);
            return document === undefined ? null : (JSON.parse(document) as Learner);
          },
          readAck: async (userId: string, writer: string) => acks.get(`${userId} ${writer}`) ?? 0,
          async writeSession(session: StoredSession) {
            const row = { dueAt: session.dueAt, document: JSON.stringify(session) };
            writes.push(() => sessions.set(session.id, row));
          },
          async writeLearner(learner: Learner) {
            const document = JSON.stringify(learner);
            writes.push(() => learners.set(learner.id, document));
          },
          async writeAck(userId: string, writer: string, ack: number) {
            writes.push(() => acks.set(`${userId} ${writer}`, ack));
          },
          async insertFacts(added: readonly StoredFact[]) {
            for (const fact of added) {
              const key = `${fact.userId} ${fact.writer} ${fact.n}`;
              if (facts.has(key)) throw new Error(`fact ${key} is there already`);
              writes.push(() => facts.set(key, fact));
            }
          },
        };
        const result = await unitOfWork(records, work);
        for (const write of writes) write();
        return result;
      };
      const result = last.then(run, run);
      last = result.catch(() => undefined);
      return result;
    },
    async dueSessions(now, limit) {
      const due: { id: string; dueAt: number }[] = [];
      for (const [id, { dueAt }] of sessions)
        if (dueAt !== null && Math.ceil(dueAt) <= now) due.push({ id, dueAt: Math.ceil(dueAt) });
      return due
        .sort((one, other) => one.dueAt - other.dueAt)
        .slice(0, limit)
        .map(({ id }) => id);
    },
    close: async () => undefined,
  };
}
