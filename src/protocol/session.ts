/** Where a session stands. `completed`, `abandoned`, `failed` and `expired` never change again. */
export const STATUSES = [
  'confirmed',
  'started',
  'in_progress',
  'paused',
  'completed',
  'abandoned',
  'failed',
  'expired',
] as const;

export type SessionStatus = (typeof STATUSES)[number];

/** The only legal next statuses of each status. */
export const SUCCESSORS: Readonly<Record<SessionStatus, readonly SessionStatus[]>> = {
  confirmed: ['started', 'failed'],
  started: ['in_progress', 'paused', 'completed', 'abandoned', 'failed', 'expired'],
  in_progress: ['paused', 'completed', 'abandoned', 'failed', 'expired'],
  paused: ['started', 'completed', 'abandoned'],
  completed: [],
  abandoned: [],
  failed: [],
  expired: [],
};

/** A conversation is being created or is running: it costs money, and blocks another start. */
export const isLive = (status: SessionStatus): boolean =>
  status === 'confirmed' || status === 'started' || status === 'in_progress';

/** A conversation is running and the learner can talk. */
export const isRunning = (status: SessionStatus): boolean => status === 'started' || status === 'in_progress';

/** Nothing can change the outcome any more. */
export const isSettled = (status: SessionStatus): boolean => SUCCESSORS[status].length === 0;

/**
 * Why the last conversation of a session ended: `finished`, `paused`, `left`, `lease`, `provider`,
 * `expired`, `too_short`, `superseded`, `staff: CAUSE`, or a word of the host's own.
 */
export type EndReason = string;

/** A consent the learner gave in the dialog. `at` is ISO 8601 by the browser's clock. */
export interface Consent {
  id: string;
  version: string;
  at: string;
}

/** What a learner says afterwards. `rating` is 1–5, `comment` at most 2000 characters. */
export interface Feedback {
  rating: number;
  comment?: string | undefined;
}

/** A fact that arrived after its session had settled: kept for the record, without effect. */
export interface LateFact {
  n: number;
  type: string;
  at: string;
  data?: unknown;
}

export interface SessionMetadata {
  /** Milliseconds from dialog shown to confirmed, by the browser's clock. */
  confirmationDelay?: number | undefined;
  userAgent?: string | undefined;
  deviceType?: string | undefined;
}

/**
 * The record of one practice session. One session may hold several paid conversations (`runs`).
 * All moments are ISO 8601 UTC by the server's clock; all lengths are seconds.
 */
export interface TavusSession {
  id: string;
  userId: string;
  courseId: string;
  /** Tavus's id of the current or last conversation. */
  conversationId?: string | undefined;
  status: SessionStatus;
  confirmedAt: string;
  /** When the first conversation was there, which is when billing began. */
  startedAt?: string | undefined;
  joinedAt?: string | undefined;
  completedAt?: string | undefined;
  /** When the last conversation ended. */
  endedAt?: string | undefined;
  endReason?: EndReason | undefined;
  /** Running: when the time is up. Paused: until when it can be resumed or finished. */
  expiresAt?: string | undefined;
  /** Seconds of conversation the session was granted. */
  ttl: number;
  /** Seconds of conversation left. */
  remaining: number;
  /** Paid conversations so far. */
  runs: number;
  /** Paid seconds over all runs. */
  duration?: number | undefined;
  /** Percent, 0–100. */
  accuracyScore?: number | undefined;
  /** `page`: the learner's browser claimed it. `server`: the host's backend set it. */
  scoreSource?: 'page' | 'server' | undefined;
  scorePending: boolean;
  consent?: Consent[] | undefined;
  feedback?: Feedback | undefined;
  failure?: { code: string } | undefined;
  late: LateFact[];
  metadata?: SessionMetadata | undefined;
}

/** The learner's best result in one course. `accuracyScore` is percent; `completedAt` the first time. */
export interface TavusCompletion {
  completed: boolean;
  accuracyScore?: number | undefined;
  conversationId?: string | undefined;
  completedAt: string;
}
