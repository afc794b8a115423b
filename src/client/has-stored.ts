import type { Environment } from './environment.js';

/** The one database of this origin, shared by all its pages and elements. */
export const DATABASE = 'tavus-practice';
/** Its one object store. Keys are arrays; the first member says what is kept there. */
export const OBJECT_STORE = 'kept';

type StorageAccess = Pick<Environment, 'indexedDB'>;

/**
 * Whether an earlier page left something to go on with: facts that wait for the backend, or a session.
 * Loads and creates nothing, asks nobody, and never rejects.
 */
export async function hasStored(storage: StorageAccess): Promise<boolean> {
  if (!(await storeExists(storage))) return false;
  const kept = await allKept(storage).catch(() => []);
  return kept.some((value) => !Array.isArray(value?.facts) || value.facts.length > 0);
}

/** Whether the database is there. Creates nothing and never rejects; false where the browser cannot tell. */
export async function storeExists(storage: StorageAccess): Promise<boolean> {
  try {
    const databases = (await storage.indexedDB()?.databases?.()) ?? [];
    return databases.some(({ name }) => name === DATABASE);
  } catch {
    // A sandboxed frame is told that it may not even ask.
    return false;
  }
}

/** Without `idb-keyval`, because a page that has stored nothing shall not load it. */
function allKept(storage: StorageAccess): Promise<({ facts?: unknown } | undefined)[]> {
  return new Promise((resolve, reject) => {
    const request = storage.indexedDB()?.open(DATABASE);
    if (!request) return reject();
    // It has vanished meanwhile, and stays away.
    request.onupgradeneeded = () => request.transaction?.abort();
    request.onerror = reject;
    request.onsuccess = () => {
      const database = request.result;
      try {
        const all = database.transaction(OBJECT_STORE).objectStore(OBJECT_STORE).getAll();
        all.onsuccess = () => resolve(all.result);
        all.onerror = reject;
      } catch (error) {
        reject(error);
      } finally {
        database.close();
      }
    };
  });
}
