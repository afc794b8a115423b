import type { PracticeConfig } from '../client/practice-state.js';
import { backendUrl } from './misconfiguration.js';
import { CSRF_SOURCE, settingsOf } from './practice-settings.js';
import type { TavusPractice } from './tavus-practice.js';

/** The attributes as the client reads them. Call only while there is no misconfiguration. */
export function practiceConfiguration(element: TavusPractice): PracticeConfig {
  const { ttl } = element;
  const { backend, csrfHeader, csrfSource, tokenProvider, headers, credentials } = settingsOf(element);
  const isTtl = Number.isSafeInteger(ttl) && Number(ttl) > 0;
  return {
    backend: backendUrl(backend ?? '') ?? '',
    courseId: element.courseId ?? '',
    ttl: isTtl ? ttl : undefined,
    credentials: credentials === 'include' || credentials === 'omit' ? credentials : 'same-origin',
    csrf: csrfHeader && csrfSource ? { header: csrfHeader, value: () => csrfValue(csrfSource) } : undefined,
    tokenProvider,
    headers,
    confirmation: element.confirmation !== 'off',
    timeLimit: element.timeLimit !== 'off',
    offlineQueue: element.offlineQueue !== 'off',
  };
}

function csrfValue(source: string): string | null {
  const [, kind, name = ''] = CSRF_SOURCE.exec(source) ?? [];
  if (kind === 'meta')
    return document.querySelector<HTMLMetaElement>(`meta[name="${CSS.escape(name)}"]`)?.content ?? null;
  const cookie = document.cookie.split('; ').find((pair) => pair.startsWith(`${name}=`));
  return cookie === undefined ? null : decodeURIComponent(cookie.slice(name.length + 1));
}
