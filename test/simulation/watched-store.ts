import type { SessionStore, StoredFact, StoredSession } from '../../src/server/session-store.js';

/** Told of what has been committed, and of nothing else. */
export interface StoreWatcher {
  saved(session: StoredSession): void;
  appended(facts: readonly StoredFact[]): void;
}

/** The same store, with somebody looking on. */
export function watchedStore(store: SessionStore, watcher: StoreWatcher): SessionStore {
  return {
    ...store,
    async transaction(work) {
      let saved = new Set<StoredSession>();
      let facts: StoredFact[] = [];
      const result = await store.transaction((transaction) => {
        saved = new Set();
        facts = [];
        return work({
          ...transaction,
          appendFacts(userId, writer, added) {
            facts.push(...added);
            return transaction.appendFacts(userId, writer, added);
          },
          saveSession(session) {
            saved.add(session);
            return transaction.saveSession(session);
          },
        });
      });
      for (const session of saved) watcher.saved(copyOf(session));
      if (facts.length) watcher.appended(facts);
      return result;
    },
  };
}

/** The product may go on with its own. */
const copyOf = (session: StoredSession): StoredSession => ({
  ...session,
  pages: { ...session.pages },
  late: [...session.late],
  runs: session.runs.map((run) => ({ ...run })),
});
