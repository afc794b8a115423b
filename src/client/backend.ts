import {
  eventsAnswerShape,
  isProblemCode,
  offerShape,
  PracticeError,
  problemShape,
  sessionAnswerShape,
  type EventsAnswer,
  type EventsRequest,
  type HeartbeatRequest,
  type Offer,
  type ProblemCode,
  type ResumeRequest,
  type SessionAnswer,
  type Shape,
  type StartRequest,
} from '../protocol/index.js';
import type { Environment } from './environment.js';
import type { PracticeConfig } from './practice-state.js';
import type { TimeSample } from './server-clock.js';

/** Every call resolves to one of these; none rejects. */
export type Result<T> = { answer: T; problem?: undefined } | { answer?: undefined; problem: PracticeError };

/** What a start sends. A core backend makes no offers, so there is none to send back. */
export type StartBody = Omit<StartRequest, 'offer'> & { offer?: string | undefined };

interface Call {
  method: 'GET' | 'PUT' | 'POST';
  path: string;
  body?: unknown;
  /** Outlives the page. Leaves at once, so it carries the newest token instead of asking for one. */
  keepalive?: boolean;
}

const TIMEOUT = 20_000;

/** For answers without a code of ours: proxies, gateways and frameworks speak by status alone. */
const CODE_OF_STATUS: Readonly<Record<number, ProblemCode>> = {
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  405: 'method_not_allowed',
  408: 'timeout',
  410: 'offer_expired',
  413: 'too_large',
  415: 'unsupported_media_type',
  422: 'id_conflict',
  425: 'timeout',
  429: 'rate_limited',
};

/** Typed calls to the host's backend. Whatever goes wrong comes back as a `PracticeError`. */
export class Backend {
  readonly #environment: Environment;
  readonly #config: () => PracticeConfig;
  readonly #onTime: (sample: TimeSample) => void;
  #token: string | undefined;
  #seen = '';

  /** @param onTime told the server's clock with every good answer */
  constructor(environment: Environment, config: () => PracticeConfig, onTime: (sample: TimeSample) => void) {
    this.#environment = environment;
    this.#config = config;
    this.#onTime = onTime;
  }

  /** The newest `serverTime` read, ISO 8601; empty before the first answer. */
  get seen(): string {
    return this.#seen;
  }

  offer(courseId = this.#config().courseId): Promise<Result<Offer>> {
    return this.#call(offerShape, { method: 'GET', path: `courses/${encodeURIComponent(courseId)}` });
  }

  start(sessionId: string, body: StartBody): Promise<Result<SessionAnswer>> {
    return this.#session(sessionId, { method: 'PUT', path: '', body });
  }

  resume(sessionId: string, runId: string, body: ResumeRequest): Promise<Result<SessionAnswer>> {
    return this.#session(sessionId, { method: 'PUT', path: `/runs/${encodeURIComponent(runId)}`, body });
  }

  read(sessionId: string): Promise<Result<SessionAnswer>> {
    return this.#session(sessionId, { method: 'GET', path: '' });
  }

  end(sessionId: string, cause: string): Promise<Result<SessionAnswer>> {
    return this.#session(sessionId, { method: 'POST', path: '/end', body: { cause }, keepalive: true });
  }

  extend(sessionId: string): Promise<Result<SessionAnswer>> {
    return this.#session(sessionId, { method: 'POST', path: '/extend', body: {} });
  }

  heartbeat(sessionId: string, body: HeartbeatRequest): Promise<Result<SessionAnswer>> {
    return this.#session(sessionId, { method: 'POST', path: '/heartbeat', body });
  }

  events(body: EventsRequest, keepalive = false): Promise<Result<EventsAnswer>> {
    return this.#call(eventsAnswerShape, { method: 'POST', path: 'events', body, keepalive });
  }

  /** For a page that is going away: no custom header, so that nothing has to be asked first. */
  leave(ticket: string): void {
    const { backend, credentials } = this.#config();
    const headers = { 'content-type': 'text/plain' };
    const init: RequestInit = { method: 'POST', body: ticket, headers, credentials, keepalive: true };
    // Nobody is there to hear the answer; the lease runs out by itself when it fails.
    this.#environment.fetch(`${backend}/leave`, init).catch(() => {});
  }

  async #session(id: string, call: Call): Promise<Result<SessionAnswer>> {
    const path = `sessions/${encodeURIComponent(id)}${call.path}`;
    const result = await this.#call(sessionAnswerShape, { ...call, path });
    if (!result.answer || result.answer.session.id === id) return result;
    return { problem: new PracticeError('invalid_response', { detail: 'The answer is about another session.' }) };
  }

  async #call<T extends { serverTime: string }>(shape: Shape<T>, call: Call): Promise<Result<T>> {
    const abort = new AbortController();
    const cancelTimer = this.#environment.setTimer(TIMEOUT, () => abort.abort());
    const timeout = new Promise<never>((_, reject) => {
      abort.signal.addEventListener('abort', () => reject(new PracticeError('timeout')));
    });
    try {
      return { answer: await Promise.race([this.#exchange(shape, call, abort.signal), timeout]) };
    } catch (error) {
      return { problem: error instanceof PracticeError ? error : new PracticeError('network', {}, error) };
    } finally {
      cancelTimer();
    }
  }

  async #exchange<T extends { serverTime: string }>(
    shape: Shape<T>,
    call: Call,
    signal: AbortSignal,
    again = false,
  ): Promise<T> {
    const { method, path, body, keepalive = false } = call;
    const { backend, credentials, tokenProvider } = this.#config();
    const init: RequestInit = { method, credentials, signal, keepalive, cache: 'no-store' };
    if (body !== undefined) init.body = JSON.stringify(body);
    // No await between a page that goes away and its request.
    if (tokenProvider && (again || !keepalive || this.#token === undefined))
      this.#token = await newToken(tokenProvider);
    init.headers = this.#headers(method, tokenProvider ? this.#token : undefined);

    const sentAt = this.#environment.monotonic();
    const response = await this.#environment.fetch(`${backend}/${path}`, init);
    const receivedAt = this.#environment.monotonic();
    if (response.status === 401 && tokenProvider && !again) return this.#exchange(shape, call, signal, true);
    if (!response.ok) throw await problemOf(response);

    const answer = await answerOf(shape, response);
    const { serverTime } = answer;
    if (this.#seen === '' || Date.parse(serverTime) > Date.parse(this.#seen)) this.#seen = serverTime;
    this.#onTime({ serverTime, sentAt, receivedAt });
    // 202 means "ask again", also where the backend does not say when.
    return response.status === 202 ? { retryAfter: retryAfterOf(response) ?? 1, ...answer } : answer;
  }

  #headers(method: string, token: string | undefined): Headers {
    const { csrf, headers } = this.#config();
    try {
      const all = new Headers(headers?.());
      all.set('accept', 'application/json');
      if (token !== undefined) all.set('authorization', `Bearer ${token}`);
      if (method === 'GET') return all;
      all.set('content-type', 'application/json');
      const proof = csrf?.value();
      if (csrf && proof != null) all.set(csrf.header, proof);
      return all;
    } catch (error) {
      throw new PracticeError('invalid_configuration', {}, error);
    }
  }
}

async function newToken(tokenProvider: () => string | Promise<string>): Promise<string> {
  try {
    return await tokenProvider();
  } catch (error) {
    throw new PracticeError('unauthenticated', {}, error);
  }
}

async function answerOf<T>(shape: Shape<T>, response: Response): Promise<T> {
  // Anything but a syntax error means that the connection broke while the body was on its way.
  const body: unknown = await response.json().catch((error: unknown) => {
    throw error instanceof SyntaxError ? new PracticeError('invalid_response', {}, error) : error;
  });
  try {
    return shape(body);
  } catch (error) {
    throw new PracticeError('invalid_response', {}, error);
  }
}

async function problemOf(response: Response): Promise<PracticeError> {
  const fallback = CODE_OF_STATUS[response.status] ?? (response.status >= 500 ? 'internal' : 'invalid_request');
  const details = { retryAfter: retryAfterOf(response) };
  const problem = await answerOf(problemShape, response).catch(() => null);
  if (!problem) return new PracticeError(fallback, details);
  const { code, retryAfter = details.retryAfter, reference, resetsAt, activeSessionId, ack } = problem;
  return new PracticeError(isProblemCode(code) ? code : fallback, {
    retryAfter,
    reference,
    resetsAt,
    activeSessionId,
    ack,
  });
}

/** Seconds. The header holds seconds or a date; a date is measured by the same server's clock. */
function retryAfterOf({ headers }: Response): number | undefined {
  const value = headers.get('retry-after');
  if (value === null) return undefined;
  const seconds = /^\d+$/.test(value)
    ? Number(value)
    : (Date.parse(value) - Date.parse(headers.get('date') ?? '')) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : undefined;
}
