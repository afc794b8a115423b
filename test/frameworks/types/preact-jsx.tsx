/** @jsxImportSource preact */
import { createRef } from 'preact';
import type { TavusPractice } from 'tavus-practice';
import type {} from 'tavus-practice/types/preact';

const practice = createRef<TavusPractice>();

export const whole = (
  <tavus-practice-config backend="/api/practice">
    <tavus-practice
      ref={practice}
      course-id="spanish-101"
      ttl={600}
      class="task"
      tokenProvider={() => 'token'}
      onpractice-completed={({ session }) => console.log(session.accuracyScore)}
    />
  </tavus-practice-config>
);

// @ts-expect-error a course is named by a text
export const number = <tavus-practice course-id={101} />;
// @ts-expect-error the event of a warning has no session
export const warned = <tavus-practice onpractice-warning={(event) => event.session} />;
// @ts-expect-error no such property
export const unknown = <tavus-practice course="spanish-101" />;
