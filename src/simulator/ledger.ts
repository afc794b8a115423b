import type { CallbackRecord } from './callbacks.js';
import type { ConversationTerms } from './conversation-terms.js';
import type { Conversation, EndCause } from './conversation.js';
import type { Call } from './faults.js';
import type { TavusAccount } from './tavus-account.js';

/** One call that came in. */
export interface CallRecord {
  /** When it came, in ms since the epoch. */
  at: number;
  call: Call | 'unknown';
  method: string;
  /** Without the query, which may carry a meeting token. */
  path: string;
  /** HTTP status; `'reset'` when the connection broke, `null` while there is no answer. */
  status: number | 'reset' | null;
}

/** What one conversation would have cost. Moments in ms since the epoch. */
export interface LedgerEntry {
  id: string;
  name: string;
  createdAt: number;
  endedAt: number | null;
  /** Paid seconds from the creation to the end, or to now; exact to the millisecond, not rounded up. */
  seconds: number;
  /** Why it really ended; `null` while it runs. */
  reason: EndCause | 'test_mode' | null;
  deleted: boolean;
  /** The request as Tavus understood it: the caps it honours. */
  terms: ConversationTerms;
  /** The request as it came. */
  request: unknown;
  joins: { participant: string; joinedAt: number; leftAt: number | null }[];
}

/** Everything that would be on the bill, and how it came about. */
export interface Ledger {
  paidSeconds: number;
  /** Oldest first. */
  conversations: LedgerEntry[];
  /** In the order they came; the ledger's own and the faults' are not among them. */
  calls: CallRecord[];
  callbacks: CallbackRecord[];
}

const entry = (conversation: Conversation, now: number): LedgerEntry => ({
  id: conversation.id,
  name: conversation.terms.conversation_name,
  createdAt: conversation.createdAt,
  endedAt: conversation.ending?.at ?? null,
  seconds: conversation.billedMs(now) / 1000,
  reason: conversation.ending?.cause ?? null,
  deleted: conversation.deleted,
  terms: conversation.terms,
  request: conversation.request,
  joins: conversation.joins(now),
});

/** A copy: what happens later does not change it. */
export const ledgerOf = (
  account: TavusAccount,
  calls: readonly CallRecord[],
  callbacks: readonly CallbackRecord[],
  now: number,
): Ledger => ({
  paidSeconds: account.billedMs / 1000,
  conversations: account.conversations.map((conversation) => entry(conversation, now)),
  calls: calls.map((call) => ({ ...call })),
  callbacks: callbacks.map((callback) => ({ ...callback })),
});
