import type { GlobalComponents } from 'vue';
import type {} from 'tavus-practice/types/vue';

type Props = InstanceType<GlobalComponents['tavus-practice']>['$props'];

export const whole: Props = {
  backend: '/api/practice',
  'course-id': 'spanish-101',
  class: ['task', { wide: true }],
  ttl: 600,
  tokenProvider: () => 'token',
  onPracticeCompleted: ({ session }) => console.log(session.accuracyScore),
};

// @ts-expect-error a course is named by a text
export const number: Props = { courseId: 101 };
// @ts-expect-error the event of a warning has no session
export const warned: Props = { onPracticeWarning: (event) => event.session };
// @ts-expect-error no such property
export const unknown: Props = { course: 'spanish-101' };
