import type { TavusPractice } from './tavus-practice.js';

/** Where the value of the CSRF header comes from. */
export const CSRF_SOURCE = /^(meta|cookie):(.+)$/;

type Setting = 'backend' | 'credentials' | 'csrfHeader' | 'csrfSource' | 'tokenProvider' | 'headers';

type Settings = { readonly [setting in Setting]: TavusPractice[setting] | undefined };

/** Which practice an element stands for: as long as this is the same, so is what the page knows of it. */
export function practiceKey(element: TavusPractice): string {
  const { backend, credentials } = settingsOf(element);
  return `${credentials} ${backend} ${element.courseId}`;
}

/** How an element reaches its backend: what it says itself, else what the `<tavus-practice-config>` around it says. */
export function settingsOf(element: TavusPractice): Settings {
  const { config } = element;
  return {
    backend: element.backend ?? config?.backend,
    // The default is no word of its own.
    credentials: (element.hasAttribute('credentials') ? null : config?.credentials) ?? element.credentials,
    csrfHeader: element.csrfHeader ?? config?.csrfHeader,
    csrfSource: element.csrfSource ?? config?.csrfSource,
    tokenProvider: element.tokenProvider ?? config?.tokenProvider,
    headers: element.headers ?? config?.headers,
  };
}
