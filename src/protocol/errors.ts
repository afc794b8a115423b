/** Every way a request or the page can fail, and whether trying again later can help. */
const RETRYABLE = {
  invalid_request: false,
  unauthenticated: false,
  forbidden: false,
  not_found: false,
  method_not_allowed: false,
  session_active: true,
  session_ended: false,
  session_expired: false,
  sequence_gap: true,
  offer_expired: false,
  too_large: false,
  unsupported_media_type: false,
  id_conflict: false,
  quota_exceeded: false,
  rate_limited: true,
  internal: true,
  provider_unavailable: true,
  provider_busy: true,
  provider_misconfigured: false,
  out_of_credits: false,
  invalid_configuration: false,
  network: true,
  timeout: true,
  storage: false,
  blocked_by_page: false,
  invalid_response: true,
  frame_refused: false,
} as const satisfies Record<string, boolean>;

export type ProblemCode = keyof typeof RETRYABLE;

export const isProblemCode = (code: unknown): code is ProblemCode =>
  typeof code === 'string' && Object.hasOwn(RETRYABLE, code);

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
    super(details.detail ?? code, cause === undefined ? undefined : { cause });
    this.name = 'PracticeError';
    this.code = code;
    this.details = details;
  }

  get retryable(): boolean {
    return RETRYABLE[this.code];
  }
}
