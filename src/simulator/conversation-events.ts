import type { Conversation, EndCause, Ending } from './conversation.js';

/** Something Tavus tells: to the `callback_url`, and in `events[]` of a verbose read. */
export interface ConversationEvent {
  event_type: string;
  message_type: 'system' | 'application';
  /** ISO 8601 UTC */
  timestamp: string;
  properties: Readonly<Record<string, unknown>>;
}

/**
 * Tavus's words for an ending. Not uniform on purpose: the documentation's example drops " reached"; a
 * read after the call's own limit was observed to give null; an account that runs out of credits ends
 * its calls in the disguise of that limit.
 */
const SHUTDOWN_REASONS: Record<EndCause, { callback: string; verbose: string | null }> = {
  max_call_duration: { callback: 'max_call_duration reached', verbose: null },
  out_of_credits: { callback: 'max_call_duration reached', verbose: null },
  participant_left_timeout: { callback: 'participant_left_timeout', verbose: 'participant_left_timeout reached' },
  participant_absent_timeout: {
    callback: 'participant_absent_timeout reached',
    verbose: 'participant_absent_timeout reached',
  },
  end_conversation_endpoint_hit: {
    callback: 'end_conversation_endpoint_hit',
    verbose: 'end_conversation_endpoint_hit',
  },
  daily_room_has_been_deleted: { callback: 'daily_room_has_been_deleted', verbose: 'daily_room_has_been_deleted' },
};

/** What a verbose read says about the ending. */
export const shutdownReason = (ending: Ending | null): string | null =>
  ending === null || ending.cause === 'test_mode' ? null : SHUTDOWN_REASONS[ending.cause].verbose;

const event = (
  at: number,
  message_type: ConversationEvent['message_type'],
  event_type: string,
  properties: ConversationEvent['properties'],
): ConversationEvent => ({ event_type, message_type, timestamp: new Date(at).toISOString(), properties });

/** The face goes into the room at once and waits; it is announced under both its names. */
export const joinedEvents = ({ createdAt, terms }: Conversation): ConversationEvent[] => [
  event(createdAt, 'system', 'system.pal_joined', { face_id: terms.face_id }),
  event(createdAt, 'system', 'system.replica_joined', { replica_id: terms.face_id }),
];

/** The end, and when somebody had been there, what was said and seen. */
export const endedEvents = (conversation: Conversation, at: number, cause: EndCause): ConversationEvent[] => {
  const shutdown = event(at, 'system', 'system.shutdown', { shutdown_reason: SHUTDOWN_REASONS[cause].callback });
  const firstJoin = conversation.joins(at)[0];
  if (!firstJoin) return [shutdown];
  const line = (role: 'assistant' | 'user', content: string, seconds: number) => ({
    role,
    content,
    timestamp: new Date(firstJoin.joinedAt + seconds * 1000).toISOString(),
    seconds_from_start: (firstJoin.joinedAt - conversation.createdAt) / 1000 + seconds,
    duration: 2,
    inference_id: `${conversation.id}-${seconds}`,
  });
  const transcript = [
    line('assistant', 'Hello. I am a simulation: nobody is really here.', 1),
    line('user', 'Then I practise alone.', 4),
  ];
  return [
    shutdown,
    event(at, 'application', 'application.transcription_ready', { transcript }),
    event(at, 'application', 'application.perception_analysis', { analysis: 'Simulated: nothing was seen or heard.' }),
  ];
};

/** In `events[]` of a verbose read the shutdown property has another name than in the callback. */
export const asRead = (told: ConversationEvent): ConversationEvent => {
  if (told.event_type !== 'system.shutdown') return told;
  return { ...told, properties: { reason: told.properties['shutdown_reason'] } };
};
