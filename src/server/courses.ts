import * as v from 'valibot';

const Name = v.pipe(v.string(), v.nonEmpty(), v.maxLength(200));
const Seconds = v.pipe(v.number(), v.safeInteger(), v.minValue(1));

const ConsentText = v.strictObject({
  id: Name,
  version: Name,
  text: v.pipe(v.string(), v.nonEmpty()),
  required: v.optional(v.boolean(), false),
});

/** One course as the host describes it. Unknown keys are refused, because a typing error here costs money. */
const CourseSchema = v.strictObject({
  id: Name,
  title: Name,
  briefing: v.optional(v.string()),
  tips: v.optional(v.array(v.string()), []),
  palId: v.optional(Name),
  faceId: v.optional(Name),
  personaId: v.optional(Name),
  replicaId: v.optional(Name),
  /** Told to the replica beside its own instructions. */
  context: v.optional(v.string()),
  /** What the replica says first. */
  greeting: v.optional(v.string()),
  /**
   * Tavus memory stores, in which the replica remembers from one conversation to the next. `{learner}` stands for a name
   * of the learner's own; a store without it remembers for everybody.
   */
  memoryStores: v.optional(v.array(Name), []),
  /** Seconds of conversation per session. */
  ttl: v.optional(Seconds),
  /** Sessions per learner and UTC day in this course. */
  dailyLimit: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0))),
  /** Seconds before the end at which the learner is warned. */
  warnAt: v.optional(v.array(Seconds), [60, 20]),
  canPause: v.optional(v.boolean(), true),
  extension: v.optional(v.nullable(v.strictObject({ seconds: Seconds, times: Seconds })), null),
  onTimeLimit: v.optional(v.picklist(['expire', 'complete']), 'expire'),
  consent: v.optional(v.array(ConsentText), []),
  recorded: v.optional(v.boolean(), false),
});

export type Course = v.InferOutput<typeof CourseSchema>;

/**
 * Reads courses from JSON text or values.
 *
 * @throws Error with one line that says which course is wrong and why
 */
export function readCourses(source: unknown): Course[] {
  const list = typeof source === 'string' ? parse(source) : source;
  if (!Array.isArray(list)) throw new Error('has to be a JSON array of courses');
  const courses = list.map((entry, index) => {
    const result = v.safeParse(CourseSchema, entry);
    if (result.success) return result.output;
    const issue = result.issues[0];
    throw new Error(`course ${index + 1}, ${v.getDotPath(issue) ?? 'itself'}: ${issue.message}`);
  });
  const seen = new Set<string>();
  for (const { id, palId, personaId, faceId, replicaId } of courses) {
    if (seen.has(id)) throw new Error(`course id ${JSON.stringify(id)} is there twice`);
    if (palId && personaId) throw new Error(`course ${JSON.stringify(id)} has both palId and personaId`);
    if (faceId && replicaId) throw new Error(`course ${JSON.stringify(id)} has both faceId and replicaId`);
    seen.add(id);
  }
  return courses;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error('is not valid JSON', { cause });
  }
}

/** What `serve` offers when no courses are set. The ids of faces and PALs mean something to the simulator only. */
export const DEMO_COURSES: Course[] = readCourses([
  {
    id: 'spanish-101',
    title: 'Ordering tapas · Spanish 101',
    briefing: 'You are in a small bar in Sevilla. Order two tapas and a drink, and ask for the bill.',
    tips: ['Find a quiet place', 'Headphones help', 'Mistakes are fine'],
    palId: 'demo-waiter',
    faceId: 'demo-face',
    context: 'You are a patient waiter in Sevilla. Speak simple Spanish.',
    greeting: '¡Hola! ¿Qué te pongo?',
    ttl: 600,
    extension: { seconds: 120, times: 1 },
  },
  {
    id: 'interview-basics',
    title: 'First job interview',
    briefing: 'A friendly interviewer asks you five common questions. Take your time to answer.',
    tips: ['Look into the camera', 'Answer in whole sentences'],
    palId: 'demo-interviewer',
    faceId: 'demo-face',
    context: 'You are a friendly interviewer. Ask five common questions, one at a time.',
    onTimeLimit: 'complete',
  },
  {
    id: 'quick-check',
    title: 'One-minute check-in',
    briefing: 'Say in one minute what you learned today.',
    palId: 'demo-coach',
    faceId: 'demo-face',
    ttl: 60,
    warnAt: [30, 10],
    canPause: false,
  },
]);
