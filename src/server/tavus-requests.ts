import { retryDelay, type ProblemCode, type RetryPolicy } from '../protocol/index.js';
import { createCircuitBreaker, type CircuitBreaker } from './circuit-breaker.js';
import { createRetryBudget } from './retry-budget.js';
import type { Runtime } from './runtime.js';

export interface TavusAccess {
  apiKey: string;
  apiUrl: string;
  /** Seconds one request may take. */
  timeout: number;
  /** Attempts at reading and ending; creating has one. */
  attempts: number;
}

export interface TavusAnswer {
  status: number;
  text: string;
  /** Seconds Tavus asked to be left alone. */
  retryAfter: number | undefined;
}

/** Why Tavus is not worth asking for a conversation now, and for how many seconds. */
export interface Unready {
  code: Extract<ProblemCode, 'provider_unavailable' | 'provider_busy'>;
  retryAfter: number;
}

/** Tavus gave no usable answer to a question that can be asked again. */
export class TavusError extends Error {
  readonly status: number | undefined;
  /** Seconds before which it is not to be asked again. */
  readonly retryAfter: number | undefined;

  constructor(message: string, status?: number, cause?: unknown, retryAfter?: number) {
    super(message, { cause });
    this.name = 'TavusError';
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

/** Requests to Tavus, no more of them than it can bear. What the answers mean is said in `tavus.ts`. */
export interface TavusRequests {
  /** One attempt, whatever comes of it. Rejects with what `fetch` rejected with, or a time-out. */
  ask(method: string, path: string, body?: object): Promise<TavusAnswer>;
  /**
   * For questions that may be asked again: a few attempts, as long as the retry budget lasts. While Tavus fails
   * nothing is read, but what has to end is always asked for. @throws TavusError
   */
  askAgain(method: 'GET' | 'POST', path: string): Promise<TavusAnswer>;
  /** Null when Tavus is worth asking for a conversation. After an outage a read finds out, not a conversation. */
  unready(): Promise<Unready | null>;
}

/** Milliseconds between the attempts of one pass. */
const PASS: RetryPolicy = { base: 200, cap: 2000 };
/** Seconds a pass waits if Tavus asks for it; for longer ones the next pass is there. */
const PATIENCE = 5;
/** Seconds believed of a `Retry-After`: longer ones are more likely wrong than meant, and ending cannot wait. */
const LONGEST_WAIT = 300;
/** Seconds a read may take that finds out whether Tavus is back: a learner waits for it. */
const PROBE_SECONDS = 3;

export function createTavusRequests(
  access: TavusAccess,
  runtime: Runtime,
  onChange: (what: 'creating' | 'answering', state: 'open' | 'closed') => void,
): TavusRequests {
  const budget = createRetryBudget();
  // Two, because Tavus may answer every question and still fail to create.
  const creating = createCircuitBreaker(runtime, (state) => onChange('creating', state));
  const answering = createCircuitBreaker(runtime, (state) => onChange('answering', state));
  let overrun = false;
  let probing: Promise<void> | null = null;

  async function once(method: string, path: string, body?: object, seconds = access.timeout): Promise<TavusAnswer> {
    const request = new AbortController();
    const answered = new AbortController();
    void runtime.wait(seconds * 1000, answered.signal).then(() => {
      if (!answered.signal.aborted) request.abort(new TavusError(`no answer within ${seconds} s`));
    });
    try {
      const response = await runtime.fetch(access.apiUrl + path, {
        method,
        headers: { 'x-api-key': access.apiKey, ...(body && { 'content-type': 'application/json' }) },
        ...(body && { body: JSON.stringify(body) }),
        redirect: 'error',
        signal: request.signal,
      });
      const retryAfter = readRetryAfter(response.headers.get('retry-after'), runtime.now());
      return { status: response.status, text: await response.text(), retryAfter };
    } finally {
      answered.abort();
    }
  }

  /** Tells the breaker what came of a request, and passes it on. */
  async function reported(breaker: CircuitBreaker, request: Promise<TavusAnswer>): Promise<TavusAnswer> {
    try {
      const answer = await request;
      overrun = answer.status === 429;
      if (isTrouble(answer)) breaker.failed(answer.retryAfter);
      else breaker.succeeded();
      return answer;
    } catch (cause) {
      overrun = false;
      breaker.failed();
      throw cause;
    }
  }

  async function attempt(method: string, path: string): Promise<TavusAnswer> {
    const answer = await reported(answering, once(method, path)).catch((cause: unknown) => {
      throw cause instanceof TavusError ? cause : new TavusError(`${method}: no connection`, undefined, cause);
    });
    if (!isTrouble(answer)) return answer;
    throw new TavusError(`${method}: ${answer.status}`, answer.status, undefined, answer.retryAfter);
  }

  /** One read that finds out whether Tavus is back. What comes of it is the breaker's to know. */
  async function probe(): Promise<void> {
    if (!answering.admit()) return;
    const path = '/v2/conversations?status=active&limit=1';
    await reported(answering, once('GET', path, undefined, PROBE_SECONDS)).catch(() => undefined);
  }

  return {
    ask: (method, path, body) => reported(creating, once(method, path, body)),

    async askAgain(method, path) {
      if (method === 'GET' && !answering.admit())
        throw new TavusError('GET: left alone while it fails', undefined, undefined, answering.retryAfter);
      budget.deposit();
      for (let failures = 0; ; failures++) {
        try {
          return await attempt(method, path);
        } catch (cause) {
          const { retryAfter = 0 } = cause as TavusError;
          if (failures + 1 >= access.attempts || retryAfter > PATIENCE || !budget.withdraw()) throw cause;
          await runtime.wait(retryDelay(PASS, failures, runtime.random(), retryAfter));
          if (method === 'GET' && !answering.admit()) throw cause;
        }
      }
    },

    async unready() {
      if (creating.state === 'half-open' || answering.state === 'half-open')
        await (probing ??= probe().finally(() => (probing = null)));
      if (answering.state === 'closed' && creating.state !== 'open') return null;
      return {
        code: overrun ? 'provider_busy' : 'provider_unavailable',
        retryAfter: Math.max(1, answering.retryAfter, creating.retryAfter),
      };
    },
  };
}

/** No answer to the question, but a sign that Tavus is failing or has too much to do. */
const isTrouble = ({ status, retryAfter }: TavusAnswer): boolean =>
  status >= 500 || status === 429 || (status !== 200 && retryAfter !== undefined);

/** `Retry-After` is seconds or a date. */
function readRetryAfter(value: string | null, now: number): number | undefined {
  if (value === null) return undefined;
  const seconds = /^\d+$/.test(value.trim()) ? Number(value) : (Date.parse(value) - now) / 1000;
  return Number.isNaN(seconds) ? undefined : Math.min(LONGEST_WAIT, Math.max(0, Math.ceil(seconds)));
}
