import {
  newLearner,
  type Learner,
  type StoredFact,
  type StoredSession,
  type StoreTransaction,
} from './session-store.js';

/** The few reads and writes a database has to offer inside one transaction of its own. */
export interface Records {
  readSession(id: string): Promise<StoredSession | null>;
  readLearner(id: string): Promise<Learner | null>;
  readAck(userId: string, writer: string): Promise<number>;
  writeSession(session: StoredSession): Promise<void>;
  writeLearner(learner: Learner): Promise<void>;
  writeAck(userId: string, writer: string, ack: number): Promise<void>;
  insertFacts(facts: readonly StoredFact[]): Promise<void>;
}

/**
 * Runs `work` over the records of one transaction. Reading the same thing twice gives the same object, and
 * all writes happen after all reads, each thing once: some databases insist on that order, all are faster by it.
 */
export async function unitOfWork<T>(records: Records, work: (transaction: StoreTransaction) => Promise<T>): Promise<T> {
  const sessions = new Map<string, StoredSession | null>();
  const learners = new Map<string, Learner>();
  const changedSessions = new Set<StoredSession>();
  const changedLearners = new Set<Learner>();
  const appended: { userId: string; writer: string; facts: readonly StoredFact[] }[] = [];

  const result = await work({
    async session(id) {
      const known = sessions.get(id);
      if (known !== undefined) return known;
      const session = await records.readSession(id);
      sessions.set(id, session);
      return session;
    },
    async saveSession(session) {
      sessions.set(session.id, session);
      changedSessions.add(session);
    },
    async learner(id) {
      const learner = learners.get(id) ?? (await records.readLearner(id)) ?? newLearner(id);
      learners.set(id, learner);
      return learner;
    },
    async saveLearner(learner) {
      learners.set(learner.id, learner);
      changedLearners.add(learner);
    },
    ack: (userId, writer) => records.readAck(userId, writer),
    async appendFacts(userId, writer, facts) {
      if (facts.length) appended.push({ userId, writer, facts });
    },
  });

  for (const session of changedSessions) await records.writeSession(session);
  for (const learner of changedLearners) await records.writeLearner(learner);
  for (const { userId, writer, facts } of appended) {
    await records.insertFacts(facts);
    await records.writeAck(userId, writer, facts.at(-1)?.n ?? 0);
  }
  return result;
}
