import { retryDelay, type RetryPolicy } from '../protocol/index.js';
import type { Runtime } from './runtime.js';

/**
 * Tells whether a service that can fail is worth asking. `closed`: yes · `open`: it failed time and again,
 * and is left alone for a while · `half-open`: that while is over, and one question finds out.
 */
export interface CircuitBreaker {
  readonly state: 'closed' | 'open' | 'half-open';
  /** Whole seconds until it may be asked again, 0 when it may be asked now. */
  readonly retryAfter: number;
  /** Whether to ask now. While half-open only the first to come may; it has to tell what came of it. */
  admit(): boolean;
  /** There was an answer, whatever it said. */
  succeeded(): void;
  /** There was none worth the name. @param retryAfter seconds the service asked for: they are granted at once */
  failed(retryAfter?: number): void;
}

/** Failures in a row that open it. */
const THRESHOLD = 5;
/** Milliseconds it stays open: doubled each time it opens again without a success between. */
const COOL_DOWN: RetryPolicy = { base: 2000, cap: 30_000 };

/** @param onChange is told when it opens after having been closed, and when it closes again */
export function createCircuitBreaker(
  { now, random }: Pick<Runtime, 'now' | 'random'>,
  onChange: (state: 'open' | 'closed') => void,
): CircuitBreaker {
  let failures = 0;
  let openings = 0;
  let openUntil: number | null = null;
  let trying = false;

  const state = () => (openUntil === null ? 'closed' : now() < openUntil ? 'open' : 'half-open');

  return {
    get state() {
      return state();
    },
    get retryAfter() {
      return openUntil === null ? 0 : Math.max(0, Math.ceil((openUntil - now()) / 1000));
    },
    admit() {
      if (state() === 'closed') return true;
      if (state() === 'open' || trying) return false;
      trying = true;
      return true;
    },
    succeeded() {
      const opened = openUntil !== null;
      failures = openings = 0;
      openUntil = null;
      trying = false;
      if (opened) onChange('closed');
    },
    failed(retryAfter) {
      trying = false;
      failures++;
      if (openUntil !== null && now() < openUntil) {
        // What was asked before it opened, and fails only now, is no news, unless more rest is asked for.
        openUntil = Math.max(openUntil, now() + (retryAfter ?? 0) * 1000);
        return;
      }
      if (openUntil === null && failures < THRESHOLD && retryAfter === undefined) return;
      // Half of it at least, so that it is a rest, and half by chance, so that many servers do not come back as one.
      const { base, cap } = COOL_DOWN;
      const bound = Math.min(cap, base * 2 ** Math.min(openings, 10)) / 2;
      const opened = openUntil !== null;
      openUntil = now() + bound + retryDelay({ base: bound, cap: bound }, 0, random(), retryAfter);
      openings++;
      if (!opened) onChange('open');
    },
  };
}
