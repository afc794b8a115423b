import type { CallbackBody } from '../../src/simulator/callbacks.js';
import type { Plan } from '../../src/simulator/conversation-terms.js';
import type { SimulatorWorld } from '../../src/simulator/tavus-simulator.js';
import { TavusSimulator } from '../../src/simulator/tavus-simulator.js';

const BASE = 'http://tavus.test';

export const START = Date.parse('2026-01-01T00:00:00.000Z');

interface Answer {
  status: number;
  text: string;
  /** The body as JSON, `null` when it is none. */
  json: Record<string, unknown> | null;
}

/** The parts of a create that the tests are about, on top of a pal. */
export type Wish = Record<string, unknown> & { properties?: Record<string, unknown> };

interface VirtualOptions {
  plan?: Partial<Plan>;
  deliver?: SimulatorWorld['deliver'];
  /** False: time passes without any timer ever firing. */
  timers?: boolean;
}

/** A simulator without network, in a time that passes only when told. */
export class VirtualSimulator {
  readonly simulator: TavusSimulator;
  /** What was delivered, and when, in seconds since the start. */
  readonly delivered: { seconds: number; url: string; body: CallbackBody }[] = [];
  #now = START;
  #ids = 0;
  #chance = 0;
  #alarms: { at: number; run: () => void }[] = [];

  constructor({ plan, deliver, timers = true }: VirtualOptions = {}) {
    this.simulator = new TavusSimulator({
      now: () => this.#now,
      schedule: (at, run) => {
        const alarm = { at, run };
        if (timers) this.#alarms.push(alarm);
        return () => {
          this.#alarms = this.#alarms.filter((other) => other !== alarm);
        };
      },
      random: () => (this.#chance = (this.#chance + 0.618) % 1),
      newId: () => `id${++this.#ids}`,
      deliver: deliver ?? ((url, body) => void this.delivered.push({ seconds: (this.#now - START) / 1000, url, body })),
      publicUrl: BASE,
      plan,
    });
  }

  /** Lets so many seconds pass; what is scheduled meanwhile happens at its moment. */
  travel(seconds: number): void {
    const until = this.#now + seconds * 1000;
    for (;;) {
      const next = this.#alarms.filter(({ at }) => at <= until).sort((one, other) => one.at - other.at)[0];
      if (!next) break;
      this.#alarms = this.#alarms.filter((alarm) => alarm !== next);
      this.#now = Math.max(this.#now, next.at);
      next.run();
    }
    this.#now = until;
  }

  async call(method: string, path: string, body?: unknown): Promise<Answer> {
    const init = { method, headers: { 'x-api-key': 'key' }, ...(body !== undefined && { body: JSON.stringify(body) }) };
    const response = await this.simulator.handle(new Request(BASE + path, init));
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') && text !== '';
    return { status: response.status, text, json: isJson ? (JSON.parse(text) as Answer['json']) : null };
  }

  /** Creates a conversation and returns its id. */
  async create(wish: Wish = {}): Promise<string> {
    const { json } = await this.call('POST', '/v2/conversations', { pal_id: 'p1', ...wish });
    return String(json?.['conversation_id']);
  }

  /** Joins the room and returns the participant. */
  async join(id: string, token?: unknown): Promise<string> {
    const { json } = await this.call('POST', `/rooms/${id}/join`, { token });
    return String(json?.['participant']);
  }

  async alive(id: string, participant: string): Promise<void> {
    await this.call('POST', `/rooms/${id}/alive`, { participant });
  }

  async leave(id: string, participant: string): Promise<void> {
    await this.call('POST', `/rooms/${id}/leave`, { participant });
  }

  /** Stays in the room for so many seconds, as an open page does. */
  async stay(id: string, participant: string, seconds: number): Promise<void> {
    for (let passed = 0; passed < seconds; passed += 5) {
      this.travel(Math.min(5, seconds - passed));
      await this.alive(id, participant);
    }
  }

  /** What the bill says about one conversation. */
  bill(id: string): { seconds: number; reason: string | null } {
    const found = this.simulator.ledger.conversations.find((conversation) => conversation.id === id);
    if (!found) throw new Error(`${id} is not in the ledger`);
    return { seconds: found.seconds, reason: found.reason };
  }
}
