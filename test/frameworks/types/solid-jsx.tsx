/** @jsxImportSource solid-js */
import type { TavusPractice } from 'tavus-practice';
import type {} from 'tavus-practice/types/solid';

let practice: TavusPractice | undefined;

export const whole = (
  <tavus-practice-config backend="/api/practice">
    <tavus-practice
      ref={(element) => (practice = element)}
      course-id="spanish-101"
      ttl={600}
      class="task"
      prop:tokenProvider={() => 'token'}
      on:practice-completed={({ session }) => console.log(session.accuracyScore, practice?.pending)}
    />
  </tavus-practice-config>
);

// @ts-expect-error a course is named by a text
export const number = <tavus-practice course-id={101} />;
// @ts-expect-error tips are a list
export const tip = <tavus-practice prop:tips="quiet" />;
// @ts-expect-error the event of a warning has no session
export const warned = <tavus-practice on:practice-warning={(event) => event.session} />;
// @ts-expect-error no such property
export const unknown = <tavus-practice course="spanish-101" />;
