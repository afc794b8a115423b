import { lightRequest, lightResponse } from './light-http.js';
import type { Random } from './random.js';
import { LEARNERS } from './schedule.js';
import type { ServerProcess } from './server-process.js';
import type { VirtualTime } from './virtual-time.js';

/** How the way between browsers and servers fails, each a share of requests, 0–1. */
export interface WebWeather {
  lostOut: number;
  lostBack: number;
  /** Sent on twice by something on the way. */
  doubled: number;
  /** Answered by a proxy that has lost its temper. */
  proxyError: number;
  /** Milliseconds one way, at most. */
  slowest: number;
}

export const FAIR_WEB: WebWeather = { lostOut: 0, lostBack: 0, doubled: 0, proxyError: 0, slowest: 200 };

/** One request and what came of it, for the witness. */
export interface Exchange {
  sentAt: number;
  learner: string;
  /** The number of the page that asks; none for a replay. */
  page: number;
  method: string;
  path: string;
  body: string;
  /** When a server had dealt with it. */
  answeredAt?: number;
  status?: number;
  answer?: string;
  retryAfter?: number;
  /** The browser got to see the answer. */
  heard: boolean;
}

/** Sees every request, when it reaches a server and when it has been answered. */
export interface WebListener {
  arrived(exchange: Exchange): void;
  answered(exchange: Exchange): void;
}

/** What somebody tries who sends a request by hand. */
export type Trick = 'again' | 'new-id' | 'as-stranger' | 'read-as-stranger' | 'tell-as-stranger' | 'skip-ahead';

/** The page of what no page sent. */
export const NO_PAGE = -1;

interface Seen {
  learner: string;
  url: string;
  init: RequestInit;
}

/** The network between the browsers and whichever server is up. */
export class WebLink {
  weather: WebWeather = FAIR_WEB;
  readonly #time: VirtualTime;
  readonly #random: Random;
  readonly #servers: readonly ServerProcess[];
  readonly #listener: WebListener;
  readonly #starts: Seen[] = [];
  readonly #batches: Seen[] = [];

  constructor(time: VirtualTime, random: Random, servers: readonly ServerProcess[], listener: WebListener) {
    this.#time = time;
    this.#random = random;
    this.#servers = servers;
    this.#listener = listener;
  }

  /** Somebody who has seen a request sends something like it, by hand. */
  replay(roll: number, trick: Trick, newId: string): void {
    const seen = trick === 'skip-ahead' ? this.#batches : this.#starts;
    const { learner, url, init } = seen[Math.floor(roll * seen.length)] ?? {};
    if (learner === undefined || !url || !init || !this.#servers.some((server) => server.alive)) return;
    const who = trick.endsWith('stranger') ? (LEARNERS.find((other) => other !== learner) ?? learner) : learner;
    const [target, asked] = forged({ url, init }, trick, newId);
    const exchange = this.#exchangeOf(who, NO_PAGE, target, asked);
    void this.#deliver(who, target, asked, exchange).catch(() => undefined);
  }

  /** Rejects with TypeError as `fetch` does when no answer comes; may stay silent for good. */
  async send(learner: string, page: number, url: string, init: RequestInit): Promise<Response> {
    const exchange = this.#exchangeOf(learner, page, url, init);
    const { lostOut, lostBack, doubled, proxyError } = this.weather;
    const fate = this.#random.next();
    const twin = this.#random.chance(doubled) && exchange.method !== 'GET';
    await this.#travel();
    if (fate < lostOut) throw await this.#silence();
    if (fate < lostOut + proxyError / 2) return lightResponse(502, '<h1>Bad gateway</h1>');
    if (twin) void this.#deliver(learner, url, init, { ...exchange }).catch(() => undefined);
    const response = await this.#deliver(learner, url, init, exchange);
    await this.#travel();
    if (fate < lostOut + proxyError) return lightResponse(502, '<h1>Bad gateway</h1>');
    if (fate < lostOut + proxyError + lostBack) throw await this.#silence();
    exchange.heard = true;
    return response;
  }

  #exchangeOf(learner: string, page: number, url: string, { method = 'GET', body }: RequestInit): Exchange {
    const path = new URL(url).pathname.replace('/api/practice', '');
    return {
      sentAt: this.#time.now,
      learner,
      page,
      method,
      path,
      body: typeof body === 'string' ? body : '',
      heard: false,
    };
  }

  async #deliver(learner: string, url: string, init: RequestInit, exchange: Exchange): Promise<Response> {
    const up = this.#servers.filter((server) => server.alive);
    if (!up.length) return lightResponse(503, '<h1>Service unavailable</h1>');
    const server = this.#random.pick(up);
    this.#listener.arrived(exchange);
    const headers = new Headers(init.headers);
    headers.set('cookie', `practice-demo=${learner}`);
    headers.set('host', 'localhost:8787');
    const { method = 'GET', body } = init;
    const response = await server.handle(
      lightRequest(url, { method, headers, body: typeof body === 'string' ? body : null }),
    );
    exchange.answeredAt = this.#time.now;
    exchange.status = response.status;
    exchange.answer = await response.text();
    const retryAfter = response.headers.get('retry-after');
    if (retryAfter !== null) exchange.retryAfter = Number(retryAfter);
    this.#listener.answered(exchange);
    // Only what has been used up is worth replaying: an offer still good is its owner's to use.
    const isStart = exchange.method === 'PUT' && /^\/sessions\/[^/]+$/.test(exchange.path);
    if (isStart && response.status < 300) this.#starts.push({ learner, url, init });
    if (exchange.path === '/events' && exchange.page !== NO_PAGE) this.#batches.push({ learner, url, init });
    return lightResponse(response.status, exchange.answer, response.headers);
  }

  /** Mostly the connection breaks; at times nothing comes at all. */
  async #silence(): Promise<TypeError> {
    if (this.#random.chance(0.3)) await new Promise(() => undefined);
    await this.#time.wait(this.#random.whole(0, 3000));
    return new TypeError('Failed to fetch');
  }

  #travel(): Promise<void> {
    return this.#time.wait(this.#random.whole(1, this.weather.slowest));
  }
}

/** The same facts, with numbers that are not their turn yet. */
function aheadOf(batch: string): string {
  const { events, ...rest } = JSON.parse(batch) as { events: { n: number }[] };
  return JSON.stringify({ ...rest, events: events.map((fact) => ({ ...fact, n: fact.n + 50 })) });
}

/** A request that somebody made out of one they have seen. */
function forged(
  { url, init }: Pick<Seen, 'url' | 'init'>,
  trick: Trick,
  newId: string,
): [url: string, init: RequestInit] {
  const { body, ...rest } = init;
  switch (trick) {
    case 'new-id':
      return [url.replace(/[^/]+$/, newId), init];
    case 'skip-ahead':
      return [url, { ...rest, body: aheadOf(String(body)) }];
    case 'read-as-stranger':
      return [url, { ...rest, method: 'GET' }];
    case 'tell-as-stranger': {
      const [base, sessionId = ''] = url.split('/sessions/');
      const fact = { n: 1, type: 'completed', at: '2026-11-22T12:00:00.000Z', courseId: 'quick', sessionId };
      return [`${base}/events`, { ...rest, method: 'POST', body: JSON.stringify({ writer: newId, events: [fact] }) }];
    }
    default:
      return [url, init];
  }
}
