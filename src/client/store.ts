import type { UseStore } from 'idb-keyval';
import { PracticeError } from '../protocol/index.js';
import type { Environment } from './environment.js';
import { DATABASE, OBJECT_STORE } from './has-stored.js';

/** Milliseconds a database may take to open, and a transaction to come to its end. */
const PATIENCE = 3000;

export type StoreEnvironment = Pick<Environment, 'indexedDB' | 'setTimer'>;

/**
 * IndexedDB for `idb-keyval`, for a world in which it hangs, breaks and vanishes. A connection lives as long
 * as one transaction: none of ours can be found dead, stand in the way of another page's upgrade, or keep a
 * page out of the back/forward cache. What fails is tried once more over a new connection, what hangs is
 * not. A use that rejects has changed nothing.
 *
 * @param durability `strict`: completed means that it survives the machine losing power
 */
export function hardenedStore(environment: StoreEnvironment, durability: IDBTransactionDurability): UseStore {
  return async (mode, callback) => {
    const attempt = async () => {
      const connection = await openStore(environment);
      try {
        const transaction = connection.transaction(OBJECT_STORE, mode, { durability });
        const work = Promise.resolve(callback(transaction.objectStore(OBJECT_STORE)));
        return await patiently(environment, work, () => transaction.abort());
      } finally {
        connection.close();
      }
    };
    try {
      return await attempt();
    } catch (error) {
      if (error instanceof PracticeError) throw error;
      return attempt();
    }
  };
}

async function openStore(environment: StoreEnvironment): Promise<IDBDatabase> {
  const connection = await open(environment);
  if (connection.objectStoreNames.contains(OBJECT_STORE)) return connection;
  // A database that lost its store, or somebody else's of the same name, gets one.
  connection.close();
  return open(environment, connection.version + 1);
}

function open(environment: StoreEnvironment, version?: number): Promise<IDBDatabase> {
  let gaveUp = false;
  const opening = new Promise<IDBDatabase>((resolve, reject) => {
    const factory = environment.indexedDB();
    if (!factory) throw new PracticeError('storage');
    const request = factory.open(DATABASE, version);
    request.onupgradeneeded = () => {
      if (gaveUp) return request.transaction?.abort();
      if (!request.result.objectStoreNames.contains(OBJECT_STORE)) request.result.createObjectStore(OBJECT_STORE);
    };
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const connection = request.result;
      connection.onversionchange = () => connection.close();
      if (gaveUp) connection.close();
      resolve(connection);
    };
  });
  return patiently(environment, opening, () => {
    gaveUp = true;
  });
}

/**
 * Rejects with `timeout` when it takes too long.
 *
 * @param giveUp calls it off; throws when it is too late for that, and then the outcome is waited for
 */
function patiently<T>(environment: StoreEnvironment, work: Promise<T>, giveUp: () => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = environment.setTimer(PATIENCE, () => {
      try {
        giveUp();
      } catch {
        // It is being committed at this moment.
        return;
      }
      reject(new PracticeError('timeout'));
    });
    work.then(resolve, reject).finally(cancel);
  });
}
