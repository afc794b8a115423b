import { ConnectionReset } from '../../src/simulator/faults.js';
import { lightRequest, lightResponse } from './light-http.js';
import type { Random } from './random.js';
import type { VirtualTime } from './virtual-time.js';

/** How the way between our servers and Tavus fails, each a share of calls, 0–1. */
export interface TavusWeather {
  /** Refused before a byte was sent. */
  refused: number;
  /** Broken before Tavus read the request. */
  lostOut: number;
  /** Broken after Tavus acted. */
  lostBack: number;
  /** No answer ever, acted upon or not. */
  silent: number;
}

export const FAIR_WEATHER: TavusWeather = { refused: 0, lostOut: 0, lostBack: 0, silent: 0 };

/** Milliseconds one way. Below the settle window together with the server's time-out. */
const LATENCY = { least: 5, most: 400 };

const broken = (): Error =>
  new TypeError('fetch failed', { cause: Object.assign(new Error('reset'), { code: 'ECONNRESET' }) });
const refused = (): Error =>
  new TypeError('fetch failed', { cause: Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }) });

/** The network between our servers and the simulated Tavus. */
export class TavusLink {
  weather: TavusWeather = FAIR_WEATHER;
  readonly #time: VirtualTime;
  readonly #random: Random;
  readonly #tavus: { handle(request: Request): Promise<Response> };

  constructor(time: VirtualTime, random: Random, tavus: { handle(request: Request): Promise<Response> }) {
    this.#time = time;
    this.#random = random;
    this.#tavus = tavus;
  }

  /** @param onCreated told when the answer gets through that a conversation was created */
  async fetch(url: string, init: RequestInit, onCreated: (conversationId: string) => void): Promise<Response> {
    const response = await this.#fetch(url, init);
    if (init.method !== 'POST' || !url.endsWith('/v2/conversations')) return response;
    const text = await response.text();
    const [, id] = (response.status === 200 && /^\{"conversation_id":"(\w+)".*\}$/.exec(text)) || [];
    if (id !== undefined) onCreated(id);
    return lightResponse(response.status, text, response.headers);
  }

  async #fetch(url: string, init: RequestInit): Promise<Response> {
    const { signal, method = 'GET', headers, body } = init;
    const said = { method, headers, body: typeof body === 'string' ? body : null };
    const aborted = new Promise<never>((_, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason as Error));
    });
    return Promise.race([this.#exchange(lightRequest(url, said)), aborted]);
  }

  async #exchange(request: Request): Promise<Response> {
    const { refused: no, lostOut, lostBack, silent } = this.weather;
    const fate = this.#random.next();
    if (fate < no) throw refused();
    await this.#time.wait(this.#random.whole(LATENCY.least, LATENCY.most));
    if (fate < no + lostOut) throw broken();
    if (fate < no + lostOut + silent / 2) return new Promise(() => undefined);
    const response = await this.#tavus.handle(request).catch((cause: unknown) => {
      throw cause instanceof ConnectionReset ? broken() : cause;
    });
    await this.#time.wait(this.#random.whole(LATENCY.least, LATENCY.most));
    if (fate < no + lostOut + silent) return new Promise(() => undefined);
    if (fate < no + lostOut + silent + lostBack) throw broken();
    return response;
  }
}
