import type { ProblemCode } from './errors.js';

/**
 * What travels with a code: the HTTP status (0: found by the client itself, never sent) and one sentence for
 * developers. Learners read the element's own words, so none of this reaches a browser's scripts.
 */
export const PROBLEM_DOCUMENTS: Readonly<Record<ProblemCode, { status: number; title: string }>> = {
  invalid_request: { status: 400, title: 'The request does not have the agreed form.' },
  unauthenticated: { status: 401, title: 'No valid launch token came with the request.' },
  forbidden: { status: 403, title: 'This is not allowed for this caller.' },
  not_found: { status: 404, title: 'There is nothing here for this caller.' },
  method_not_allowed: { status: 405, title: 'This address does not answer that method.' },
  session_active: { status: 409, title: 'The learner has a conversation that has not ended yet.' },
  session_ended: { status: 409, title: 'The session cannot be continued.' },
  session_expired: { status: 409, title: 'The time of the session is over.' },
  sequence_gap: { status: 409, title: 'Facts are missing before these; send from ack + 1.' },
  offer_expired: { status: 410, title: 'The offer is expired, used, altered or not the caller’s; fetch a new one.' },
  too_large: { status: 413, title: 'The body is larger than 64 KiB.' },
  unsupported_media_type: { status: 415, title: 'The body has to be application/json.' },
  id_conflict: { status: 422, title: 'This id was used before for something else.' },
  quota_exceeded: { status: 429, title: 'The learner has no session left in this period.' },
  rate_limited: { status: 429, title: 'Too many requests; slow down.' },
  internal: { status: 500, title: 'The backend failed; the reference finds it in its log.' },
  provider_unavailable: { status: 502, title: 'Tavus could not be reached or gave no usable answer.' },
  provider_busy: { status: 503, title: 'All conversations of the Tavus plan are taken.' },
  provider_misconfigured: { status: 503, title: 'Tavus refused the key or the settings of the course.' },
  out_of_credits: { status: 503, title: 'The Tavus account is out of conversational credits.' },
  invalid_configuration: { status: 0, title: 'An attribute of the element is missing or malformed.' },
  network: { status: 0, title: 'The backend could not be reached.' },
  timeout: { status: 0, title: 'The backend did not answer in time.' },
  storage: { status: 0, title: 'The browser refused to store anything.' },
  blocked_by_page: { status: 0, title: 'The page does not let the conversation use camera or microphone.' },
  invalid_response: { status: 0, title: 'The backend answered something that is not the protocol.' },
  frame_refused: { status: 0, title: 'The room address is not one the offer allows to be framed.' },
};
