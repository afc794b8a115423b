import type { HTMLAttributes } from 'svelte/elements';
import type { ElementAttributes, ElementObjects, PracticeElements, PrefixedListeners } from './practice-elements.js';

/** `onpractice-completed` is Svelte 5's way to listen, `on:practice-completed` that of Svelte 4. */
type SvelteProps<E extends EventTarget> = HTMLAttributes<E> &
  ElementAttributes<E> &
  ElementObjects<E> &
  PrefixedListeners<'on' | 'on:'>;

type SvelteElements = { [Tag in keyof PracticeElements]: SvelteProps<PracticeElements[Tag]> };

declare module 'svelte/elements' {
  interface SvelteHTMLElements extends SvelteElements {}
}
