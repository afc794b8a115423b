import type { LitElement } from 'lit';
import {
  createElement,
  forwardRef,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
  type ForwardRefExoticComponent,
  type HTMLAttributes,
  type RefAttributes,
} from 'react';
import type { CamelListeners, ElementProperties } from '../frameworks/practice-elements.js';

/** What a component takes: the element's properties, listeners such as `onPracticeCompleted`, and what every element has. */
export type ReactComponentProps<E extends LitElement> = ElementProperties<E> &
  CamelListeners &
  Omit<HTMLAttributes<E>, keyof ElementProperties<E> | keyof CamelListeners>;

/** The component; its ref is the element. */
export type ReactComponent<E extends LitElement> = ForwardRefExoticComponent<ReactComponentProps<E> & RefAttributes<E>>;

type Props = Readonly<Record<string, unknown>>;

const LISTENER = /^onPractice[A-Z]/;

// On a server there is no layout, and React 18 complains about the question.
const useCommitEffect = typeof document === 'undefined' ? useEffect : useLayoutEffect;

/**
 * A React component that draws the element `tag`. What is an attribute stays one, so that a page drawn on a server is
 * whole before React has arrived; the rest is set as properties before the element first updates.
 */
export function createReactComponent<E extends LitElement>(
  tag: string,
  { elementProperties }: typeof LitElement,
): ReactComponent<E> {
  const names = [...elementProperties].filter(([, { state }]) => !state).map(([name]) => String(name));
  const objects = names.filter((name) => elementProperties.get(name)?.attribute === false);
  const attributes = names
    .filter((name) => !objects.includes(name))
    .map((name) => {
      const { attribute } = elementProperties.get(name) ?? {};
      return { name, attribute: typeof attribute === 'string' ? attribute : name.toLowerCase() };
    });

  /** Everything the element itself knows nothing of, for React to draw. */
  function passedOn({ className, ...props }: Props): Record<string, unknown> {
    const others = Object.entries(props).filter(([name]) => !names.includes(name) && !LISTENER.test(name));
    // React 18 would write `classname`.
    return { ...Object.fromEntries(others), ...(className !== undefined && { class: className }) };
  }

  function initialAttributes(props: Props): Record<string, unknown> {
    const given = attributes.filter(({ name }) => props[name] !== undefined && props[name] !== false);
    return Object.fromEntries(given.map(({ name, attribute }) => [attribute, props[name]]));
  }

  function reflect(element: E, props: Props): void {
    for (const { name, attribute } of attributes) {
      const value = props[name];
      const text = value === true ? '' : String(value);
      if (value === undefined || value === null || value === false) element.removeAttribute(attribute);
      else if (element.getAttribute(attribute) !== text) element.setAttribute(attribute, text);
    }
  }

  const component = forwardRef<E, Props>((props, forwarded) => {
    const drawn = useRef<E>(null);
    const defaults = useRef<Record<string, unknown> | null>(null);
    // React draws the first attributes only; later ones are ours, because taking one away has to bring its default back.
    const [first] = useState(() => initialAttributes(props));
    useImperativeHandle(forwarded, () => drawn.current as E, []);

    useCommitEffect(() => {
      const element = drawn.current as E;
      reflect(element, props);
      const settable = element as unknown as Record<string, unknown>;
      defaults.current ??= Object.fromEntries(objects.map((name) => [name, settable[name]]));
      for (const name of objects) settable[name] = props[name] ?? defaults.current[name];
    });

    useCommitEffect(() => {
      const element = drawn.current as E;
      const listeners = Object.entries(props)
        .filter(([name, listener]) => LISTENER.test(name) && listener)
        .map(([name, listener]) => [eventOf(name), listener as EventListener] as const);
      for (const [event, listener] of listeners) element.addEventListener(event, listener);
      return () => {
        for (const [event, listener] of listeners) element.removeEventListener(event, listener);
      };
    });

    // By the time React looks, the element has written its state beside the attributes of the server.
    return createElement(tag, { ...first, ...passedOn(props), ref: drawn, suppressHydrationWarning: true });
  });
  component.displayName = tag;
  return component as unknown as ReactComponent<E>;
}

/** `onPracticeCompleted` → `practice-completed`. */
function eventOf(listener: string): string {
  return listener.slice(2).replace(/[A-Z]/g, (letter, at) => `${at > 0 ? '-' : ''}${letter.toLowerCase()}`);
}
