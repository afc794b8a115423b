import { retryDelay, type PracticeError, type SessionAnswer } from '../protocol/index.js';
import type { Backend } from './backend.js';
import { delay } from './delay.js';
import type { Environment } from './environment.js';

const BACKOFF = { base: 1000, cap: 30_000 };

/** Refused tokens in a row after which the learner is taken to be logged out; the server's lease does the rest. */
const TOKENS = 5;

/** Whether the same request may succeed later. A refused token may be replaced by the host. */
export const mayPass = (problem: PracticeError): boolean => problem.retryable || problem.code === 'unauthenticated';

/**
 * Ends the running conversation of a session and goes on asking until the backend has answered.
 *
 * @param cause what the record will say: `finished`, `paused`, `left` …
 * @returns the answer, or null when there is nothing (or nothing of ours) to end
 */
export async function endConversation(
  environment: Environment,
  backend: Backend,
  sessionId: string,
  cause: string,
): Promise<SessionAnswer | null> {
  for (let failures = 0, refused = 0; ; failures++) {
    const { answer, problem } = await backend.end(sessionId, cause);
    if (answer) return answer;
    if (!mayPass(problem) || (problem.code === 'unauthenticated' && ++refused === TOKENS)) return null;
    await delay(environment, retryDelay(BACKOFF, failures, environment.random(), problem.details.retryAfter));
  }
}
