import type { ConversationEvent } from './conversation-events.js';
import type { ConversationTerms } from './conversation-terms.js';

/** Why a conversation is over, as it really was. Tavus's own words for it are in conversation-events.ts. */
export type EndCause =
  | 'max_call_duration'
  | 'participant_left_timeout'
  | 'participant_absent_timeout'
  | 'end_conversation_endpoint_hit'
  | 'daily_room_has_been_deleted'
  | 'out_of_credits';

/** `at` is ms since the epoch. A conversation in test mode has ended as soon as it is made. */
export interface Ending<Cause = EndCause | 'test_mode'> {
  at: number;
  cause: Cause;
}

/** A page in the room. Times in ms since the epoch. */
interface Participant {
  id: string;
  joinedAt: number;
  seenAt: number;
  leftAt: number | null;
}

/** How long a page that went silent without leaving keeps its place in the room, in ms. */
export const GHOST_MS = 20_000;

const goneAt = (participant: Participant): number => participant.leftAt ?? participant.seenAt + GHOST_MS;

/**
 * One paid conversation and the people in its room. Knows when it would end by itself; the account
 * makes it so. Every `now` is ms since the epoch.
 */
export class Conversation {
  readonly id: string;
  readonly createdAt: number;
  readonly terms: ConversationTerms;
  /** The create request as it came. */
  readonly request: unknown;
  readonly meetingToken: string | null;
  readonly events: ConversationEvent[] = [];
  deleted = false;
  readonly #participants = new Map<string, Participant>();
  #ending: Ending | null = null;

  constructor(init: Pick<Conversation, 'id' | 'createdAt' | 'terms' | 'request' | 'meetingToken'>) {
    this.id = init.id;
    this.createdAt = init.createdAt;
    this.terms = init.terms;
    this.request = init.request;
    this.meetingToken = init.meetingToken;
  }

  get ending(): Ending | null {
    return this.#ending;
  }

  get status(): 'active' | 'ended' {
    return this.#ending ? 'ended' : 'active';
  }

  /** When and why it ends if nobody does anything from here on. */
  get deadline(): Ending<EndCause> {
    const { max_call_duration, participant_left_timeout, participant_absent_timeout } = this.terms;
    const endings: Ending<EndCause>[] = [{ at: this.createdAt + max_call_duration * 1000, cause: 'max_call_duration' }];
    const people = [...this.#participants.values()];
    if (people.length === 0) {
      const at = this.createdAt + participant_absent_timeout * 1000;
      endings.push({ at, cause: 'participant_absent_timeout' });
    } else if (participant_left_timeout !== null) {
      const at = Math.max(...people.map(goneAt)) + participant_left_timeout * 1000;
      endings.push({ at, cause: 'participant_left_timeout' });
    }
    return endings.reduce((first, other) => (other.at < first.at ? other : first));
  }

  end(ending: Ending): void {
    this.#ending ??= ending;
  }

  /** From the creation on, whether or not anybody came. A conversation in test mode costs nothing. */
  billedMs(now: number): number {
    return (this.#ending?.at ?? now) - this.createdAt;
  }

  /** The token admits from the creation until the absent time-out, not after; a public room admits anybody. */
  admits(token: string | null, now: number): boolean {
    if (this.meetingToken === null) return true;
    return token === this.meetingToken && now < this.createdAt + this.terms.participant_absent_timeout * 1000;
  }

  isFull(now: number): boolean {
    const people = [...this.#participants.values()].filter((participant) => goneAt(participant) > now);
    const face = 1;
    return this.terms.max_participants !== null && people.length + face >= this.terms.max_participants;
  }

  join(participant: string, now: number): void {
    this.#participants.set(participant, { id: participant, joinedAt: now, seenAt: now, leftAt: null });
  }

  /** A page says that it is still there. False when it is not, or no longer, somebody of this room. */
  keepAlive(participant: string, now: number): boolean {
    const known = this.#participants.get(participant);
    if (!known || known.leftAt !== null) return false;
    if (goneAt(known) <= now && this.isFull(now)) return false;
    known.seenAt = now;
    return true;
  }

  leave(participant: string, now: number): void {
    const known = this.#participants.get(participant);
    if (known && goneAt(known) > now) known.leftAt = now;
  }

  /** Who was in the room, and when. `leftAt` is `null` while they are there. */
  joins(now: number): { participant: string; joinedAt: number; leftAt: number | null }[] {
    const closed = this.#ending?.at ?? Infinity;
    return [...this.#participants.values()].map((participant) => {
      const left = Math.min(goneAt(participant), closed);
      return { participant: participant.id, joinedAt: participant.joinedAt, leftAt: left <= now ? left : null };
    });
  }
}
