import type { DeliveryMode } from '../../src/simulator/callbacks.js';
import type { Fault } from '../../src/simulator/faults.js';
import type { Ledger, LedgerEntry } from '../../src/simulator/ledger.js';
import { TavusSimulator, type SimulatorOptions } from '../../src/simulator/tavus-simulator.js';
import { lightRequest } from './light-http.js';

export interface TavusWatcher {
  created(conversation: LedgerEntry): void;
  /** `startedAt`: when it was created, ms since 1970. */
  ended(conversation: LedgerEntry, startedAt: number): void;
}

interface Options extends Omit<SimulatorOptions, 'deliver'> {
  /** It knows no time-outs: they are far beyond the end of the world. */
  endless: boolean;
  callBack: (url: string) => Promise<void>;
}

/** The simulated Tavus, with somebody looking on. */
export class WatchedTavus {
  /** Addresses of callbacks, as they were given with each create. */
  readonly callbackUrls: string[] = [];
  readonly #simulator: TavusSimulator;
  readonly #endless: boolean;
  readonly #watcher: TavusWatcher;
  readonly #running = new Set<string>();
  readonly #over = new Set<string>();

  constructor({ endless, callBack, ...options }: Options, watcher: TavusWatcher) {
    this.#simulator = new TavusSimulator({ ...options, deliver: callBack });
    this.#endless = endless;
    this.#watcher = watcher;
  }

  get ledger(): Ledger {
    return this.#simulator.ledger;
  }

  isRunning(id: string): boolean {
    if (!this.#running.has(id) || this.#over.has(id)) return false;
    this.look();
    return !this.#over.has(id);
  }

  async handle(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    const isCreate = request.method === 'POST' && pathname === '/v2/conversations';
    try {
      return await this.#simulator.handle(isCreate && this.#endless ? await withoutTimeouts(request) : request);
    } finally {
      if (request.method === 'POST') this.look();
    }
  }

  /** Says what has begun and ended since the last look. */
  look(): void {
    for (const conversation of this.ledger.conversations) {
      const { id, createdAt, endedAt, terms } = conversation;
      if (this.#over.has(id)) continue;
      if (!this.#running.has(id)) {
        this.#running.add(id);
        if (terms.callback_url) this.callbackUrls.push(terms.callback_url);
        this.#watcher.created(conversation);
      }
      if (endedAt === null) continue;
      this.#over.add(id);
      this.#watcher.ended(conversation, createdAt);
    }
  }

  /** A page in a room says something. */
  async inRoom(url: string, body: object): Promise<{ participant?: string }> {
    const request = lightRequest(url, { method: 'POST', body: JSON.stringify(body) });
    return (await (await this.#simulator.handle(request)).json()) as { participant?: string };
  }

  addFault(fault: Fault): void {
    this.#simulator.setConditions({ faults: [...(this.#simulator.conditions.faults ?? []), fault] });
  }

  deliver(callbacks: DeliveryMode): void {
    this.#simulator.setConditions({ callbacks });
  }

  /** Nothing goes wrong any more. */
  calmDown(): void {
    this.#simulator.setConditions({ faults: [], callbacks: 'once' });
  }
}

async function withoutTimeouts(request: Request): Promise<Request> {
  const { properties, ...body } = (await request.json()) as { properties: Record<string, unknown> };
  const endless = {
    ...properties,
    max_call_duration: 3600,
    participant_absent_timeout: 3600,
    participant_left_timeout: 3600,
  };
  const { url, headers } = request;
  return lightRequest(url, { method: 'POST', headers, body: JSON.stringify({ ...body, properties: endless }) });
}
