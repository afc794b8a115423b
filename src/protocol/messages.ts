import * as v from 'valibot';
import { STATUSES, type TavusCompletion, type TavusSession } from './session.js';

/**
 * Every request and answer as a schema; the wire types come from them. Schemas of requests are exact
 * about what is named and ignore what is not. Schemas of answers ask only for what a core backend
 * has to send, so that a host may leave out the abilities it does not have.
 */
export const PROTOCOL = 1;

/** Ids are minted by `crypto.randomUUID()` in the browser. */
export const isId = (value: unknown): value is string => v.is(Id, value);

const Id = v.pipe(v.string(), v.regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i, 'a UUID'));
const Moment = v.pipe(v.string(), v.isoTimestamp('an ISO 8601 moment with zone'));
const text = (longest: number) => v.pipe(v.string(), v.nonEmpty(), v.maxLength(longest));
const Seconds = v.pipe(v.number(), v.finite(), v.minValue(0));
const WholeSeconds = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const Percent = v.pipe(v.number(), v.minValue(0), v.maxValue(100));

export const ConsentSchema = v.object({ id: text(200), version: text(200), at: Moment });

const MetadataSchema = v.object({
  confirmationDelay: v.optional(v.pipe(v.number(), v.finite(), v.minValue(0))),
  userAgent: v.optional(v.pipe(v.string(), v.maxLength(1024))),
  deviceType: v.optional(v.pipe(v.string(), v.maxLength(64))),
});

/** `PUT /sessions/{id}`. `ttl`: whole seconds asked for; the backend may grant less. */
export const StartRequestSchema = v.object({
  courseId: text(200),
  ttl: v.optional(WholeSeconds),
  offer: text(4096),
  confirmedAt: Moment,
  consent: v.optional(v.pipe(v.array(ConsentSchema), v.maxLength(20))),
  metadata: v.optional(MetadataSchema),
});
export type StartRequest = v.InferOutput<typeof StartRequestSchema>;

/** `PUT /sessions/{id}/runs/{runId}` */
export const ResumeRequestSchema = v.object({ confirmedAt: Moment });
export type ResumeRequest = v.InferOutput<typeof ResumeRequestSchema>;

/** `POST /sessions/{id}/end` */
export const EndRequestSchema = v.object({ cause: v.optional(text(200)) });
export type EndRequest = v.InferOutput<typeof EndRequestSchema>;

/** `POST /sessions/{id}/heartbeat`. `seen`: the newest `serverTime` this page has read. */
export const HeartbeatRequestSchema = v.object({
  visible: v.boolean(),
  seen: Moment,
  ticket: v.optional(text(1024)),
});
export type HeartbeatRequest = v.InferOutput<typeof HeartbeatRequestSchema>;

/** `POST /events`: only this envelope can be refused as a whole; each fact is judged by itself. */
export const EventsRequestSchema = v.object({
  writer: text(64),
  /** Whose facts these are, by the name the offer gave. Refused when somebody else is asking. */
  learner: v.optional(text(64)),
  events: v.pipe(v.array(v.looseObject({ n: v.pipe(v.number(), v.safeInteger(), v.minValue(1)) })), v.maxLength(200)),
});
export type EventsRequest = v.InferOutput<typeof EventsRequestSchema>;

const CompletedData = v.object({ accuracyScore: v.optional(Percent) });
const AbandonedData = v.object({ reason: v.optional(text(200)) });
const FailedData = v.object({ code: text(64) });
const FeedbackData = v.object({
  rating: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(5)),
  comment: v.optional(v.pipe(v.string(), v.maxLength(2000))),
});

const courseFact = <const T extends string>(type: T) =>
  v.object({ n: v.number(), type: v.literal(type), at: Moment, courseId: text(200) });
const sessionFact = <const T extends string>(type: T) =>
  v.object({ n: v.number(), type: v.literal(type), at: Moment, courseId: v.optional(text(200)), sessionId: Id });

/** One learner fact. Those about a course need no session; the others name the learner's own. */
export const FactSchema = v.variant('type', [
  courseFact('opened'),
  courseFact('cancelled'),
  courseFact('confirmed'),
  courseFact('queued'),
  sessionFact('joined'),
  sessionFact('paused'),
  v.object({ ...sessionFact('completed').entries, data: v.optional(CompletedData) }),
  v.object({ ...sessionFact('abandoned').entries, data: v.optional(AbandonedData) }),
  v.object({ ...sessionFact('failed').entries, data: FailedData }),
  v.object({ ...sessionFact('feedback').entries, data: FeedbackData }),
]);
export type Fact = v.InferOutput<typeof FactSchema>;
export type FactType = Fact['type'];

/** The record as a backend sends it. Fields a core backend may lack are filled in. */
export const SessionSchema = v.object({
  id: v.string(),
  userId: v.string(),
  courseId: v.string(),
  conversationId: v.optional(v.string()),
  status: v.picklist(STATUSES),
  confirmedAt: Moment,
  startedAt: v.optional(Moment),
  joinedAt: v.optional(Moment),
  completedAt: v.optional(Moment),
  endedAt: v.optional(Moment),
  endReason: v.optional(v.string()),
  expiresAt: v.optional(Moment),
  ttl: Seconds,
  remaining: v.optional(Seconds, 0),
  runs: v.optional(v.number(), 1),
  duration: v.optional(Seconds),
  accuracyScore: v.optional(Percent),
  scoreSource: v.optional(v.picklist(['page', 'server'])),
  scorePending: v.optional(v.boolean(), false),
  consent: v.optional(v.array(ConsentSchema)),
  feedback: v.optional(FeedbackData),
  failure: v.optional(v.object({ code: v.string() })),
  late: v.optional(
    v.array(v.object({ n: v.number(), type: v.string(), at: v.string(), data: v.optional(v.unknown()) })),
    [],
  ),
  metadata: v.optional(MetadataSchema),
}) satisfies v.GenericSchema<unknown, TavusSession>;

const CompletionSchema = v.object({
  completed: v.boolean(),
  accuracyScore: v.optional(Percent),
  conversationId: v.optional(v.string()),
  completedAt: Moment,
}) satisfies v.GenericSchema<unknown, TavusCompletion>;

/** In every success. `serverTime` is what clocks are corrected by. */
const common = { protocol: v.literal(PROTOCOL), serverTime: Moment };

/** `GET /courses/{courseId}`: what the learner would get, said before anything is spent. */
export const OfferSchema = v.object({
  ...common,
  course: v.object({
    id: v.string(),
    title: v.string(),
    briefing: v.optional(v.string()),
    tips: v.optional(v.array(v.string()), []),
  }),
  availability: v.object({
    canStart: v.boolean(),
    reason: v.optional(v.string()),
    remaining: v.number(),
    limit: v.number(),
    resetsAt: v.optional(Moment),
    accountType: v.optional(v.string()),
  }),
  policy: v.object({
    ttl: WholeSeconds,
    /** Seconds before the end at which the learner is warned. */
    warnAt: v.optional(v.array(Seconds), [60, 20]),
    canPause: v.optional(v.boolean(), false),
    resumeWithin: v.optional(Seconds, 0),
    onTimeLimit: v.optional(v.picklist(['expire', 'complete']), 'expire'),
    extension: v.optional(v.nullable(v.object({ seconds: WholeSeconds, times: v.number() })), null),
    /** Seconds between heartbeats. Absent: the backend takes none. */
    heartbeat: v.optional(v.object({ visible: Seconds, hidden: Seconds })),
  }),
  features: v.optional(
    v.object({
      confirmation: v.optional(v.boolean(), true),
      timeLimit: v.optional(v.boolean(), true),
      offlineQueue: v.optional(v.boolean(), true),
    }),
    {},
  ),
  frameOrigins: v.pipe(v.array(v.string()), v.minLength(1)),
  /** A name for the learner that says nothing about them: what is stored in a browser is stored under it. */
  learner: v.optional(v.string()),
  offer: v.optional(v.string()),
  offerExpiresAt: v.optional(Moment),
  completion: v.optional(v.nullable(CompletionSchema), null),
  activeSession: v.optional(v.nullable(SessionSchema), null),
});
export type Offer = v.InferOutput<typeof OfferSchema>;

/** Where the conversation can be joined. `token` admits for a few minutes and is never stored. */
const JoinSchema = v.object({ url: v.string(), token: v.optional(v.string()) });
export type Join = v.InferOutput<typeof JoinSchema>;

/**
 * The answer about one session. `join` only while its conversation runs and still admits;
 * `retryAfter` (seconds) only while the outcome at Tavus is unknown.
 */
export const SessionAnswerSchema = v.object({
  ...common,
  session: SessionSchema,
  join: v.optional(JoinSchema),
  leaveTicket: v.optional(v.string()),
  retryAfter: v.optional(Seconds),
});
export type SessionAnswer = v.InferOutput<typeof SessionAnswerSchema>;

/** `ack`: facts up to this number are done with, those in `rejected` without effect. */
export const EventsAnswerSchema = v.object({
  ...common,
  ack: v.number(),
  rejected: v.optional(v.array(v.object({ n: v.number(), code: v.string() })), []),
  sessions: v.optional(v.array(SessionSchema), []),
});
export type EventsAnswer = v.InferOutput<typeof EventsAnswerSchema>;

/** RFC 9457 with our members. */
export const ProblemSchema = v.looseObject({
  code: v.string(),
  title: v.optional(v.string()),
  status: v.optional(v.number()),
  retryable: v.optional(v.boolean()),
  reference: v.optional(v.string()),
  retryAfter: v.optional(Seconds),
  resetsAt: v.optional(v.string()),
  activeSessionId: v.optional(v.string()),
  ack: v.optional(v.number()),
});
export type Problem = v.InferOutput<typeof ProblemSchema>;
