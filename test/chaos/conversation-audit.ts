import type { Ledger } from '../../src/simulator/ledger.js';

export interface ConversationAudit {
  complaints: string[];
  creates: number;
  conversations: number;
  /** Seconds the most stubborn conversation went on after the last sign of life. */
  longest: number;
}

/**
 * No run may have been bought twice, and no conversation may have outlived its learner for long.
 *
 * @param lastSign when a session's learner was last heard, in ms since 1970; 0 for never
 * @param limit seconds
 */
export function auditConversations(
  { conversations, calls }: Ledger,
  lastSign: (sessionId: string) => number,
  limit: number,
): ConversationAudit {
  const complaints: string[] = [];
  const names = new Set<string>();
  let longest = 0;
  for (const { id, name, createdAt, endedAt } of conversations) {
    if (names.has(name)) complaints.push(`${name} was bought twice`);
    names.add(name);
    const sign = Math.max(createdAt, lastSign(name.split('/')[2] ?? ''));
    const beyond = ((endedAt ?? Date.now()) - sign) / 1000;
    longest = Math.max(longest, beyond);
    if (endedAt === null) complaints.push(`${id} is still running`);
    else if (beyond > limit) complaints.push(`${id} ran ${beyond.toFixed(1)} s after the last sign of life`);
  }
  const creates = calls.filter(({ call }) => call === 'create').length;
  return { complaints, creates, conversations: conversations.length, longest };
}
