import { PracticeError } from '../protocol/index.js';

const MINUTE = 60_000;

/**
 * Counts requests per learner and minute in this process.
 *
 * @param most requests per minute, 0 for no limit
 * @returns a function that throws PracticeError `rate_limited` with the seconds to wait
 */
export function createRateLimit(most: number): (userId: string, now: number) => void {
  let minute = 0;
  let counts = new Map<string, number>();
  return (userId, now) => {
    if (most === 0) return;
    if (Math.floor(now / MINUTE) !== minute) {
      minute = Math.floor(now / MINUTE);
      counts = new Map();
    }
    const count = (counts.get(userId) ?? 0) + 1;
    counts.set(userId, count);
    if (count > most)
      throw new PracticeError('rate_limited', { retryAfter: Math.ceil(((minute + 1) * MINUTE - now) / 1000) });
  };
}
