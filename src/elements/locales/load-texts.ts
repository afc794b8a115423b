import { ENGLISH, type Language } from './language.js';
import type { Messages } from './messages.js';

type Table = () => Promise<{ messages: Messages }>;

const english: Table = () => import('./en.js');

/** By language, and by script where a language has two. A regional table serves its whole language. */
const TABLES: Readonly<Record<string, Table>> = {
  ar: () => import('./ar.js'),
  de: () => import('./de.js'),
  en: english,
  es: () => import('./es.js'),
  fa: () => import('./fa.js'),
  fr: () => import('./fr.js'),
  he: () => import('./he.js'),
  hi: () => import('./hi.js'),
  it: () => import('./it.js'),
  ja: () => import('./ja.js'),
  ko: () => import('./ko.js'),
  nl: () => import('./nl.js'),
  pl: () => import('./pl.js'),
  pt: () => import('./pt-BR.js'),
  ru: () => import('./ru.js'),
  sv: () => import('./sv.js'),
  tr: () => import('./tr.js'),
  uk: () => import('./uk.js'),
  'zh-Hans': () => import('./zh-Hans.js'),
  'zh-Hant': () => import('./zh-Hant.js'),
};

/**
 * The texts for a page that asks for `wanted`. Without a table for it they are English, unless the host brings texts of
 * its own: then only what those leave out is. Rejects when they cannot be fetched.
 */
export async function loadTexts(
  wanted: string,
  bringsTexts: boolean,
): Promise<{ language: Language; messages: Messages }> {
  const { table = english, language } = find(wanted, bringsTexts);
  return { language, messages: (await table()).messages };
}

function find(wanted: string, bringsTexts: boolean): { table?: Table | undefined; language: Language } {
  try {
    const { language, script = '' } = new Intl.Locale(wanted).maximize();
    const table = TABLES[`${language}-${script}`] ?? TABLES[language];
    const dir = /Arab|Hebr|Thaa|Nkoo|Adlm/.test(script) ? 'rtl' : 'ltr';
    return { table, language: table || bringsTexts ? { tag: wanted, dir } : ENGLISH };
  } catch {
    // A page may say anything.
    return { language: ENGLISH };
  }
}
