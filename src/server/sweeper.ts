import type { Conversations } from './conversations.js';
import type { Runtime } from './runtime.js';
import type { SessionStore } from './session-store.js';

/** Ends what nobody ended. Any number of sweepers may run at once; each may be killed at any step. */
export interface Sweeper {
  /** One pass over everything due now. Returns how many sessions were looked after. */
  sweep(): Promise<number>;
  /** Ends conversations of this deployment that no session knows of. Asks Tavus for its list every time. */
  sweepOrphans(): Promise<number>;
  /** Sweeps every `seconds` until the signal aborts. Resolves after the last pass. */
  run(seconds: number, signal: AbortSignal): Promise<void>;
}

interface Needs {
  store: SessionStore;
  conversations: Conversations;
  runtime: Runtime;
  log: (entry: Record<string, unknown>) => void;
}

/** Sessions read at once. */
const BATCH = 100;
/** Sessions looked after side by side, so that one slow answer does not hold up the others. */
const SIDE_BY_SIDE = 10;
/** Seconds between two looks for conversations no session knows of. */
const ORPHAN_SECONDS = 60;

export function createSweeper({ store, conversations, runtime, log }: Needs): Sweeper {
  async function sweep(): Promise<number> {
    const seen = new Set<string>();
    for (;;) {
      const due = (await store.dueSessions(runtime.now(), BATCH)).filter((id) => !seen.has(id));
      if (!due.length) return seen.size;
      for (const id of due) seen.add(id);
      const waiting = due.values();
      await Promise.all(
        Array.from({ length: SIDE_BY_SIDE }, async () => {
          for (const id of waiting) await conversations.tend(id);
        }),
      );
    }
  }

  const reported = async (event: string, work: () => Promise<number>): Promise<number> => {
    try {
      return await work();
    } catch (cause) {
      log({ event, failed: cause instanceof Error ? cause.message : String(cause) });
      return 0;
    }
  };

  return {
    sweep,
    sweepOrphans: () => conversations.endOrphans(),
    async run(seconds, signal) {
      let orphansAt = 0;
      while (!signal.aborted) {
        await reported('sweep', sweep);
        if (runtime.now() >= orphansAt) {
          await reported('sweep-orphans', () => conversations.endOrphans());
          orphansAt = runtime.now() + ORPHAN_SECONDS * 1000;
        }
        await runtime.wait(seconds * 1000, signal);
      }
    },
  };
}
