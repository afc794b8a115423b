/** How many retries a service may be asked to bear beside the calls themselves. */
export interface RetryBudget {
  /** Counts a first attempt: it pays for a part of a later retry. */
  deposit(): void;
  /** Takes one retry out of the budget. False: there is none left, and the failure stands. */
  withdraw(): boolean;
}

/** Retries allowed per first attempt in the long run, 0–1. */
const SHARE = 0.2;
/** Retries that may be saved up, which is also what there is to begin with. */
const MOST = 10;

/**
 * A token bucket as Finagle and gRPC have it. While few calls fail, each may be retried; when all of them
 * fail, retries add no more than a fifth to the load of a service that has trouble enough.
 */
export function createRetryBudget(): RetryBudget {
  let saved = MOST;
  return {
    deposit() {
      saved = Math.min(MOST, saved + SHARE);
    },
    withdraw() {
      if (saved < 1) return false;
      saved -= 1;
      return true;
    },
  };
}
