import {
  isFrameOrigin,
  isLive,
  isProblemCode,
  isRunning,
  isSettled,
  PracticeError,
  type Offer,
  type SessionAnswer,
  type TavusSession,
} from '../protocol/index.js';
import type { StartOutcome } from './billing-gate.js';
import {
  announce,
  enter,
  fail,
  INITIAL_MACHINE_STATE,
  record,
  step,
  troubleOf,
  type MachineState,
  type Step,
} from './machine-state.js';

/**
 * What the backend's answers do to the state. The server decides: these are the only ways into
 * `live`, into `paused` and into the settled phases.
 */

type Word = Pick<SessionAnswer, 'session' | 'serverTime' | 'join'>;

/** Refusals after which the learner is asked again, with a fresh offer. */
const ASKED_AGAIN: ReadonlySet<string> = new Set(['offer_expired', 'quota_exceeded', 'session_active']);

export function offerArrived(state: MachineState, offer: Offer): Step {
  if (state.phase !== 'confirming' && !(state.phase === 'paused' && state.loading)) return step(state);
  const session = offer.activeSession;
  const fresh = { offer, session, asOf: Date.parse(offer.serverTime), reported: null };
  if (session?.status === 'paused') return step(enter(state, 'paused', fresh));
  if (session && isLive(session.status)) {
    const trouble = troubleOf(new PracticeError('session_active'));
    return step(enter(state, 'confirming', { ...fresh, trouble }));
  }
  // Being asked twice needs the reason on screen; everything else the offer has answered.
  const trouble = state.trouble?.code === 'offer_expired' ? state.trouble : null;
  return step(enter(state, 'confirming', { ...fresh, session: null, trouble, confirmation: state.confirmation }));
}

export function startEnded(state: MachineState, outcome: StartOutcome): Step {
  if (state.ending === 'called-off') return calledOff(state, outcome);
  if (state.phase !== 'starting') return step(state);
  switch (outcome.type) {
    case 'answered': {
      const { answer } = outcome;
      const entered = enterRoom(state, answer);
      if (entered.state.phase !== 'live') return entered;
      return step(entered.state, ...entered.effects, announce({ type: 'practice-started', session: answer.session }));
    }
    case 'refused': {
      if (!ASKED_AGAIN.has(outcome.problem.code)) return fail(enter(state, 'failed'), outcome.problem);
      return fail(enter(state, 'confirming', { loading: true }), outcome.problem, { type: 'fetch-offer' });
    }
    case 'gave-up':
      return fail(enter(state, 'failed'), outcome.problem);
    case 'called-off':
      return calledOff(state, outcome);
  }
}

/** The start came to something after all, or to nothing; either way the learner no longer wants it. */
function calledOff(state: MachineState, outcome: StartOutcome): Step {
  const session =
    outcome.type === 'answered' ? outcome.answer.session : outcome.type === 'called-off' ? outcome.session : null;
  if (!session) return step({ ...INITIAL_MACHINE_STATE, offer: state.offer, offline: state.offline });
  if (!isLive(session.status)) return settle(state, session);
  const known = { ...state, session };
  return outcome.type === 'answered' ? step(known, { type: 'end', sessionId: session.id, cause: 'left' }) : step(known);
}

/** The learner asked to go in, and this is the answer. */
export function enterRoom(state: MachineState, { session, serverTime, join }: Word): Step {
  const known = { session, asOf: Date.parse(serverTime) };
  if (!isLive(session.status)) return settle({ ...state, ...known }, session);
  if (!join || !isRunning(session.status)) {
    // It runs, and nobody can get in: paying for it has no use.
    const ending = enter(state, 'ending', { ...known, ending: 'left' });
    return step(ending, { type: 'end', sessionId: session.id, cause: 'left' });
  }
  if (!isFrameOrigin(join.url, state.offer?.frameOrigins ?? [])) {
    const refused = enter(state, 'failed', known);
    return fail(
      refused,
      new PracticeError('frame_refused'),
      { type: 'end', sessionId: session.id, cause: 'frame_refused' },
      record({ type: 'failed', sessionId: session.id, data: { code: 'frame_refused' } }),
    );
  }
  return step(enter(state, 'live', { ...known, join, reported: null }));
}

/** Any answer about the session while it is under way, paused or being ended. */
export function heard(state: MachineState, word: Word): Step {
  const { session, serverTime, join } = word;
  const { phase } = state;
  if (phase !== 'live' && phase !== 'ending' && phase !== 'paused') return step(state);
  const asOf = Date.parse(serverTime);
  // Answers overtake each other. Only what is final may be late.
  if (session.id !== state.session?.id || (asOf < state.asOf && !isSettled(session.status))) return step(state);
  if (!isLive(session.status)) return settle({ ...state, asOf, reported: null }, session);
  // Nothing that ran becomes a create again, and only a click resumes.
  if (phase === 'paused' || session.status === 'confirmed') return step(state);
  const known: MachineState = { ...state, session, asOf, trouble: null, reported: null };
  const timeLeft = session.expiresAt !== undefined && Date.parse(session.expiresAt) > asOf + 1000;
  return state.ending === 'time-up' && join && timeLeft ? enterRoom(known, word) : step(known);
}

/** Not running any more, by the server's word. */
function settle(state: MachineState, session: TavusSession): Step {
  const { status } = session;
  switch (status) {
    case 'completed':
      return step(enter(state, status, { session }), announce({ type: 'practice-completed', session }));
    case 'abandoned':
      return step(enter(state, status, { session }), announce({ type: 'practice-abandoned', session }));
    case 'expired':
      return step(enter(state, status, { session }), announce({ type: 'practice-expired', session }));
    case 'failed': {
      const code = session.failure?.code;
      return fail(enter(state, status, { session }), new PracticeError(isProblemCode(code) ? code : 'internal'));
    }
    default:
      // The conversation has ended; what the learner finished still has to be counted.
      if (state.ending === 'finished') return step({ ...state, session, trouble: null });
      if (state.phase === 'paused') return step({ ...state, session });
      return step(enter(state, 'paused', { session }), announce({ type: 'practice-paused', session }));
  }
}
