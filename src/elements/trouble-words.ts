import type { ProblemCode } from '../protocol/index.js';
import type { Messages } from './locales/messages.js';

/** The text that says what happened; the one that says what to do next is its name with `Next`. */
export type TroubleKey = { [key in keyof Messages]: `${key}Next` extends keyof Messages ? key : never }[keyof Messages];

const WORDS: { readonly [code in ProblemCode]?: TroubleKey } = {
  network: 'unreachable',
  timeout: 'unreachable',
  unauthenticated: 'signedOut',
  forbidden: 'noAccess',
  not_found: 'gone',
  session_active: 'elsewhere',
  session_ended: 'over',
  session_expired: 'over',
  offer_expired: 'stale',
  quota_exceeded: 'used',
  rate_limited: 'tooFast',
  provider_busy: 'busy',
  provider_unavailable: 'noAnswer',
  provider_misconfigured: 'teamHasToAct',
  out_of_credits: 'teamHasToAct',
  blocked_by_page: 'blocked',
  frame_refused: 'refused',
};

/** A learner needs to know what to do, not which of thirty codes it was: many share their words. */
export const troubleWords = (code: ProblemCode): TroubleKey => WORDS[code] ?? 'fault';
