import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../simulation/random.js';
import type { JournalEntry } from './journal.js';

/** `cut`: requests never arrive. `deaf`: they do, and their answers get lost. `stormy`: each request has its own luck. */
export type Weather = 'fair' | 'cut' | 'deaf' | 'slow' | 'stormy';

const SLOWEST_MILLISECONDS = 1500;
const API = '/api/practice';

/**
 * The host's site: the page, which always arrives and whose journal is always taken, and the backend behind a
 * network that loses requests and answers.
 */
export class LossyProxy {
  weather: Weather = 'fair';
  /** Answers of the backend with status 500. */
  readonly complaints: string[] = [];
  readonly #backend: string;
  readonly #random: Random;
  readonly #onJournal: (entry: JournalEntry) => void;
  readonly #signs = new Map<string, number>();
  readonly #server: Server;

  /** @param backend base URL of the server, without a path */
  constructor(backend: string, random: Random, onJournal: (entry: JournalEntry) => void) {
    this.#backend = backend;
    this.#random = random;
    this.#onJournal = onJournal;
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  /** Resolves to the site's origin. */
  async listen(): Promise<string> {
    await once(this.#server.listen(0, '127.0.0.1'), 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** When the page sent the last request about a session that reached the backend, in ms since 1970; 0 for none. */
  lastSign(sessionId: string): number {
    return this.#signs.get(sessionId) ?? 0;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const { pathname } = new URL(request.url ?? '/', this.#backend);
      if (pathname === '/') return await sendFile(response, 'host-page.html', 'text/html');
      if (pathname === '/host-page.js') return await sendFile(response, 'host-page.js', 'text/javascript');
      if (pathname === '/journal') {
        this.#onJournal(JSON.parse(await text(request)) as JournalEntry);
        return void response.writeHead(204).end();
      }
      if (!pathname.startsWith(API)) return await this.#forward(request, response);
      await this.#forwardThroughWeather(request, response, pathname);
    } catch {
      // The browser or the backend hung up: to the other side, that is a connection that breaks.
      response.destroy();
    }
  }

  async #forwardThroughWeather(request: IncomingMessage, response: ServerResponse, pathname: string): Promise<void> {
    const sentAt = Date.now();
    const fate = this.weather === 'stormy' ? this.#random.pick<Weather>(['fair', 'cut', 'deaf', 'slow']) : this.weather;
    if (fate === 'cut') return void response.destroy();
    const body = await text(request);
    if (fate === 'slow') await sleep(this.#random.next() * SLOWEST_MILLISECONDS);
    const sessionId = /\/sessions\/([^/]+)/.exec(pathname)?.[1];
    if (sessionId) this.#signs.set(sessionId, Math.max(this.lastSign(sessionId), sentAt));
    const answer = await this.#ask(request, body);
    if (answer.statusCode === 500) this.complaints.push(`${request.method} ${pathname} was answered with 500`);
    const content = await text(answer);
    if (fate === 'slow') await sleep(this.#random.next() * SLOWEST_MILLISECONDS);
    if (fate === 'deaf') return void response.destroy();
    response.writeHead(answer.statusCode ?? 502, answer.headers).end(content);
  }

  async #forward(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const answer = await this.#ask(request, await text(request));
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  }

  async #ask(request: IncomingMessage, body: string): Promise<IncomingMessage> {
    const { method, headers } = request;
    const outgoing = httpRequest(new URL(request.url ?? '/', this.#backend), { method, headers, agent: false });
    outgoing.end(body);
    const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
    return answer;
  }
}

async function sendFile(response: ServerResponse, name: string, type: string): Promise<void> {
  response.writeHead(200, { 'content-type': `${type}; charset=utf-8`, 'cache-control': 'no-store' });
  response.end(await readFile(new URL(name, import.meta.url)));
}
