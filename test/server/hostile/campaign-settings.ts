import { DEMO_COURSES, readCourses } from '../../../src/server/courses.js';
import type { Fault } from '../../../src/simulator/faults.js';

/** Sessions a learner may start a day, by the demo's accounts. */
export const LIMITS: Readonly<Record<string, number>> = { ada: 6, ben: 3, chloe: 3, dia: 3, staff: 6 };
export const LEARNERS = Object.keys(LIMITS);

/** Those of the demo, and one that asks for consents. */
export const COURSES = [
  ...DEMO_COURSES,
  ...readCourses([
    {
      id: 'recorded-talk',
      title: 'A talk that is recorded',
      palId: 'demo-coach',
      ttl: 300,
      recorded: true,
      consent: [
        { id: 'recording', version: '2', text: 'This is recorded.', required: true },
        { id: 'research', version: '1', text: 'Researchers may see it.' },
      ],
    },
  ]),
];
export const CONSENTS = COURSES.flatMap(({ consent }) => consent);

export const SETTINGS: Record<string, string> = {
  PRACTICE_RATE_LIMIT: '0',
  PRACTICE_DAILY_LIMITS: 'free=3,premium=6',
  TAVUS_DEFAULT_TTL: '600',
  PRACTICE_COURSES: JSON.stringify(COURSES),
};

export const CALLS: readonly Fault['call'][] = ['create', 'get', 'list', 'end'];

/** Ways in which Tavus fails. */
export const FAULTS: readonly Omit<Fault, 'call'>[] = [
  ...([{ fail: 'status', status: 500 }, { fail: 'status', status: 503, times: 8 }, { fail: 'reset' }] as const),
  ...([
    { fail: 'reset', when: 'after' },
    { fail: 'garbled', when: 'after' },
    { fail: 'truncated', when: 'after' },
  ] as const),
  ...([{ fail: 'unauthorized' }, { fail: 'credits' }, { fail: 'concurrency' }, { fail: 'rate_limited' }] as const),
  ...([{ delay: 4000 }, { delay: 20_000 }, { delay: 3000, when: 'after' }, { fail: 'status', status: 404 }] as const),
];
