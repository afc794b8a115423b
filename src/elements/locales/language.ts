/** A language as it is written and counted in. */
export interface Language {
  /** BCP 47, for `Intl` and the `lang` attribute: with its region, where the page names one. */
  tag: string;
  dir: 'ltr' | 'rtl';
}

export const ENGLISH: Language = { tag: 'en', dir: 'ltr' };
