import * as v from 'valibot';

/**
 * Every request as a schema; the wire types come from them. Exact about what is named, and ignoring what
 * is not. Only the server checks with them: to browsers they are types.
 */

/** Ids are minted by `crypto.randomUUID()` in the browser. */
export const isId = (value: unknown): value is string => v.is(Id, value);

const Id = v.pipe(v.string(), v.regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i, 'a UUID'));
const Moment = v.pipe(v.string(), v.isoTimestamp('an ISO 8601 moment with zone'));
const text = (longest: number) => v.pipe(v.string(), v.nonEmpty(), v.maxLength(longest));
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

/** `runs`: how many conversations there had been. A later one is not meant. */
const PausedData = v.object({ runs: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(1))) });
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
  v.object({ ...sessionFact('paused').entries, data: v.optional(PausedData) }),
  v.object({ ...sessionFact('completed').entries, data: v.optional(CompletedData) }),
  v.object({ ...sessionFact('abandoned').entries, data: v.optional(AbandonedData) }),
  v.object({ ...sessionFact('failed').entries, data: FailedData }),
  v.object({ ...sessionFact('feedback').entries, data: FeedbackData }),
]);
export type Fact = v.InferOutput<typeof FactSchema>;
export type FactType = Fact['type'];
