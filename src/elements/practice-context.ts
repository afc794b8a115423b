import { createContext } from '@lit/context';
import type { TavusPracticeConfig } from './tavus-practice-config.js';

/** Answers with the `<tavus-practice-config>` around an element. */
export const practiceContext = createContext<TavusPracticeConfig>('tavus-practice-config');
