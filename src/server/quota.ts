import type { Learner, StoredSession } from './session-store.js';

/** The UTC day of a moment, as in 2026-11-22. */
const dayOf = (now: number): string => new Date(now).toISOString().slice(0, 10);

/** The learner's counts of the current UTC day. */
export const quotaOf = (learner: Learner, now: number): Learner['quota'] =>
  learner.quota.day === dayOf(now) ? learner.quota : { day: dayOf(now), total: 0, courses: {} };

/** Counts a session against today's quota of its learner. */
export function countStart(learner: Learner, session: StoredSession, now: number): void {
  const { day, total, courses } = quotaOf(learner, now);
  const inCourse = (courses[session.courseId] ?? 0) + 1;
  learner.quota = { day, total: total + 1, courses: { ...courses, [session.courseId]: inCourse } };
  session.quotaDay = day;
}

/** Gives back what `countStart` counted, as long as its day lasts. */
export function giveBack(learner: Learner, session: StoredSession): void {
  const { day, total, courses } = learner.quota;
  if (session.quotaDay === day) {
    const inCourse = Math.max(0, (courses[session.courseId] ?? 0) - 1);
    learner.quota = { day, total: Math.max(0, total - 1), courses: { ...courses, [session.courseId]: inCourse } };
  }
  session.quotaDay = null;
}
