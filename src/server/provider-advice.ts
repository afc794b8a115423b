import type { ProblemCode } from '../protocol/index.js';

/** What the operator of this backend can do about a conversation that Tavus would not give. */
export const PROVIDER_ADVICE = {
  out_of_credits: 'The Tavus account is out of conversational credits: buy more or enlarge the plan.',
  provider_busy:
    'Tavus gives no more at once (concurrency or rate limit of the plan): learners are asked to wait. Happens often? Enlarge the plan.',
  provider_misconfigured:
    'Tavus refused the key or the course: check TAVUS_API_KEY, and the PAL, face, persona or replica ids in PRACTICE_COURSES.',
  provider_unavailable:
    'Tavus could not be reached or gave no usable answer: check TAVUS_API_URL, the network and Tavus’s status page. Ends are retried.',
} as const satisfies Partial<Record<ProblemCode, string>>;

export type ProviderCode = keyof typeof PROVIDER_ADVICE;

/** What a line of the log says beside the event: the code, what to do, and where more is written. */
export const adviceOn = (code: ProviderCode): { code: ProviderCode; advice: string; page: string } => ({
  code,
  advice: PROVIDER_ADVICE[code],
  page: `docs/errors/${code}.md`,
});
