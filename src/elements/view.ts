import type { Intent, PracticeState } from '../client/practice-state.js';
import type { Wording } from './wording.js';

/** All a view draws from, and the two ways it can ask for something. */
export interface View {
  state: PracticeState;
  words: Wording;
  /** `dialog` or `inline`. */
  display: string;
  /** The host's title for the course, before the backend's. */
  courseTitle?: string | undefined;
  /** The host's tips, before the backend's. */
  tips?: readonly string[] | undefined;
  dispatch: (intent: Intent) => void;
  /** The press that confirms; the host may still object. */
  confirm: (gesture: Event) => void;
  /** The press that resumes, which costs like the first one; the host may still object. */
  resume: (gesture: Event) => void;
  /** The dialog is closed, by whomever. */
  closed: (event: Event) => void;
}

/** The course as the learner knows it; empty until the backend has said it. */
export const courseTitle = ({ courseTitle, state }: View): string => courseTitle ?? state.offer?.course.title ?? '';
