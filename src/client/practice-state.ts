import type { Consent, Join, Offer, ProblemCode, TavusSession } from '../protocol/index.js';
import type { PageCheck } from './page-check.js';

/** What the element's `state` attribute says. */
export type Phase =
  | 'idle'
  | 'confirming'
  | 'queued'
  | 'starting'
  | 'live'
  | 'paused'
  | 'ending'
  | 'completed'
  | 'abandoned'
  | 'expired'
  | 'failed';

/** Something that stands in the learner's way, as far as the page knows it. */
export interface Trouble {
  code: ProblemCode;
  /** Trying again can help. */
  retryable: boolean;
  /** For support; shown small and copyable. Empty when no server was involved. */
  reference: string;
  /** Seconds the backend asked to wait. */
  retryAfter?: number | undefined;
  /** `quota_exceeded`: ISO moment of the next free session. */
  resetsAt?: string | undefined;
}

/** Everything the views draw. Replaced, never changed in place. */
export interface PracticeState {
  phase: Phase;
  /** The dialog (or inline surface) is shown. */
  open: boolean;
  /** The offer is being fetched. */
  loading: boolean;
  offer: Offer | null;
  /**
   * While `confirming`: a session that still runs elsewhere; `rejoin` takes it over, `finish` ends it.
   * While `starting`: the paused session that is being resumed.
   */
  session: TavusSession | null;
  /** The page of this browser in which that session runs; null when none has answered. */
  elsewhere: { title: string } | null;
  /** Where the running conversation is. Non-null exactly while the frame has to be there. */
  join: Join | null;
  /** The room has loaded in the frame. */
  joined: boolean;
  /**
   * Whole seconds left by the server's clock; null when no conversation is running or no limit is shown. After a
   * failure: until the page looks again, where the backend said when.
   */
  secondsLeft: number | null;
  /** The newest warning threshold passed (seconds before the end), else null. */
  warning: number | null;
  /** More time was asked for: not answered yet, or what the answer was. The offer's policy says how much is left. */
  extending: 'asked' | 'granted' | 'failed' | 'spent' | null;
  /** The learner asked to leave a running call and has not answered "really?" yet. */
  askingToLeave: boolean;
  /** What is known about the page; null before the first look. */
  page: PageCheck | null;
  /** What the learner has agreed to in this dialog. */
  consent: readonly Consent[];
  /** The first required consent that was missing when the learner pressed Start: where they were sent. */
  consentMissing: string | null;
  /** The learner has said what they think of the session. */
  feedbackGiven: boolean;
  /** Where facts wait that the backend has not acknowledged; null while there are none. */
  unsent: 'indexeddb' | 'memory' | null;
  /** What stands in the way, or what went wrong last. */
  trouble: Trouble | null;
  /** The browser says there is no network: a hint for the learner, never a verdict. */
  offline: boolean;
  /**
   * How far a start has come: what the words on screen change with. Also set while `ending` when the
   * learner called the start off: something may have been created already, and is being ended.
   */
  starting: 'reserving' | 'waking' | 'slow' | null;
}

/** What the learner or the host asks for. `gesture` is the trusted event behind a paid start. */
export type Intent =
  | { type: 'open'; gesture?: Event }
  | { type: 'dismiss' }
  | { type: 'confirm'; gesture: Event }
  /** The learner ticks or unticks what the course asks them to agree to. */
  | { type: 'consent'; id: string; given: boolean }
  | { type: 'retry' }
  /** Goes on here with the conversation that runs already; a page that is in it leaves. */
  | { type: 'rejoin' }
  /** Buys another conversation with the time that is left of a paused session. */
  | { type: 'resume'; gesture: Event }
  | { type: 'frame-loaded' }
  | { type: 'stay' }
  | { type: 'leave' }
  | { type: 'pause' }
  /** More time, where the policy has any. */
  | { type: 'extend' }
  /** `rating`: 1–5; `comment`: at most 2000 characters. */
  | { type: 'feedback'; rating: number; comment?: string }
  | { type: 'finish'; accuracyScore?: number };

/** What the host is told. The element turns each into the event of the same name. */
export type Announcement =
  | { type: 'practice-opened' }
  | { type: 'practice-cancelled' }
  | { type: 'practice-confirmed'; sessionId: string; confirmationDelay: number }
  | { type: 'practice-queued'; sessionId: string; until: string }
  | { type: 'practice-started'; session: TavusSession }
  | { type: 'practice-joined'; session: TavusSession }
  | { type: 'practice-warning'; secondsLeft: number }
  | { type: 'practice-paused'; session: TavusSession }
  | { type: 'practice-resumed'; session: TavusSession }
  | { type: 'practice-completed'; session: TavusSession }
  | { type: 'practice-abandoned'; session: TavusSession }
  | { type: 'practice-expired'; session: TavusSession }
  | {
      type: 'practice-failed';
      code: ProblemCode;
      retryable: boolean;
      reference: string;
      session?: TavusSession;
    }
  | { type: 'practice-sync'; pending: number; storageMode: 'indexeddb' | 'memory' };

/** How the element is set up; read anew for every request, so that hosts may change it at any time. */
export interface PracticeConfig {
  /** Base URL of the backend, absolute, without a trailing slash. */
  backend: string;
  courseId: string;
  /** Seconds asked for, when the host asks. */
  ttl?: number | undefined;
  credentials: 'same-origin' | 'include' | 'omit';
  /** The header unsafe requests carry, and the function that reads its value from the page. */
  csrf?: { header: string; value: () => string | null } | undefined;
  tokenProvider?: (() => string | Promise<string>) | undefined;
  headers?: (() => HeadersInit) | undefined;
  /** False only where the host set `confirmation="off"`; the backend has to agree. */
  confirmation: boolean;
  /** False only where the host set `time-limit="off"`; the backend has to agree. */
  timeLimit: boolean;
  /** False only where the host set `offline-queue="off"`. */
  offlineQueue: boolean;
}

/** What the element holds: state to draw, intents to pass on. */
export interface PracticeRunner {
  getState(): PracticeState;
  /** Facts not yet acknowledged by the backend. */
  readonly pending: number;
  readonly storageMode: 'indexeddb' | 'memory';
  dispatch(intent: Intent): void;
  /**
   * Looks for a session that a page of this browser was in before it was reloaded or lost, and goes on where the
   * backend says it stands: in the room, paused, or with its result. Buys nothing, and never rejects.
   */
  comeBack(): Promise<void>;
  /** Called after every change. Returns the function that stops it. */
  subscribe(listener: (state: PracticeState, previous: PracticeState) => void): () => void;
  /** Sends what waits now; resolves when this attempt is over, and never rejects. */
  flush(): Promise<void>;
  /** Deletes what is stored for this learner. Never rejects. */
  forget(): Promise<void>;
  /** The element left the document for good: a running conversation is ended, timers are cleared. */
  destroy(): void;
}

export const INITIAL_STATE: PracticeState = {
  phase: 'idle',
  open: false,
  loading: false,
  offer: null,
  session: null,
  elsewhere: null,
  join: null,
  joined: false,
  secondsLeft: null,
  warning: null,
  extending: null,
  askingToLeave: false,
  page: null,
  consent: [],
  consentMissing: null,
  feedbackGiven: false,
  unsent: null,
  trouble: null,
  offline: false,
  starting: null,
};

/**
 * Whether `resume` may be offered: the session is paused and has a second left, the page allows a conversation, and
 * the backend takes resumes, which one that forbids pausing does not.
 */
export function canResume({ phase, session, offer, page }: PracticeState): boolean {
  const isLeft = phase === 'paused' && session !== null && session.remaining >= 1;
  return isLeft && offer?.policy.canPause === true && !page?.obstacle;
}

type Asked = Offer['course']['consent'][number];

/** Whether the learner has agreed to this, in this wording. */
export const hasAgreed = ({ consent }: PracticeState, { id, version }: Asked): boolean =>
  consent.some((given) => given.id === id && given.version === version);

/** What the learner has to agree to and has not. */
export const missingConsent = (state: PracticeState): Asked | undefined =>
  state.offer?.course.consent.find((asked) => asked.required && !hasAgreed(state, asked));
