import type { JSX } from 'solid-js';
import type { ElementAttributes, ElementObjects, PracticeElements, PrefixedListeners } from './practice-elements.js';

/** What has no attribute is set as a property: `prop:tokenProvider`. */
type PropertyDirectives<E> = {
  [Name in keyof ElementObjects<E> as `prop:${string & Name}`]: ElementObjects<E>[Name];
};

type SolidProps<E> = JSX.HTMLAttributes<E> & ElementAttributes<E> & PropertyDirectives<E> & PrefixedListeners<'on:'>;

type SolidElements = { [Tag in keyof PracticeElements]: SolidProps<PracticeElements[Tag]> };

declare module 'solid-js' {
  namespace JSX {
    interface IntrinsicElements extends SolidElements {}
  }
}
