import type { Random } from './random.js';
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

/** The network between the browsers and whichever server is up. */
export class WebLink {
  weather: WebWeather = FAIR_WEB;
  readonly #time: VirtualTime;
  readonly #random: Random;
  readonly #servers: readonly ServerProcess[];
  readonly #listener: WebListener;
  readonly #starts: { learner: string; url: string; init: RequestInit }[] = [];

  constructor(time: VirtualTime, random: Random, servers: readonly ServerProcess[], listener: WebListener) {
    this.#time = time;
    this.#random = random;
    this.#servers = servers;
    this.#listener = listener;
  }

  /** Somebody sends a start again that was sent before, as it was or under another id. */
  replay(roll: number, newId: string | null): void {
    const { learner, url, init } = this.#starts[Math.floor(roll * this.#starts.length)] ?? {};
    if (learner === undefined || !url || !init || !this.#servers.some((server) => server.alive)) return;
    const target = newId === null ? url : url.replace(/[^/]+$/, newId);
    const path = new URL(target).pathname.replace('/api/practice', '');
    const exchange: Exchange = {
      sentAt: this.#time.now,
      learner,
      method: 'PUT',
      path,
      body: String(init.body),
      heard: false,
    };
    void this.#deliver(learner, target, init, exchange).catch(() => undefined);
  }

  /** Rejects with TypeError as `fetch` does when no answer comes; may stay silent for good. */
  async send(learner: string, url: string, init: RequestInit): Promise<Response> {
    const { pathname } = new URL(url);
    const exchange: Exchange = {
      sentAt: this.#time.now,
      learner,
      method: init.method ?? 'GET',
      path: pathname.replace('/api/practice', ''),
      body: typeof init.body === 'string' ? init.body : '',
      heard: false,
    };
    const { lostOut, lostBack, doubled, proxyError } = this.weather;
    const fate = this.#random.next();
    const twin = this.#random.chance(doubled) && exchange.method !== 'GET';
    await this.#travel();
    if (fate < lostOut) throw await this.#silence();
    if (fate < lostOut + proxyError / 2) return new Response('<h1>Bad gateway</h1>', { status: 502 });
    if (twin) void this.#deliver(learner, url, init, { ...exchange }).catch(() => undefined);
    const response = await this.#deliver(learner, url, init, exchange);
    await this.#travel();
    if (fate < lostOut + proxyError) return new Response('<h1>Bad gateway</h1>', { status: 502 });
    if (fate < lostOut + proxyError + lostBack) throw await this.#silence();
    exchange.heard = true;
    return response;
  }

  async #deliver(learner: string, url: string, init: RequestInit, exchange: Exchange): Promise<Response> {
    const up = this.#servers.filter((server) => server.alive);
    if (!up.length) return new Response('<h1>Service unavailable</h1>', { status: 503 });
    const server = this.#random.pick(up);
    this.#listener.arrived(exchange);
    const headers = new Headers(init.headers);
    headers.set('cookie', `practice-demo=${learner}`);
    headers.set('host', 'localhost:8787');
    const { method, body } = init;
    const response = await Promise.race([
      server.handle(new Request(url, { method: method ?? 'GET', headers, body: body ?? null })),
      server.death.then(() => Promise.reject(new TypeError('Failed to fetch'))),
    ]);
    exchange.answeredAt = this.#time.now;
    exchange.status = response.status;
    exchange.answer = await response.text();
    const retryAfter = response.headers.get('retry-after');
    if (retryAfter !== null) exchange.retryAfter = Number(retryAfter);
    this.#listener.answered(exchange);
    // Only what has been used up is worth replaying: an offer still good is its owner's to use.
    const isStart = exchange.method === 'PUT' && /^\/sessions\/[^/]+$/.test(exchange.path);
    if (isStart && response.status < 300) this.#starts.push({ learner, url, init });
    return new Response(exchange.answer, { status: response.status, headers: response.headers });
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
