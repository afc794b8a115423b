import type { PracticeConfig } from '../client/practice-state.js';
import type { TavusPractice } from './tavus-practice.js';

/** The attribute that keeps the element from working, and what is wrong with it (for developers). */
export interface Misconfiguration {
  attribute: string;
  problem: string;
}

const CSRF_SOURCE = /^(meta|cookie):(.+)$/;

/** What is wrong with the attributes, or null. */
export function findMisconfiguration(element: TavusPractice): Misconfiguration | null {
  const { backend, courseId, csrfHeader, csrfSource } = element;
  if (!backend?.trim()) return { attribute: 'backend', problem: 'is missing' };
  if (!backendUrl(backend)) return { attribute: 'backend', problem: `is not an http(s) address: ${backend}` };
  if (!courseId?.trim()) return { attribute: 'course-id', problem: 'is missing' };
  if (courseId.length > 200) return { attribute: 'course-id', problem: 'is longer than 200 characters' };
  if (csrfHeader && !CSRF_SOURCE.test(csrfSource ?? '')) {
    return { attribute: 'csrf-source', problem: 'has to be meta:NAME or cookie:NAME beside csrf-header' };
  }
  return null;
}

/** The attributes as the client reads them. Call only while there is no misconfiguration. */
export function practiceConfiguration(element: TavusPractice): PracticeConfig {
  const { csrfHeader, csrfSource, ttl, tokenProvider, headers, credentials } = element;
  const isTtl = Number.isSafeInteger(ttl) && Number(ttl) > 0;
  return {
    backend: backendUrl(element.backend ?? '') ?? '',
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

function backendUrl(backend: string): string | null {
  try {
    const { origin, pathname, protocol } = new URL(backend.trim(), document.baseURI);
    return /^https?:$/.test(protocol) ? origin + pathname.replace(/\/+$/, '') : null;
  } catch {
    return null;
  }
}

function csrfValue(source: string): string | null {
  const [, kind, name = ''] = CSRF_SOURCE.exec(source) ?? [];
  if (kind === 'meta')
    return document.querySelector<HTMLMetaElement>(`meta[name="${CSS.escape(name)}"]`)?.content ?? null;
  const cookie = document.cookie.split('; ').find((pair) => pair.startsWith(`${name}=`));
  return cookie === undefined ? null : decodeURIComponent(cookie.slice(name.length + 1));
}
