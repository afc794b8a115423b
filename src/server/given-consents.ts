import { PracticeError, type Consent } from '../protocol/index.js';
import type { Course } from './courses.js';

/**
 * The consents of a start that go into its record. Where the course lists what it asks for, those it lists, each
 * once and in the version asked for now; a course that lists nothing leaves the matter to the page, and what the
 * page sends is kept as it is.
 *
 * @throws PracticeError `invalid_request` when one that the course requires is missing, `offer_expired` when it was given
 *   in a version that was offered before
 */
export function givenConsents({ consent: asked }: Course, given: readonly Consent[] = []): readonly Consent[] {
  if (!asked.length) return given;
  const answerTo = ({ id, version }: { id: string; version: string }) =>
    given.find((each) => each.id === id && each.version === version);
  const missing = asked.filter((each) => each.required && !answerTo(each));
  if (missing.length && missing.every(({ id }) => given.some((each) => each.id === id))) {
    throw new PracticeError('offer_expired');
  }
  if (missing.length) {
    const names = missing.map(({ id, version }) => `${id} (version ${version})`).join(', ');
    throw new PracticeError('invalid_request', { detail: `consent: the course requires ${names}` });
  }
  return asked.flatMap((each) => answerTo(each) ?? []);
}
