import { TavusPractice as TavusPracticeElement, TavusPracticeConfig as TavusPracticeConfigElement } from '../index.js';
import { createReactComponent, type ReactComponent, type ReactComponentProps } from './create-react-component.js';

export type { TavusPracticeElement, TavusPracticeConfigElement };
export type TavusPracticeProps = ReactComponentProps<TavusPracticeElement>;
export type TavusPracticeConfigProps = ReactComponentProps<TavusPracticeConfigElement>;

/** `<tavus-practice>` as a React component; its ref is the element. */
export const TavusPractice: ReactComponent<TavusPracticeElement> = createReactComponent(
  'tavus-practice',
  TavusPracticeElement,
);

/** `<tavus-practice-config>` as a React component; its ref is the element. */
export const TavusPracticeConfig: ReactComponent<TavusPracticeConfigElement> = createReactComponent(
  'tavus-practice-config',
  TavusPracticeConfigElement,
);
