import type { HTMLAttributes } from 'preact';
import type { ElementAttributes, ElementObjects, PracticeElements, PrefixedListeners } from './practice-elements.js';

type PreactProps<E extends EventTarget> = HTMLAttributes<E> &
  ElementAttributes<E> &
  ElementObjects<E> &
  PrefixedListeners<'on'>;

type PreactElements = { [Tag in keyof PracticeElements]: PreactProps<PracticeElements[Tag]> };

declare module 'preact' {
  namespace JSX {
    interface IntrinsicElements extends PreactElements {}
  }
}
