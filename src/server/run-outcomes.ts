import { isFrameOrigin, isRunning, isSettled } from '../protocol/index.js';
import { applyHeld } from './facts.js';
import type { ProviderCode } from './provider-advice.js';
import { advance, isAsked, moveTo, pause, settle } from './session-lifecycle.js';
import type { Run, StoredSession } from './session-store.js';
import type { Settings } from './settings.js';
import type { Conversation, CreateOutcome } from './tavus.js';

/**
 * What Tavus's answers do to a run and its session. No I/O: every function changes the given session in place,
 * and is used inside a store transaction. A run the session does not have is none of their business.
 */
export interface RunOutcomes {
  /** Seconds after the request in which the room can be joined: Tavus's time-out and the life of its token are one. */
  admittedSeconds(session: StoredSession): number;
  /** Whether the room is where rooms may be. */
  isFramable(conversation: Conversation): boolean;
  /** Tavus was asked for the conversation, and this is what is known of it. */
  created(session: StoredSession, runId: string, outcome: CreateOutcome, now: number): void;
  /**
   * The answer to a create was lost, and this is what runs under the run's name.
   *
   * @param asked when that was asked for
   */
  searched(session: StoredSession, runId: string, found: Conversation | undefined, asked: number, now: number): void;
  /** A running conversation was looked at. @param conversation null for one that Tavus does not know */
  lookedAt(session: StoredSession, runId: string, conversation: Conversation | null, now: number): void;
  /** The end is confirmed. */
  ended(session: StoredSession, runId: string, now: number): void;
}

/** Seconds between two looks at a running conversation, and while nobody is heard of. */
const LOOK_SECONDS = { heard: 60, silent: 20 };
/** Milliseconds between two searches for a lost create. */
const SEARCH_AGAIN = 2000;

export function createRunOutcomes(
  settings: Pick<Settings, 'tavus' | 'settle' | 'rejoin' | 'frameOrigins' | 'leases' | 'minSeconds'>,
): RunOutcomes {
  const runOf = (session: StoredSession, id: string) => session.runs.find((run) => run.id === id);

  const isFramable = ({ url }: Conversation): boolean => url !== '' && isFrameOrigin(url, settings.frameOrigins);

  const admittedSeconds = (session: StoredSession) =>
    Math.min(settings.rejoin, Math.max(1, Math.ceil(session.remaining)));

  /** The conversation exists. It is handed out if it is still wanted, and ended if it is not. */
  function begin(session: StoredSession, run: Run, conversation: Conversation, now: number): void {
    advance(session, now);
    const wanted = isAsked(run) && !isSettled(session.status);
    if (run.state === 'ended' && run.conversationId === conversation.id) return;
    run.conversationId = conversation.id;
    run.startedAt ??= now;
    run.attempts = 0;
    delete run.claim;
    if (!wanted || !isFramable(conversation)) {
      if (wanted) giveUp(session, run, 'provider_unavailable', now);
      run.state = 'ending';
      run.stoppedAt ??= now;
      run.nextAt = now;
      return;
    }
    run.state = 'active';
    run.url = conversation.url;
    run.tokenUntil = run.requestedAt + admittedSeconds(session) * 1000;
    if (conversation.token !== undefined) run.token = conversation.token;
    run.nextAt = now + LOOK_SECONDS.heard * 1000;
    moveTo(session, 'started');
    session.startedAt ??= now;
    session.expiresAt = now + session.remaining * 1000;
    session.left = false;
    session.pages = { first: now + settings.leases.visible * 1000 };
    delete session.endedAt;
    delete session.endReason;
    if (conversation.ended) endedByProvider(session, run, now);
    applyHeld(session, now, settings.minSeconds);
    if (run.endWanted !== undefined && isRunning(session.status)) pause(session, now, run.endWanted);
  }

  /** No conversation came of it. A first run fails its session. */
  function giveUp(session: StoredSession, run: Run, code: ProviderCode, now: number): void {
    run.state = 'failed';
    run.refusedWith = code;
    delete run.claim;
    if (session.status === 'confirmed') {
      settle(session, now, 'failed', run.endWanted);
      session.failure = { code };
    } else advance(session, now);
    applyHeld(session, now, settings.minSeconds);
  }

  function endedByProvider(session: StoredSession, run: Run, now: number): void {
    if (run.state === 'active') pause(session, now, 'provider');
    run.state = 'ended';
    run.endedAt = now;
  }

  return {
    admittedSeconds,
    isFramable,

    created(session, runId, outcome, now) {
      const run = runOf(session, runId);
      if (!run) return;
      if (outcome.kind === 'created') return begin(session, run, outcome.conversation, now);
      if (run.state !== 'creating') return;
      if (outcome.kind === 'refused') return giveUp(session, run, outcome.code, now);
      run.state = 'unknown';
      run.unknownAt = now;
      run.nextAt = now;
      advance(session, now);
    },

    searched(session, runId, found, asked, now) {
      const run = runOf(session, runId);
      if (!run || !isAsked(run)) return;
      delete run.claim;
      run.unknownAt ??= run.requestedAt + settings.tavus.timeout * 1000;
      run.state = 'unknown';
      if (found) {
        // Its room is private and the token is lost with the answer: nobody can ever join it.
        giveUp(session, run, 'provider_unavailable', now);
        Object.assign(run, { state: 'ending', conversationId: found.id, stoppedAt: now, nextAt: now, attempts: 0 });
        run.startedAt ??= run.requestedAt;
      } else if (asked >= run.unknownAt + settings.settle * 1000) {
        giveUp(session, run, 'provider_unavailable', now);
      } else {
        run.nextAt = Math.min(now + SEARCH_AGAIN, run.unknownAt + settings.settle * 1000);
      }
    },

    lookedAt(session, runId, conversation, now) {
      advance(session, now);
      const run = runOf(session, runId);
      if (!run) return;
      delete run.claim;
      if (run.state !== 'active') return;
      if (conversation?.ended) return endedByProvider(session, run, now);
      // One that Tavus does not know is over as far as anybody can tell, and is ended all the same to be sure.
      if (!conversation) return pause(session, now, 'provider');
      const silent = now - (session.lastSeenAt ?? 0) > settings.leases.visible * 1000;
      run.attempts = 0;
      run.nextAt = now + (silent ? LOOK_SECONDS.silent : LOOK_SECONDS.heard) * 1000;
    },

    ended(session, runId, now) {
      const run = runOf(session, runId);
      if (run?.state !== 'ending') return;
      run.state = 'ended';
      run.endedAt = now;
      delete run.claim;
    },
  };
}
