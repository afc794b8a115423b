import { PracticeError } from '../protocol/index.js';
import type { Conversations } from './conversations.js';
import type { Runtime } from './runtime.js';
import { currentRun, isOpen } from './session-lifecycle.js';
import { saveSession } from './session-saving.js';
import type { SessionStore } from './session-store.js';
import type { Signer } from './signing.js';

interface Needs {
  store: SessionStore;
  conversations: Conversations;
  runtime: Runtime;
  signer: Signer;
}

/**
 * Tavus callbacks are unsigned, may come twice, in any order, or from anybody who saw the address. So one is
 * only a hint: it brings forward the look at Tavus that would have come anyway, and nothing in it is believed.
 *
 * @returns a function that rejects with PracticeError `not_found` once the capability's run is over
 */
export function createTavusWebhooks({
  store,
  conversations,
  runtime,
  signer,
}: Needs): (capability: string) => Promise<void> {
  return async (capability) => {
    const sealed = signer.open('webhook', capability) as { s: string; r: string } | null;
    const sessionId = sealed && (await hint(sealed));
    if (!sessionId) throw new PracticeError('not_found');
    await conversations.tend(sessionId);
  };

  function hint({ s, r }: { s: string; r: string }): Promise<string | null> {
    return store.transaction(async (transaction) => {
      const session = await transaction.session(s);
      const run = session && currentRun(session);
      if (!session || run?.id !== r || !isOpen(run)) return null;
      // A create whose answer is still awaited is left to whoever awaits it, and while Tavus fails a hint is no
      // reason to ask it more often.
      if (run.state !== 'creating' && run.attempts === 0) {
        run.nextAt = runtime.now();
        await saveSession(transaction, session);
      }
      return s;
    });
  }
}
