import type { HTMLAttributes, PublicProps } from 'vue';
import type { CamelListeners, ElementAttributes, ElementProperties, PracticeElements } from './practice-elements.js';

/** Vue sets a property where there is one of that name, else the attribute. */
type VueProps<E> = HTMLAttributes & PublicProps & ElementProperties<E> & ElementAttributes<E> & CamelListeners;

type VueElements = {
  [Tag in keyof PracticeElements]: new () => PracticeElements[Tag] & { $props: VueProps<PracticeElements[Tag]> };
};

declare module 'vue' {
  interface GlobalComponents extends VueElements {}
}
