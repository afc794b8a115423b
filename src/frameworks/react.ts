import type { DetailedHTMLProps, HTMLAttributes } from 'react';
import type { ElementAttributes, ElementObjects, PracticeElements, PrefixedListeners } from './practice-elements.js';

/** React 19 sets properties and listens; its types were also the first to know `inert`, which tells them from older ones. */
type SetsProperties = 'inert' extends keyof HTMLAttributes<HTMLElement> ? true : false;

/** React 18 knows attributes only, and writes `false` as a text. */
type React18Attributes<Attributes> = {
  [Name in keyof Attributes]: boolean extends Attributes[Name] ? '' | undefined : Attributes[Name];
} & { class?: string | undefined };

type ReactProps<E> = DetailedHTMLProps<HTMLAttributes<E>, E> &
  (SetsProperties extends true
    ? ElementAttributes<E> & ElementObjects<E> & PrefixedListeners<'on'>
    : React18Attributes<ElementAttributes<E>>);

type ReactElements = { [Tag in keyof PracticeElements]: ReactProps<PracticeElements[Tag]> };

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements extends ReactElements {}
  }
}
