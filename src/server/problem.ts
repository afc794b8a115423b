import { PROBLEM_DOCUMENTS, type PracticeError } from '../protocol/index.js';

/** An error as RFC 9457 problem+json. Causes, stacks and provider texts stay on this side. */
export function problemResponse(error: PracticeError, reference: string): Response {
  const { code, retryable, details } = error;
  const { status, title } = PROBLEM_DOCUMENTS[code];
  const { allow, ...members } = details;
  const headers = new Headers({ 'content-type': 'application/problem+json', 'cache-control': 'no-store' });
  if (details.retryAfter !== undefined) headers.set('retry-after', String(details.retryAfter));
  if (allow) headers.set('allow', allow.join(', '));
  if (code === 'unauthenticated') headers.set('www-authenticate', 'Bearer');
  return new Response(JSON.stringify({ code, title, status, retryable, reference, ...members }), { status, headers });
}
