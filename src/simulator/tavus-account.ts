import type { ConversationEvent } from './conversation-events.js';
import { endedEvents, joinedEvents } from './conversation-events.js';
import type { Plan } from './conversation-terms.js';
import { readTerms } from './conversation-terms.js';
import type { EndCause } from './conversation.js';
import { Conversation } from './conversation.js';
import { REFUSALS, TavusRefusal } from './refusal.js';

export interface AccountWorld {
  /** ms since the epoch */
  now(): number;
  /** Letters and digits, never the same twice. */
  newId(): string;
  /** Something happened that Tavus would tell the owner. */
  tell(conversation: Conversation, event: ConversationEvent): void;
}

/** The conversations of one Tavus account: their slots, their credits, and their ending on time. */
export class TavusAccount {
  readonly #plan: Plan;
  readonly #world: AccountWorld;
  readonly #conversations = new Map<string, Conversation>();
  readonly #active = new Set<Conversation>();
  #settledMs = 0;

  constructor(plan: Plan, world: AccountWorld) {
    this.#plan = plan;
    this.#world = world;
  }

  /** Oldest first, deleted ones included. */
  get conversations(): readonly Conversation[] {
    return [...this.#conversations.values()];
  }

  /** Paid so far, running conversations included, in ms. */
  get billedMs(): number {
    const now = this.#world.now();
    return [...this.#active].reduce((sum, conversation) => sum + conversation.billedMs(now), this.#settledMs);
  }

  /** When the next conversation ends if nobody does anything, in ms since the epoch; `Infinity` if none does. */
  get nextDeadline(): number {
    return Math.min(this.#creditsEndAt(), ...[...this.#active].map((conversation) => conversation.deadline.at));
  }

  /**
   * Ends what was due by now, in the order of the moments and each at its own moment, so that it does not
   * matter how late this is called.
   */
  advance(): void {
    for (let at = this.nextDeadline; at <= this.#world.now(); at = this.nextDeadline) {
      const outOfCredits = this.#creditsEndAt() <= at;
      for (const conversation of [...this.#active]) {
        if (outOfCredits) this.#end(conversation, at, 'out_of_credits');
        else if (conversation.deadline.at <= at) this.#end(conversation, at, conversation.deadline.cause);
      }
    }
  }

  /** @throws TavusRefusal 400, 402 */
  create(request: unknown): Conversation {
    const { now, newId } = this.#world;
    const createdAt = now();
    const terms = readTerms(request, this.#plan, createdAt);
    if (!terms.test_mode) {
      if (this.billedMs >= this.#plan.creditsSeconds * 1000) throw new TavusRefusal(REFUSALS.credits);
      if (this.#active.size >= this.#plan.concurrency) throw new TavusRefusal(REFUSALS.concurrency);
    }
    const meetingToken = terms.require_auth ? newId() : null;
    const conversation = new Conversation({ id: `c${newId()}`, createdAt, terms, request, meetingToken });
    this.#conversations.set(conversation.id, conversation);
    if (terms.test_mode) {
      conversation.end({ at: createdAt, cause: 'test_mode' });
    } else {
      this.#active.add(conversation);
      this.#tell(conversation, joinedEvents(conversation));
    }
    return conversation;
  }

  /** `undefined` when there is none, or no longer. */
  find(id: string): Conversation | undefined {
    const conversation = this.#conversations.get(id);
    return conversation?.deleted ? undefined : conversation;
  }

  /** @throws TavusRefusal 400 when there is none, or no longer */
  get(id: string): Conversation {
    const conversation = this.find(id);
    if (!conversation) throw new TavusRefusal(REFUSALS.unknown_conversation);
    return conversation;
  }

  /** Ends a running conversation now; one that has ended stays as it is. */
  end(conversation: Conversation, cause: EndCause): void {
    if (this.#active.has(conversation)) this.#end(conversation, this.#world.now(), cause);
  }

  delete(conversation: Conversation): void {
    this.end(conversation, 'daily_room_has_been_deleted');
    conversation.deleted = true;
  }

  #end(conversation: Conversation, at: number, cause: EndCause): void {
    conversation.end({ at, cause });
    this.#active.delete(conversation);
    this.#settledMs += conversation.billedMs(at);
    this.#tell(conversation, endedEvents(conversation, at, cause));
  }

  #tell(conversation: Conversation, events: ConversationEvent[]): void {
    for (const event of events) {
      conversation.events.push(event);
      this.#world.tell(conversation, event);
    }
  }

  /** The moment the running conversations together have used up what is left. */
  #creditsEndAt(): number {
    if (this.#active.size === 0) return Infinity;
    const startSum = [...this.#active].reduce((sum, conversation) => sum + conversation.createdAt, 0);
    const leftMs = this.#plan.creditsSeconds * 1000 - this.#settledMs;
    return Math.ceil((leftMs + startSum) / this.#active.size);
  }
}
