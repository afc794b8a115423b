/** @jsxImportSource react */
import { createRef } from 'react';
import {
  TavusPractice,
  TavusPracticeConfig,
  type TavusPracticeElement,
  type TavusPracticeProps,
} from 'tavus-practice/react';

const practice = createRef<TavusPracticeElement>();
const shared: TavusPracticeProps = { backend: '/api/practice', credentials: 'include' };

export const whole = (
  <TavusPracticeConfig backend="/api/practice" headers={() => ({ 'x-course': 'a' })}>
    <TavusPractice
      {...shared}
      ref={practice}
      courseId="spanish-101"
      ttl={600}
      disabled={false}
      className="task"
      style={{ maxWidth: 400 }}
      tokenProvider={async () => 'token'}
      tips={['Find a quiet place']}
      onPracticeCompleted={({ session }) => console.log(session.accuracyScore)}
      onPracticeConfirm={(event) => event.preventDefault()}
      onPracticeWarning={undefined}
      onClick={() => practice.current?.finish()}
    >
      <p slot="briefing">Order two tapas.</p>
    </TavusPractice>
  </TavusPracticeConfig>
);

// @ts-expect-error a course is named by a text
export const number = <TavusPractice courseId={101} />;
// @ts-expect-error read-only
export const readOnly = <TavusPractice state="live" />;
// @ts-expect-error a method is no property
export const method = <TavusPractice open={() => undefined} />;
// @ts-expect-error no such event
export const unheard = <TavusPractice onPracticeBegun={() => undefined} />;
// @ts-expect-error the event of a warning has no session
export const warned = <TavusPractice onPracticeWarning={(event) => event.session} />;
// @ts-expect-error the configuration is of no course
export const configured = <TavusPracticeConfig courseId="spanish-101" />;
