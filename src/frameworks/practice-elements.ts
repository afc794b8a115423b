import type { LitElement } from 'lit';
import type { PracticeEventMap } from '../elements/events.js';
import type {} from '../index.js';

/** The elements of this package by their tags. What every framework is told about them is derived from here. */
export type PracticeElements = {
  [Tag in keyof HTMLElementTagNameMap as Extract<Tag, `tavus-practice${string}`>]: HTMLElementTagNameMap[Tag];
};

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type IsReadonly<E, K extends keyof E> = Same<Pick<E, K>, Readonly<Pick<E, K>>>;
type IsOptional<E, K extends keyof E> = Partial<Pick<E, K>> extends Pick<E, K> ? true : false;
/** Functions that may be left out are callbacks, the others methods. */
type IsMethod<E, K extends keyof E> =
  IsOptional<E, K> extends true ? false : E[K] extends (...given: never[]) => unknown ? true : false;

/** The properties of an element that can be set, beyond those of every element. */
export type ElementProperties<E> = {
  [K in keyof E as K extends keyof LitElement ? never : true extends IsReadonly<E, K> | IsMethod<E, K> ? never : K]?:
    E[K] | undefined;
};

type Plain = string | number | boolean;
type IsPlain<T> = [Exclude<T, undefined>] extends [Plain] ? true : false;

type Kebab<Name> = Name extends `${infer First}${infer Rest}`
  ? `${Lowercase<First>}${Rest extends Uncapitalize<Rest> ? '' : '-'}${Kebab<Rest>}`
  : Name;

/** Its attributes, named as in HTML: the properties with a text, a number or a yes or no. */
export type ElementAttributes<E> = {
  [
    K in keyof ElementProperties<E> as IsPlain<ElementProperties<E>[K]> extends true ? Kebab<K> : never
  ]?: ElementProperties<E>[K];
};

/** The other properties: callbacks, lists and tables, for which there is no attribute. */
export type ElementObjects<E> = {
  [
    K in keyof ElementProperties<E> as IsPlain<ElementProperties<E>[K]> extends true ? never : K
  ]?: ElementProperties<E>[K];
};

type Camel<Name extends string> = Name extends `${infer Head}-${infer Tail}`
  ? `${Capitalize<Head>}${Camel<Tail>}`
  : Capitalize<Name>;

type Listener<Name extends keyof PracticeEventMap> = ((event: PracticeEventMap[Name]) => void) | undefined;

/** Listeners named `on` and the event in camelCase: `onPracticeCompleted`. */
export type CamelListeners = {
  [Name in keyof PracticeEventMap as `on${Camel<Name>}`]?: Listener<Name>;
};

/** Listeners named by a prefix and the event itself: `onpractice-completed`, `on:practice-completed`. */
export type PrefixedListeners<Prefix extends string> = {
  [Name in keyof PracticeEventMap as `${Prefix}${Name}`]?: Listener<Name>;
};
