/** How long to wait between attempts. Times are milliseconds. */
export interface RetryPolicy {
  /** Upper bound of the first wait. */
  base: number;
  /** Upper bound of every wait. */
  cap: number;
}

/**
 * Full-jitter exponential back-off: a random wait below `base · 2^attempt`, never above `cap`, and
 * never before the moment the other side asked for.
 *
 * @param attempt failures so far, counting from 0
 * @param random a number in [0, 1)
 * @param retryAfter seconds the other side asked for, if it did
 * @returns milliseconds to wait
 */
export function retryDelay(policy: RetryPolicy, attempt: number, random: number, retryAfter?: number): number {
  const bound = Math.min(policy.cap, policy.base * 2 ** Math.min(attempt, 30));
  const asked = Math.max(0, retryAfter ?? 0) * 1000;
  return Math.round(asked + random * bound);
}
