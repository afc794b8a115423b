/**
 * Every way a request or the page can fail, with the HTTP status it travels under (0: found by the
 * client itself), whether trying again later can help, and one sentence for developers.
 */
export const PROBLEMS = {
  invalid_request: { status: 400, retryable: false, title: 'The request does not have the agreed form.' },
  unauthenticated: { status: 401, retryable: false, title: 'No valid launch token came with the request.' },
  forbidden: { status: 403, retryable: false, title: 'This is not allowed for this caller.' },
  not_found: { status: 404, retryable: false, title: 'There is nothing here for this caller.' },
  method_not_allowed: { status: 405, retryable: false, title: 'This address does not answer that method.' },
  session_active: { status: 409, retryable: true, title: 'The learner has a conversation that has not ended yet.' },
  session_ended: { status: 409, retryable: false, title: 'The session cannot be continued.' },
  session_expired: { status: 409, retryable: false, title: 'The time of the session is over.' },
  sequence_gap: { status: 409, retryable: true, title: 'Facts are missing before these; send from ack + 1.' },
  offer_expired: {
    status: 410,
    retryable: false,
    title: 'The offer is expired, used, altered or not the caller’s; fetch a new one.',
  },
  too_large: { status: 413, retryable: false, title: 'The body is larger than 64 KiB.' },
  unsupported_media_type: { status: 415, retryable: false, title: 'The body has to be application/json.' },
  id_conflict: { status: 422, retryable: false, title: 'This id was used before for something else.' },
  quota_exceeded: { status: 429, retryable: false, title: 'The learner has no session left in this period.' },
  rate_limited: { status: 429, retryable: true, title: 'Too many requests; slow down.' },
  internal: { status: 500, retryable: true, title: 'The backend failed; the reference finds it in its log.' },
  provider_unavailable: { status: 502, retryable: true, title: 'Tavus could not be reached or gave no usable answer.' },
  provider_busy: { status: 503, retryable: true, title: 'All conversations of the Tavus plan are taken.' },
  provider_misconfigured: {
    status: 503,
    retryable: false,
    title: 'Tavus refused the key or the settings of the course.',
  },
  out_of_credits: { status: 503, retryable: false, title: 'The Tavus account is out of conversational credits.' },
  invalid_configuration: { status: 0, retryable: false, title: 'An attribute of the element is missing or malformed.' },
  network: { status: 0, retryable: true, title: 'The backend could not be reached.' },
  timeout: { status: 0, retryable: true, title: 'The backend did not answer in time.' },
  storage: { status: 0, retryable: false, title: 'The browser refused to store anything.' },
  blocked_by_page: {
    status: 0,
    retryable: false,
    title: 'The page does not let the conversation use camera or microphone.',
  },
  invalid_response: { status: 0, retryable: true, title: 'The backend answered something that is not the protocol.' },
  frame_refused: { status: 0, retryable: false, title: 'The room address is not one the offer allows to be framed.' },
} as const satisfies Record<string, { status: number; retryable: boolean; title: string }>;

export type ProblemCode = keyof typeof PROBLEMS;

export const isProblemCode = (code: unknown): code is ProblemCode =>
  typeof code === 'string' && Object.hasOwn(PROBLEMS, code);

/** What travels beside the code. All optional; times are ISO 8601 UTC, `retryAfter` whole seconds. */
export interface ProblemDetails {
  retryAfter?: number | undefined;
  reference?: string | undefined;
  /** `quota_exceeded`: when the next session is free. */
  resetsAt?: string | undefined;
  /** `session_active`: the session in the way. */
  activeSessionId?: string | undefined;
  /** `sequence_gap`: the newest applied number. */
  ack?: number | undefined;
  /** `method_not_allowed`: the methods that would be answered. */
  allow?: readonly string[] | undefined;
  /** For developers: what exactly is wrong. Never provider text, never shown to learners. */
  detail?: string | undefined;
}

/** The one error of this package. `code` decides what happens; `cause` keeps what was behind it. */
export class PracticeError extends Error {
  readonly code: ProblemCode;
  readonly details: ProblemDetails;

  constructor(code: ProblemCode, details: ProblemDetails = {}, cause?: unknown) {
    super(details.detail ?? PROBLEMS[code].title, cause === undefined ? undefined : { cause });
    this.name = 'PracticeError';
    this.code = code;
    this.details = details;
  }

  get status(): number {
    return PROBLEMS[this.code].status;
  }

  get retryable(): boolean {
    return PROBLEMS[this.code].retryable;
  }
}
