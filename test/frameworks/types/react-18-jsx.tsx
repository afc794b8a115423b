/** @jsxImportSource react */
import type {} from 'tavus-practice/types/react';

export const whole = <tavus-practice backend="/api/practice" course-id="spanish-101" disabled="" class="task" />;

// @ts-expect-error React 18 would write disabled="false", which disables
export const enabled = <tavus-practice disabled={false} />;
// @ts-expect-error React 18 would write the function into an attribute
export const provided = <tavus-practice tokenProvider={() => 'token'} />;
// @ts-expect-error a course is named by a text
export const number = <tavus-practice course-id={101} />;
