import { isLive, isProblemCode, isSettled, PracticeError, type TavusSession } from '../protocol/index.js';
import type { Confirmation } from './billing-gate.js';
import { mayPass } from './end-conversation.js';
import {
  announce,
  announceFailure,
  enter,
  fail,
  record,
  step,
  troubleOf,
  type Effect,
  type Input,
  type MachineState,
  type Step,
} from './machine-state.js';
import { cameBack, enterRoom, extended, heard, offerArrived, showElsewhere, startEnded } from './server-word.js';
import {
  agree,
  askAgain,
  begin,
  callOff,
  cancel,
  heldOpened,
  networkReturned,
  resume,
  withWaitingConfirmation,
} from './starting.js';

/** One failed look may be chance; from the second on the learner reads about it. */
const FAILURES_SHOWN = 2;

/** Characters. */
const LONGEST_COMMENT = 2000;

/** The whole life of a practice as a pure function: what happens next, and what has to be done for it. */
export function sessionMachine(state: MachineState, input: Input): Step {
  switch (input.type) {
    case 'open':
      return open(state, input.at, input.confirmation);
    case 'confirm':
      return begin(state, input.confirmation, input.at);
    case 'resume':
      return resume(state, input.confirmation, input.serverNow);
    case 'dismiss':
      return dismiss(state);
    case 'retry':
      return retry(state);
    case 'rejoin':
      return state.phase === 'confirming' && !state.loading && state.session
        ? step({ ...state, loading: true, trouble: null }, { type: 'read', sessionId: state.session.id, rejoin: true })
        : step(state);
    case 'frame-loaded':
      return frameLoaded(state);
    case 'stay':
      return step({ ...state, askingToLeave: false });
    case 'leave':
      return end(state, 'left', { open: false });
    case 'pause':
      return state.offer?.policy.canPause ? end(state, 'paused') : step(state);
    case 'extend':
      return extend(state);
    case 'extended':
      return extended(state, input);
    case 'consent':
      return agree(state, input);
    case 'feedback':
      return giveFeedback(state, input);
    case 'synced':
      return step(input.unsent === state.unsent ? state : { ...state, unsent: input.unsent });
    case 'finish':
      return finish(state, input.accuracyScore);
    case 'offer-arrived':
      return withWaitingConfirmation(offerArrived(state, input.offer, input.page));
    case 'offer-failed':
      return offerFailed(state, input);
    case 'start-progressed':
      return state.phase === 'starting' && state.starting !== 'slow'
        ? step({ ...state, starting: input.step })
        : step(state);
    case 'start-ended':
      return startEnded(state, input.outcome);
    case 'network-returned':
      return networkReturned(state, input.mayStart);
    case 'session-read':
      if (!input.rejoin) return heard(state, input.answer);
      return isAwaitingRoom(state, input.answer.session) ? enterRoom(state, input.answer) : step(state);
    case 'came-back':
      return cameBack(state, input.answer, input.offer);
    case 'found-elsewhere':
      return state.phase === 'confirming' && state.session?.id === input.sessionId
        ? step({ ...state, elsewhere: { title: input.title } })
        : step(state);
    case 'taken-over':
      return takenOver(state, input);
    case 'read-failed':
      return readFailed(state, input);
    case 'fact-rejected':
      return factRejected(state, input);
    case 'ticked':
      return ticked(state, input.secondsLeft, input.limited);
    case 'connection-changed':
      return step({ ...state, offline: !input.online });
    case 'page-returned':
      return pageReturned(state);
    case 'page-left':
      if (state.phase === 'starting') return callOff(state);
      return state.phase === 'live' ? step(state, { type: 'leave' }) : step(state);
    case 'page-restored':
      if (state.phase === 'queued') return askAgain(state);
      return state.phase === 'live' && state.session
        ? step(state, { type: 'read', sessionId: state.session.id, rejoin: true })
        : pageReturned(state);
  }
}

const isAwaitingRoom = ({ phase, loading, session }: MachineState, { id }: TavusSession): boolean =>
  session?.id === id && (phase === 'live' || (phase === 'confirming' && loading));

function open(state: MachineState, at: number, confirmation: Confirmation | null): Step {
  const opened = announce({ type: 'practice-opened' });
  switch (state.phase) {
    case 'confirming':
    case 'queued':
    case 'starting':
    case 'live':
    case 'ending':
      return step({ ...state, open: true });
    case 'paused':
      if (state.open) return step(state);
      return step({ ...state, open: true, loading: true, shownAt: at, openedHeld: true }, opened, {
        type: 'fetch-offer',
      });
    case 'idle':
    case 'completed':
    case 'abandoned':
    case 'expired':
    case 'failed': {
      if (state.unseen) return step({ ...state, open: true, unseen: false }, opened);
      const asked = { open: true, loading: true, offer: null, session: null, asOf: 0, reported: null };
      const afresh = { consent: [], consentMissing: null, confirmation, shownAt: at, openedHeld: true };
      const shown = enter(state, 'confirming', { ...asked, ...afresh });
      return step(shown, opened, { type: 'fetch-offer' });
    }
  }
}

function dismiss(state: MachineState): Step {
  switch (state.phase) {
    case 'idle':
      return step(state);
    case 'confirming': {
      const closed = { ...enter(state, 'idle'), open: false, session: null, openedHeld: false, reported: null };
      // Nothing was asked where another page has taken the conversation over.
      if (state.session && !state.openedHeld) return step(closed);
      return step(
        closed,
        announce({ type: 'practice-cancelled' }),
        ...heldOpened(state),
        record({ type: 'cancelled' }),
      );
    }
    case 'queued':
      return cancel(state);
    case 'starting':
      return callOff(state);
    case 'live':
      return step({ ...state, open: true, askingToLeave: true });
    default:
      return step({ ...state, open: false, loading: false, openedHeld: false }, ...heldOpened(state));
  }
}

function retry(state: MachineState): Step {
  switch (state.phase) {
    case 'confirming':
      return state.loading ? step(state) : step({ ...state, loading: true, trouble: null }, { type: 'fetch-offer' });
    case 'failed':
      return step(enter(state, 'confirming', { open: true, loading: true, session: null, asOf: 0 }), {
        type: 'fetch-offer',
      });
    case 'queued':
      return networkReturned(state, true);
    case 'paused':
    case 'ending':
      return pageReturned(state);
    default:
      return step(state);
  }
}

/** Another page of this browser is in the room now. */
function takenOver(state: MachineState, { sessionId, title }: { sessionId: string; title: string }): Step {
  const { phase, session } = state;
  if (phase !== 'live' || session?.id !== sessionId) return step(state);
  const shown = showElsewhere(state, session);
  return step({ ...shown.state, elsewhere: { title } }, { type: 'leave' });
}

function frameLoaded(state: MachineState): Step {
  const { phase, session } = state;
  if (phase !== 'live' || !session) return step(state);
  const joinedRun = `${session.id}/${session.runs}`;
  const joined: MachineState = { ...state, joined: true, joinedRun };
  if (state.joinedRun === joinedRun) return step(joined);
  const sessionId = session.id;
  return step(joined, record({ type: 'joined', sessionId }), announce({ type: 'practice-joined', session }));
}

/** Ends the running conversation: the frame goes at once, the phase when the server has said what came of it. */
function end(state: MachineState, ending: 'paused' | 'left', change: Partial<MachineState> = {}): Step {
  if (state.phase !== 'live' || !state.session) return step(state);
  const { id: sessionId, runs } = state.session;
  const facts = ending === 'paused' ? [record({ type: 'paused', sessionId, data: { runs } })] : [];
  return step(enter(state, 'ending', { ...change, ending }), { type: 'end', sessionId, cause: ending }, ...facts);
}

function extend(state: MachineState): Step {
  const { phase, session, offer, extending } = state;
  if (phase !== 'live' || !session || !offer?.policy.extension?.times || extending === 'asked') return step(state);
  return step({ ...state, extending: 'asked' }, { type: 'extend', sessionId: session.id });
}

function giveFeedback(state: MachineState, { rating, comment }: Extract<Input, { type: 'feedback' }>): Step {
  const { session, feedbackGiven } = state;
  if (!session || feedbackGiven || !isSettled(session.status)) return step(state);
  const data = comment ? { rating, comment: comment.slice(0, LONGEST_COMMENT) } : { rating };
  return step({ ...state, feedbackGiven: true }, record({ type: 'feedback', sessionId: session.id, data }), {
    type: 'flush',
  });
}

function finish(state: MachineState, accuracyScore: number | undefined): Step {
  const { phase, session } = state;
  if (!session || (phase !== 'live' && phase !== 'paused' && phase !== 'confirming')) return step(state);
  const sessionId = session.id;
  const isScore = accuracyScore !== undefined && Number.isFinite(accuracyScore);
  const data = isScore ? { accuracyScore: Math.min(100, Math.max(0, accuracyScore)) } : {};
  const ends: Effect[] = isLive(session.status) ? [{ type: 'end', sessionId, cause: 'finished' }] : [];
  return step(
    enter(state, 'ending', { ending: 'finished', openedHeld: false }),
    ...ends,
    ...heldOpened(state),
    record({ type: 'completed', sessionId, data }),
    { type: 'flush' },
  );
}

function offerFailed(state: MachineState, { problem, page }: Extract<Input, { type: 'offer-failed' }>): Step {
  // A refresh nobody asked for may fail in silence: the offer on screen is still the offer.
  if (!state.loading) return step(state);
  return fail({ ...state, page, loading: false, confirmation: null }, problem);
}

function readFailed(state: MachineState, input: Extract<Input, { type: 'read-failed' }>): Step {
  const { problem, rejoin, failures } = input;
  if (rejoin && state.phase === 'confirming' && state.loading) return fail({ ...state, loading: false }, problem);
  if (rejoin && state.phase === 'live' && state.session && mayPass(problem)) {
    return step(state, { type: 'read', sessionId: state.session.id, rejoin, failures });
  }
  if (state.phase !== 'ending') return step(state);
  if (!mayPass(problem)) return fail(enter(state, 'failed'), problem);
  return failures < FAILURES_SHOWN ? step(state) : fail(state, problem);
}

/** The host always hears of it. Without its completion a finished session will not settle: look what became of it. */
function factRejected(state: MachineState, { fact, code }: Extract<Input, { type: 'fact-rejected' }>): Step {
  const { session, reported, ending } = state;
  const trouble = troubleOf(new PracticeError(isProblemCode(code) ? code : 'invalid_request'));
  const told = reported === trouble.code ? [] : [announceFailure(trouble, session)];
  const known: MachineState = { ...state, reported: trouble.code };
  if (ending !== 'finished' || fact.type !== 'completed' || fact.sessionId !== session?.id) return step(known, ...told);
  return step({ ...known, ending: 'left' }, ...told, { type: 'read', sessionId: session.id, rejoin: false });
}

function ticked(state: MachineState, secondsLeft: number, limited: boolean): Step {
  const { phase, session } = state;
  // A confirmation waits no longer than its offer, a paused session no longer than it can be resumed.
  if (phase === 'queued') return secondsLeft <= 0 ? askAgain(state) : step(state);
  if (phase === 'paused' && session && secondsLeft <= 0) {
    return step(state, { type: 'read', sessionId: session.id, rejoin: false, failures: 1 });
  }
  // The backend has said when it is worth looking again. Nobody is called back to a dialog that was closed.
  if (phase === 'failed' && state.open) return secondsLeft <= 0 ? retry(state) : step({ ...state, secondsLeft });
  if (phase !== 'live' || !session) return step(state);
  if (secondsLeft <= 0) {
    return step(enter(state, 'ending', { ending: 'time-up' }), { type: 'read', sessionId: session.id, rejoin: false });
  }
  if (!limited) return step(state);
  const passed = (state.offer?.policy.warnAt ?? []).filter((threshold) => secondsLeft <= threshold);
  const warning = passed.length > 0 ? Math.min(...passed) : null;
  const isNew = warning !== null && (state.warning === null || warning < state.warning);
  const told = isNew ? [announce({ type: 'practice-warning', secondsLeft })] : [];
  return step({ ...state, secondsLeft, warning, extending: isNew ? null : state.extending }, ...told);
}

function pageReturned(state: MachineState): Step {
  const { phase, session, offer, trouble, open, loading } = state;
  switch (phase) {
    case 'live':
      return session ? step(state, { type: 'beat', sessionId: session.id }) : step(state);
    case 'ending':
      return session
        ? step(state, { type: 'read', sessionId: session.id, rejoin: false }, { type: 'flush' })
        : step(state);
    case 'paused': {
      const read: Effect[] = session ? [{ type: 'read', sessionId: session.id, rejoin: false }] : [];
      if (offer || !open || loading) return step(state, ...read);
      return step({ ...state, loading: true, trouble: null }, ...read, { type: 'fetch-offer' });
    }
    case 'confirming': {
      const isUnreachable = trouble?.code === 'network' || trouble?.code === 'timeout';
      // The conversation on the other page may be over by now.
      return isUnreachable || session ? retry(state) : step(state);
    }
    default:
      return step(state);
  }
}
