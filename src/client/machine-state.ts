import type { Offer, PracticeError, ProblemCode, SessionAnswer, TavusSession } from '../protocol/index.js';
import type { Result } from './backend.js';
import type { Confirmation, StartOutcome, StartStep } from './billing-gate.js';
import type { FactDraft } from './fact-row.js';
import type { PageCheck } from './page-check.js';
import { INITIAL_STATE, type Announcement, type Phase, type PracticeState, type Trouble } from './practice-state.js';

/** Why a conversation is being ended: what `ending` waits for. */
export type Ending = 'finished' | 'paused' | 'left' | 'time-up' | 'called-off';

/** What the machine remembers beyond what the views draw. */
export interface MachineState extends PracticeState {
  ending: Ending | null;
  /** What a start runs or waits under; with `confirmation="off"` also while it waits for the offer. */
  confirmation: Confirmation | null;
  /** Monotonic ms when the dialog was shown. */
  shownAt: number;
  /** The fact `opened` waits for the learner to decide. */
  openedHeld: boolean;
  /** The run whose room has been reported as loaded. */
  joinedRun: string;
  /** Server's ms of the newest word about the session. Older words are ignored. */
  asOf: number;
  /** The failure the host has been told of and that still lasts. */
  reported: ProblemCode | null;
  /** The outcome came while the dialog was closed: opening it shows that first. */
  unseen: boolean;
}

export const INITIAL_MACHINE_STATE: MachineState = {
  ...INITIAL_STATE,
  ending: null,
  confirmation: null,
  shownAt: 0,
  openedHeld: false,
  joinedRun: '',
  asOf: 0,
  reported: null,
  unseen: false,
};

/** What happens to a practice: the learner acts, the backend answers, time passes. `at` is monotonic ms. */
export type Input =
  | { type: 'open'; at: number; confirmation: Confirmation | null }
  | { type: 'confirm'; at: number; confirmation: Confirmation }
  /** `serverNow`: ms since 1970. */
  | { type: 'resume'; confirmation: Confirmation; serverNow: number }
  | { type: 'dismiss' | 'retry' | 'rejoin' | 'frame-loaded' | 'stay' | 'leave' | 'pause' | 'extend' }
  /** `at`: ISO moment by the server's clock. */
  | { type: 'consent'; id: string; given: boolean; at: string }
  | { type: 'feedback'; rating: number; comment?: string }
  | { type: 'finish'; accuracyScore?: number }
  | { type: 'offer-arrived'; offer: Offer; page: PageCheck }
  | { type: 'offer-failed'; problem: PracticeError; page: PageCheck }
  | { type: 'start-progressed'; step: StartStep }
  | { type: 'start-ended'; outcome: StartOutcome }
  /** `mayStart`: the learner can see the page, it did not sleep, and the offer is still good. */
  | { type: 'network-returned'; mayStart: boolean }
  /** `serverTime`, `session`: the backend's word. `join` counts only where the learner asked to go (back) in. */
  | { type: 'session-read'; answer: Pick<SessionAnswer, 'session' | 'serverTime' | 'join'>; rejoin: boolean }
  /** The session this browser remembers, and the offer of its course. */
  | { type: 'came-back'; answer: Pick<SessionAnswer, 'session' | 'serverTime' | 'join'>; offer: Offer }
  /** Another page of this browser is in the session: it was asked for, or has just taken it over. */
  | { type: 'found-elsewhere' | 'taken-over'; sessionId: string; title: string }
  /** `failures`: in a row, this one included. */
  | { type: 'read-failed'; problem: PracticeError; rejoin: boolean; failures: number }
  /** What came of the wish for more time. */
  | { type: 'extended'; sessionId: string; result: Result<SessionAnswer> }
  | { type: 'synced'; unsent: PracticeState['unsent'] }
  | { type: 'fact-rejected'; fact: FactDraft; code: string }
  /** `limited`: the learner is shown how much time is left. */
  | { type: 'ticked'; secondsLeft: number; limited: boolean }
  | { type: 'connection-changed'; online: boolean }
  /** The page can be seen again, or has a network again. */
  | { type: 'page-returned' }
  | { type: 'page-left' }
  /** The page came back from the back/forward cache. */
  | { type: 'page-restored' };

/** What has to be done, as data. */
export type Effect =
  | { type: 'announce'; announcement: Announcement }
  | { type: 'fetch-offer' }
  | { type: 'start'; confirmation: Confirmation; confirmationDelay: number }
  | { type: 'resume'; confirmation: Confirmation; session: TavusSession }
  /** A start that met no network is tried once more. */
  | { type: 'start-again'; confirmation: Confirmation }
  | { type: 'call-off' }
  /** A start that waits for the network shall not be. */
  | { type: 'withdraw'; confirmation: Confirmation }
  /** This browser remembers the session, or no longer. */
  | { type: 'remember' | 'forget'; sessionId: string }
  /** Other pages of this browser are asked whether they are in the session, or told that this one is. */
  | { type: 'locate' | 'take-over'; sessionId: string }
  /** `at`: monotonic ms, where it did not happen just now. */
  | { type: 'record'; fact: FactNote; at?: number }
  | { type: 'flush' }
  | { type: 'end'; sessionId: string; cause: string }
  /** `failures`: in a row so far; the next look waits accordingly. */
  | { type: 'read'; sessionId: string; rejoin: boolean; failures?: number }
  | { type: 'beat' | 'extend'; sessionId: string }
  | { type: 'leave' };

type WithoutContext<F> = F extends FactDraft ? Omit<F, 'at' | 'courseId'> : never;

/** A fact as the machine notes it; the runner adds when and in which course. */
export type FactNote = WithoutContext<FactDraft>;

export interface Step {
  state: MachineState;
  effects: readonly Effect[];
}

export const step = (state: MachineState, ...effects: Effect[]): Step => ({ state, effects });

export const announce = (announcement: Announcement): Effect => ({ type: 'announce', announcement });

export const record = (fact: FactNote, at?: number): Effect =>
  at === undefined ? { type: 'record', fact } : { type: 'record', fact, at };

const OUTCOMES: ReadonlySet<Phase> = new Set(['completed', 'abandoned', 'expired', 'failed']);

/** Another phase: what belongs to the old one is gone, the frame first. */
export const enter = (state: MachineState, phase: Phase, change: Partial<MachineState> = {}): MachineState => ({
  ...state,
  loading: false,
  elsewhere: null,
  join: null,
  joined: false,
  secondsLeft: null,
  warning: null,
  extending: null,
  askingToLeave: false,
  feedbackGiven: false,
  trouble: null,
  starting: null,
  ending: null,
  confirmation: null,
  unseen: OUTCOMES.has(phase) && !(change.open ?? state.open),
  ...change,
  phase,
});

export const troubleOf = ({ code, retryable, details }: PracticeError): Trouble => ({
  code,
  retryable,
  reference: details.reference ?? '',
  retryAfter: details.retryAfter,
  resetsAt: details.resetsAt,
});

/** Shows what is wrong. The host is told once, however often it is tried again meanwhile. */
export function fail(state: MachineState, problem: PracticeError, ...effects: Effect[]): Step {
  const trouble = troubleOf(problem);
  const failed: MachineState = { ...state, trouble, reported: trouble.code };
  return state.reported === trouble.code
    ? step(failed, ...effects)
    : step(failed, ...effects, announceFailure(trouble, state.session));
}

export function announceFailure({ code, retryable, reference }: Trouble, session: TavusSession | null): Effect {
  const failure = { type: 'practice-failed', code, retryable, reference } as const;
  return announce(session ? { ...failure, session } : failure);
}

/** When the state ends by itself, if nothing else happens: ISO 8601. `retryAt`: when trying again is said to help. */
export function deadlineOf({ phase, session, offer, trouble }: MachineState, retryAt: string): string | null {
  switch (phase) {
    case 'failed':
      return trouble?.retryAfter === undefined ? null : retryAt;
    case 'queued':
      return offer?.offerExpiresAt ?? null;
    case 'live':
    case 'paused':
      return session?.expiresAt ?? null;
    default:
      return null;
  }
}
