import type { SvelteHTMLElements } from 'svelte/elements';
import type {} from 'tavus-practice/types/svelte';

type Attributes = SvelteHTMLElements['tavus-practice'];

export const whole: Attributes = {
  backend: '/api/practice',
  'course-id': 'spanish-101',
  class: 'task',
  ttl: 600,
  tokenProvider: () => 'token',
  'onpractice-completed': ({ session }) => console.log(session.accuracyScore),
  'on:practice-completed': ({ session }) => console.log(session.accuracyScore),
};

// @ts-expect-error a course is named by a text
export const number: Attributes = { 'course-id': 101 };
// @ts-expect-error the event of a warning has no session
export const warned: Attributes = { 'onpractice-warning': (event) => event.session };
// @ts-expect-error no such attribute
export const unknown: Attributes = { course: 'spanish-101' };
// @ts-expect-error the configuration is of no course
export const configured: SvelteHTMLElements['tavus-practice-config'] = { 'course-id': 'spanish-101' };
