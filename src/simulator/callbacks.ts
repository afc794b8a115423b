import type { ConversationEvent } from './conversation-events.js';
import type { Conversation } from './conversation.js';

/** What arrives at a `callback_url`. */
export interface CallbackBody extends ConversationEvent {
  conversation_id: string;
  webhook_url: string;
}

/** One delivery as it went; `outcome` is `pending`, `delivered`, or what went wrong. `at` is ms since the epoch. */
export interface CallbackRecord {
  at: number;
  url: string;
  conversationId: string;
  eventType: string;
  outcome: string;
}

const LATENCY_MS = 500;

/** When the copies of one callback are sent, in ms after the event. */
const SENDINGS = {
  once: () => [LATENCY_MS],
  twice: () => [LATENCY_MS, 2 * LATENCY_MS],
  shuffled: (random: () => number) => [LATENCY_MS + Math.floor(random() * 10_000)],
  delayed: () => [60_000],
  none: () => [],
} as const satisfies Record<string, (random: () => number) => readonly number[]>;

/** How callbacks travel. Tavus promises neither order nor number, and repeats nothing that failed. */
export type DeliveryMode = keyof typeof SENDINGS;

export const isDeliveryMode = (mode: unknown): mode is DeliveryMode =>
  typeof mode === 'string' && Object.hasOwn(SENDINGS, mode);

export interface CallbackWorld {
  /** ms since the epoch */
  now(): number;
  /** At least 0, less than 1. */
  random(): number;
  /** Posts the body. A throw or a rejection is noted in the ledger; the callback is lost. */
  deliver(url: string, body: CallbackBody): void | Promise<void>;
}

/** The callbacks on their way. */
export class Callbacks {
  mode: DeliveryMode = 'once';
  readonly records: CallbackRecord[] = [];
  readonly #world: CallbackWorld;
  #waiting: { at: number; body: CallbackBody }[] = [];

  constructor(world: CallbackWorld) {
    this.#world = world;
  }

  /** When the next one is sent, in ms since the epoch; `Infinity` when none waits. */
  get nextDue(): number {
    return Math.min(Infinity, ...this.#waiting.map(({ at }) => at));
  }

  tell(conversation: Conversation, event: ConversationEvent): void {
    const url = conversation.terms.callback_url;
    if (url === '') return;
    const body = { ...event, conversation_id: conversation.id, webhook_url: url };
    const happened = Date.parse(event.timestamp);
    for (const after of SENDINGS[this.mode](this.#world.random)) this.#waiting.push({ at: happened + after, body });
  }

  /** Sends what is due by now. */
  advance(): void {
    const now = this.#world.now();
    const due = this.#waiting.filter(({ at }) => at <= now).sort((one, other) => one.at - other.at);
    this.#waiting = this.#waiting.filter(({ at }) => at > now);
    for (const { body } of due) void this.#send(body);
  }

  async #send(body: CallbackBody): Promise<void> {
    const record: CallbackRecord = {
      at: this.#world.now(),
      url: body.webhook_url,
      conversationId: body.conversation_id,
      eventType: body.event_type,
      outcome: 'pending',
    };
    this.records.push(record);
    try {
      await this.#world.deliver(body.webhook_url, body);
      record.outcome = 'delivered';
    } catch (error) {
      record.outcome = String(error);
    }
  }
}
