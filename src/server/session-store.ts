import type {
  Consent,
  Fact,
  Feedback,
  LateFact,
  ProblemCode,
  SessionMetadata,
  SessionStatus,
  TavusCompletion,
} from '../protocol/index.js';

/**
 * Where one paid conversation stands.
 * `creating`: asked for, no answer yet · `unknown`: asked for, the answer was lost · `active`: running ·
 * `ending`: has to end, not confirmed yet · `ended`: over for certain · `failed`: never came to be.
 */
export type RunState = 'creating' | 'unknown' | 'active' | 'ending' | 'ended' | 'failed';

/** One paid conversation of a session. Moments are milliseconds since 1970. */
export interface Run {
  id: string;
  state: RunState;
  /** When Tavus was asked for it. */
  requestedAt: number;
  /** When its outcome became unknown. */
  unknownAt?: number;
  conversationId?: string;
  url?: string;
  /** Admits to the room until `tokenUntil`; forgotten as soon as the conversation has to end. */
  token?: string;
  tokenUntil?: number;
  /** When its answer arrived, from which on its time counts. */
  startedAt?: number;
  /** When it was decided that it ends. */
  stoppedAt?: number;
  /** When its end was confirmed. */
  endedAt?: number;
  /** An end was asked for while it was being created. */
  endWanted?: string;
  /** Why it never came to be. */
  refusedWith?: ProblemCode;
  /** It was handed to a page that could join it. */
  handedOut?: boolean;
  /** The provider is asked again at this moment. */
  nextAt?: number;
  attempts: number;
  /** Which errand at the provider is under way, and until when nobody else takes it up. */
  claim?: { errand: Errand; until: number };
}

/** What has to be done at the provider next: confirm an end, find a lost create, see whether it still runs. */
export type Errand = 'end' | 'reconcile' | 'look';

/** What a start agreed on; later changes of the course do not touch a running session. */
export interface AgreedPolicy {
  /** Seconds a paused session waits. */
  resumeWithin: number;
  onTimeLimit: 'expire' | 'complete';
  extension: { seconds: number; times: number } | null;
}

/** A fact about a session, `feedback` apart, which never depends on how the session stands. */
export type HeldFact = Exclude<Extract<Fact, { sessionId: string }>, { type: 'feedback' }>;

/** A session as it is stored. Moments are milliseconds since 1970, lengths seconds. */
export interface StoredSession {
  id: string;
  userId: string;
  courseId: string;
  status: SessionStatus;
  confirmedAt: number;
  startedAt?: number;
  joinedAt?: number;
  completedAt?: number;
  endedAt?: number;
  endReason?: string;
  expiresAt?: number;
  ttl: number;
  /** As asked for; null where the page left it to the course. A repeat has to ask for the same. */
  requestedTtl: number | null;
  /** Of conversation, when the current run began (or the last one stopped). */
  remaining: number;
  policy: AgreedPolicy;
  extensionsUsed: number;
  runs: Run[];
  /** Until when each page that holds the conversation is believed to be there. */
  pages: Record<string, number>;
  /** The last page said that it was going away. */
  left: boolean;
  /** The last heartbeat or fact. */
  lastSeenAt?: number;
  /** The UTC day whose quota it counts against; null once that was given back. */
  quotaDay: string | null;
  accuracyScore?: number;
  scoreSource?: 'page' | 'server';
  consent?: Consent[];
  feedback?: Feedback;
  failure?: { code: string };
  /** At most `MOST_LATE`, the oldest. */
  late: LateFact[];
  /** Facts that came while Tavus was being asked for the conversation: they take effect with its answer. */
  held?: HeldFact[];
  metadata?: SessionMetadata;
  /** Its completion has reached the learner's record. */
  credited?: boolean;
  /** When somebody has to look at it again; null when nothing is due any more. */
  dueAt: number | null;
}

/** What is kept about a learner apart from the sessions: the place where their starts queue up. */
export interface Learner {
  id: string;
  /** The newest session: the only one that can be live or paused. */
  current: string | null;
  quota: { day: string; total: number; courses: Record<string, number> };
  /** Offers already used, with the moment they can be forgotten. */
  usedOffers: Record<string, number>;
  completions: Record<string, TavusCompletion>;
}

/** A learner fact as it was received. */
export interface StoredFact {
  userId: string;
  writer: string;
  n: number;
  type: string;
  /** By the page's clock, as sent. */
  at: string;
  receivedAt: number;
  courseId: string | null;
  sessionId: string | null;
  /** Why it had no effect, if it had none. */
  rejected: string | null;
  data: unknown;
}

/** What can be read and written together. Reading the same thing twice gives the same object. */
export interface StoreTransaction {
  session(id: string): Promise<StoredSession | null>;
  saveSession(session: StoredSession): Promise<void>;
  learner(id: string): Promise<Learner>;
  saveLearner(learner: Learner): Promise<void>;
  /** The newest applied fact of a writer, 0 when there is none. */
  ack(userId: string, writer: string): Promise<number>;
  /** Appends facts and moves the writer's `ack` to the last of them. */
  appendFacts(userId: string, writer: string, facts: readonly StoredFact[]): Promise<void>;
}

/**
 * Where everything is kept. Any number of processes may share one store; each may be killed at any step.
 */
export interface SessionStore {
  /**
   * Runs `work` so that it sees one consistent state and all its writes happen, or none. `work` may be
   * run again after a conflict, so it does nothing but read and write through `transaction`. When the
   * promise resolves, the writes survive a crash.
   */
  transaction<T>(work: (transaction: StoreTransaction) => Promise<T>): Promise<T>;
  /** Ids of sessions due at or before `now`, the longest overdue first. */
  dueSessions(now: number, limit: number): Promise<string[]>;
  close(): Promise<void>;
}

/** A learner nobody has seen yet. */
export const newLearner = (id: string): Learner => ({
  id,
  current: null,
  quota: { day: '', total: 0, courses: {} },
  usedOffers: {},
  completions: {},
});
