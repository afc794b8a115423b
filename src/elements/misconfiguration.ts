import { CSRF_SOURCE, settingsOf } from './practice-settings.js';
import type { TavusPractice } from './tavus-practice.js';

/** The attribute that keeps the element from working, and what is wrong with it (for developers). */
export interface Misconfiguration {
  attribute: string;
  problem: string;
}

/** What is wrong with the attributes, or null. */
export function findMisconfiguration(element: TavusPractice): Misconfiguration | null {
  const { courseId } = element;
  const { backend, csrfHeader, csrfSource } = settingsOf(element);
  if (!backend?.trim()) return { attribute: 'backend', problem: 'is missing' };
  if (!backendUrl(backend)) return { attribute: 'backend', problem: `is not an http(s) address: ${backend}` };
  if (!courseId?.trim()) return { attribute: 'course-id', problem: 'is missing' };
  if (courseId.length > 200) return { attribute: 'course-id', problem: 'is longer than 200 characters' };
  if (csrfHeader && !CSRF_SOURCE.test(csrfSource ?? '')) {
    return { attribute: 'csrf-source', problem: 'has to be meta:NAME or cookie:NAME beside csrf-header' };
  }
  return null;
}

/** Absolute and without a trailing slash; null for what is no http(s) address. */
export function backendUrl(backend: string): string | null {
  const { baseURI } = document;
  if (backend !== last.backend || baseURI !== last.baseURI) last = { backend, baseURI, url: parse(backend, baseURI) };
  return last.url;
}

/** A page has many elements and one backend. */
let last: { backend?: string; baseURI?: string; url: string | null } = { url: null };

function parse(backend: string, baseURI: string): string | null {
  try {
    const { origin, pathname, protocol } = new URL(backend.trim(), baseURI);
    return /^https?:$/.test(protocol) ? origin + pathname.replace(/\/+$/, '') : null;
  } catch {
    return null;
  }
}
