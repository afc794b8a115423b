import { STATUSES, type TavusCompletion, type TavusSession } from './session.js';
import {
  anything,
  array,
  boolean,
  nullable,
  number,
  object,
  oneOf,
  optional,
  string,
  where,
  withDefault,
  type Shape,
  type Shaped,
} from './shape.js';

/**
 * Every answer as a shape; the wire types come from them. They ask only for what a core backend has to
 * send, so that a host may leave out the abilities it does not have, and ignore what they do not know.
 */
export const PROTOCOL = 1;

const ISO_MOMENT = /^\d{4}-\d\d-\d\d[T ].+(Z|[+-]\d\d(:?\d\d)?)$/i;
const moment = where(string, (text) => ISO_MOMENT.test(text) && !Number.isNaN(Date.parse(text)));
const seconds = where(number, (value) => value >= 0);
const wholeSeconds = where(number, (value) => Number.isSafeInteger(value) && value >= 1);
const percent = where(number, (value) => value >= 0 && value <= 100);

/** The record as a backend sends it. Fields a core backend may lack are filled in. */
const sessionShape = object({
  id: string,
  userId: string,
  courseId: string,
  conversationId: optional(string),
  status: oneOf(STATUSES),
  confirmedAt: moment,
  startedAt: optional(moment),
  joinedAt: optional(moment),
  completedAt: optional(moment),
  endedAt: optional(moment),
  endReason: optional(string),
  expiresAt: optional(moment),
  ttl: seconds,
  remaining: withDefault(seconds, 0),
  runs: withDefault(number, 1),
  duration: optional(seconds),
  accuracyScore: optional(percent),
  scoreSource: optional(oneOf(['page', 'server'])),
  scorePending: withDefault(boolean, false),
  consent: optional(array(object({ id: string, version: string, at: moment }))),
  feedback: optional(object({ rating: number, comment: optional(string) })),
  failure: optional(object({ code: string })),
  late: withDefault(array(object({ n: number, type: string, at: string, data: anything })), []),
  metadata: optional(
    object({ confirmationDelay: optional(seconds), userAgent: optional(string), deviceType: optional(string) }),
  ),
}) satisfies Shape<TavusSession>;

const completionShape = object({
  completed: boolean,
  accuracyScore: optional(percent),
  conversationId: optional(string),
  completedAt: moment,
}) satisfies Shape<TavusCompletion>;

/** In every success. `serverTime` is what clocks are corrected by. */
const common = { protocol: oneOf([PROTOCOL]), serverTime: moment };

/**
 * Why the learner cannot start now, as the reference backend words it.
 * `session_active`: a conversation of theirs runs or is being created; `activeSession` is the one ·
 * `ending`: their last conversation is over for them, and Tavus has yet to confirm it: worth another look within
 * seconds. `activeSession` is the session if it can still be resumed or finished, and null if it has settled ·
 * `quota_exceeded`: no sessions are left before `resetsAt`.
 */
export type UnavailableReason = 'session_active' | 'ending' | 'quota_exceeded';

/** `GET /courses/{courseId}`: what the learner would get, said before anything is spent. */
export const offerShape = object({
  ...common,
  course: object({
    id: string,
    title: string,
    briefing: optional(string),
    tips: withDefault(array(string), []),
    /** What the learner is asked to agree to before the start. */
    consent: withDefault(
      array(object({ id: string, version: string, text: string, required: withDefault(boolean, false) })),
      [],
    ),
    /** The conversation is recorded. */
    recorded: withDefault(boolean, false),
  }),
  availability: object({
    canStart: boolean,
    /** An `UnavailableReason`, or a word of the host's own. */
    reason: optional(string),
    remaining: number,
    limit: number,
    resetsAt: optional(moment),
    accountType: optional(string),
  }),
  policy: object({
    ttl: wholeSeconds,
    /** Seconds before the end at which the learner is warned. */
    warnAt: withDefault(array(seconds), [60, 20]),
    canPause: withDefault(boolean, false),
    resumeWithin: withDefault(seconds, 0),
    onTimeLimit: withDefault(oneOf(['expire', 'complete']), 'expire'),
    extension: withDefault(nullable(object({ seconds: wholeSeconds, times: number })), null),
    /** Seconds between heartbeats. Absent: the backend takes none. */
    heartbeat: optional(object({ visible: seconds, hidden: seconds })),
  }),
  features: withDefault(
    object({
      confirmation: withDefault(boolean, true),
      timeLimit: withDefault(boolean, true),
      offlineQueue: withDefault(boolean, true),
    }),
    {},
  ),
  frameOrigins: where(array(string), (origins) => origins.length > 0),
  /** A name for the learner that says nothing about them: what is stored in a browser is stored under it. */
  learner: optional(string),
  offer: optional(string),
  offerExpiresAt: optional(moment),
  completion: withDefault(nullable(completionShape), null),
  activeSession: withDefault(nullable(sessionShape), null),
});
export type Offer = Shaped<typeof offerShape>;

/** Where the conversation can be joined. `token` admits for a few minutes and is never stored. */
const joinShape = object({ url: string, token: optional(string) });
export type Join = Shaped<typeof joinShape>;

/**
 * The answer about one session. `join` only while its conversation runs and still admits;
 * `retryAfter` (seconds) only while the outcome at Tavus is unknown.
 */
export const sessionAnswerShape = object({
  ...common,
  session: sessionShape,
  join: optional(joinShape),
  leaveTicket: optional(string),
  retryAfter: optional(seconds),
});
export type SessionAnswer = Shaped<typeof sessionAnswerShape>;

/** `ack`: facts up to this number are done with, those in `rejected` without effect. */
export const eventsAnswerShape = object({
  ...common,
  ack: number,
  rejected: withDefault(array(object({ n: number, code: string })), []),
  sessions: withDefault(array(sessionShape), []),
});
export type EventsAnswer = Shaped<typeof eventsAnswerShape>;

/** RFC 9457 with our members. */
export const problemShape = object({
  code: string,
  title: optional(string),
  status: optional(number),
  retryable: optional(boolean),
  reference: optional(string),
  retryAfter: optional(seconds),
  resetsAt: optional(string),
  activeSessionId: optional(string),
  ack: optional(number),
});
export type Problem = Shaped<typeof problemShape>;
