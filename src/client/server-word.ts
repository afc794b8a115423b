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
import { mayPass } from './end-conversation.js';
import {
  announce,
  enter,
  fail,
  INITIAL_MACHINE_STATE,
  record,
  step,
  troubleOf,
  type Effect,
  type Input,
  type MachineState,
  type Step,
} from './machine-state.js';
import type { PageCheck } from './page-check.js';
import { heldOpened } from './starting.js';

/**
 * What the backend's answers do to the state. The server decides: these are the only ways into
 * `live`, into `paused` and into the settled phases.
 */

type Word = Pick<SessionAnswer, 'session' | 'serverTime' | 'join'>;

/** Refusals after which the learner is asked again, with a fresh offer. */
const ASKED_AGAIN: ReadonlySet<string> = new Set(['offer_expired', 'quota_exceeded', 'session_active']);

export function offerArrived(state: MachineState, offer: Offer, page: PageCheck): Step {
  if (state.phase !== 'confirming' && !(state.phase === 'paused' && state.loading)) return step(state);
  const reported = page.obstacle ? state.reported : null;
  const { state: known, effects } = offerRead(
    { ...state, offer, page, asOf: Date.parse(offer.serverTime), reported },
    offer,
  );
  return page.obstacle && !known.trouble
    ? fail(known, new PracticeError('blocked_by_page'), ...effects)
    : step(known, ...effects);
}

function offerRead(state: MachineState, { activeSession: session }: Offer): Step {
  if (session?.status === 'paused') return step(enter(state, 'paused', { session }));
  if (session && isLive(session.status)) return showElsewhere(state, session);
  // Being asked twice needs the reason on screen; everything else the offer has answered.
  const trouble = state.trouble?.code === 'offer_expired' ? state.trouble : null;
  const asking = enter(state, 'confirming', { session: null, trouble, confirmation: state.confirmation });
  return step(asking, ...(state.phase === 'paused' ? forgotten(state.session) : []));
}

/** It runs, but not here: the learner decides whether to go on here, or to end it. */
export function showElsewhere(state: MachineState, session: TavusSession): Step {
  const trouble = troubleOf(new PracticeError('session_active'));
  // The page that answered the last time will answer again.
  const elsewhere = state.session?.id === session.id ? state.elsewhere : null;
  const asking = enter(state, 'confirming', { session, trouble, elsewhere });
  return step(asking, { type: 'locate', sessionId: session.id });
}

export function startEnded(state: MachineState, outcome: StartOutcome): Step {
  if (state.ending === 'called-off') return calledOff(state, outcome);
  if (state.phase !== 'starting') return step(state);
  const { confirmation, session } = state;
  switch (outcome.type) {
    case 'answered': {
      const { answer } = outcome;
      const entered = enterRoom(state, answer);
      if (entered.state.phase !== 'live') return entered;
      const type = session ? 'practice-resumed' : 'practice-started';
      return step(entered.state, ...entered.effects, announce({ type, session: answer.session }));
    }
    case 'refused': {
      // What the session has become meanwhile is worth asking for.
      if (session) return fail(enter(state, 'paused'), outcome.problem, look(session));
      const forget: Effect[] = confirmation ? [{ type: 'forget', sessionId: confirmation.id }] : [];
      if (!ASKED_AGAIN.has(outcome.problem.code)) return fail(enter(state, 'failed'), outcome.problem, ...forget);
      return fail(enter(state, 'confirming', { loading: true }), outcome.problem, ...forget, { type: 'fetch-offer' });
    }
    case 'gave-up':
      return fail(enter(state, session ? 'paused' : 'failed'), outcome.problem);
    case 'offline':
      // Only a start may wait.
      return session ? step(state) : waitForNetwork(state);
    case 'called-off':
      return step(state);
  }
}

const look = ({ id }: TavusSession): Effect => ({ type: 'read', sessionId: id, rejoin: false });

function waitForNetwork(state: MachineState): Step {
  const { confirmation, offer } = state;
  if (!confirmation) return step(state);
  const { id: sessionId } = confirmation;
  const until = offer?.offerExpiresAt ?? '';
  return step(
    enter(state, 'queued', { confirmation }),
    announce({ type: 'practice-queued', sessionId, until }),
    record({ type: 'queued' }),
  );
}

/** The start came to something after all, or to nothing; either way the learner no longer wants it. */
function calledOff(state: MachineState, outcome: StartOutcome): Step {
  const session =
    outcome.type === 'answered' ? outcome.answer.session : outcome.type === 'called-off' ? outcome.session : null;
  if (!session) {
    if (state.session?.status === 'paused') return step(enter(state, 'paused'), look(state.session));
    return step({ ...INITIAL_MACHINE_STATE, offer: state.offer, offline: state.offline });
  }
  if (!isLive(session.status)) return settle(state, session);
  const known = { ...state, session };
  return outcome.type === 'answered' ? step(known, { type: 'end', sessionId: session.id, cause: 'left' }) : step(known);
}

/** The learner asked to go in, or was in there before, and this is the answer. */
export function enterRoom(state: MachineState, { session, serverTime, join }: Word): Step {
  const known = { session, asOf: Date.parse(serverTime) };
  if (!isLive(session.status)) return settle({ ...state, ...known, session: state.session }, session);
  // Another page is only just starting it.
  if (session.status === 'confirmed' && state.phase === 'confirming')
    return showElsewhere({ ...state, ...known }, session);
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
  return step(
    enter(state, 'live', { ...known, join, open: true, openedHeld: false, reported: null }),
    ...heldOpened(state),
    { type: 'remember', sessionId: session.id },
    { type: 'take-over', sessionId: session.id },
  );
}

/** The session this browser remembers. The conversation that still runs was paid for: going on with it is free. */
export function cameBack(state: MachineState, word: Word, offer: Offer): Step {
  const { phase } = state;
  const { session, serverTime } = word;
  if (phase !== 'idle' && !(phase === 'confirming' && isLive(session.status))) return step(state);
  const known: MachineState = { ...state, offer, asOf: Date.parse(serverTime) };
  return isLive(session.status) ? enterRoom({ ...known, phase: 'idle', open: true }, word) : settle(known, session);
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
  if (session.status === 'confirmed') return step(state);
  if (phase === 'paused') return state.open ? showElsewhere({ ...state, asOf }, session) : step(state);
  const known: MachineState = { ...state, session, asOf, trouble: null, reported: null };
  const timeLeft = session.expiresAt !== undefined && Date.parse(session.expiresAt) > asOf + 1000;
  return state.ending === 'time-up' && join && timeLeft ? enterRoom(known, word) : step(known);
}

const forgotten = (session: TavusSession | null): Effect[] =>
  session ? [{ type: 'forget', sessionId: session.id }] : [];

/** More time was asked for, and this came of it. */
export function extended(state: MachineState, { sessionId, result }: Extract<Input, { type: 'extended' }>): Step {
  const { answer, problem } = result;
  const { phase, session, offer } = state;
  if (phase !== 'live' || session?.id !== sessionId || !offer) return answer ? heard(state, answer) : step(state);
  if (answer) return heard({ ...state, extending: 'granted', offer: withFewerExtensions(offer, 1) }, answer);
  if (mayPass(problem)) return step({ ...state, extending: 'failed' });
  // Nothing left to add, or nothing left to add it to.
  return step({ ...state, extending: 'spent', offer: withFewerExtensions(offer, Infinity) }, look(session));
}

function withFewerExtensions({ policy, ...offer }: Offer, fewer: number): Offer {
  const { extension } = policy;
  const left = extension && { ...extension, times: Math.max(0, extension.times - fewer) };
  return { ...offer, policy: { ...policy, extension: left } };
}

/** Not running any more, by the server's word. */
function settle(state: MachineState, session: TavusSession): Step {
  const { status } = session;
  const forget = forgotten(session);
  switch (status) {
    case 'completed':
      return step(enter(state, status, { session }), ...forget, announce({ type: 'practice-completed', session }));
    case 'abandoned':
      return step(enter(state, status, { session }), ...forget, announce({ type: 'practice-abandoned', session }));
    case 'expired':
      return step(enter(state, status, { session }), ...forget, announce({ type: 'practice-expired', session }));
    case 'failed': {
      const code = session.failure?.code;
      const problem = new PracticeError(isProblemCode(code) ? code : 'internal');
      return fail(enter(state, status, { session }), problem, ...forget);
    }
    default:
      return pausedBy(state, session);
  }
}

/** The conversation has ended, and the session waits for the learner. */
function pausedBy(state: MachineState, session: TavusSession): Step {
  // What the learner finished still has to be counted.
  if (state.ending === 'finished') return step({ ...state, session, trouble: null });
  if (state.phase === 'paused') return step({ ...state, session });
  // A resume that came to nothing has not interrupted anything.
  const isNews = state.session?.status !== 'paused' || state.session.runs !== session.runs;
  return step(enter(state, 'paused', { session }), ...(isNews ? [announce({ type: 'practice-paused', session })] : []));
}
