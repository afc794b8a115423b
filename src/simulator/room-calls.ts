import type { Conversation } from './conversation.js';
import type { CallHandler } from './rest-calls.js';
import { roomNotice, roomPage } from './room-page.js';
import type { TavusAccount } from './tavus-account.js';

export interface RoomWorld {
  /** ms since the epoch */
  now(): number;
  newId(): string;
}

/** Why a page does not get, or keep, a place in the room, in the words of Daily's fatal errors. */
type RoomError = 'exp-token' | 'no-room' | 'meeting-full' | 'connection-error' | 'ejected';

// With status 200: browsers put every other one on the console of the page around the room.
const refuse = (error: RoomError): Response => Response.json({ error });

const field = (body: unknown, name: string): string | null => {
  const value: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, name) : null;
  return typeof value === 'string' ? value : null;
};

/** The rooms: their pages, and what those pages say about who is there. */
export const roomCalls = (account: TavusAccount, { now, newId }: RoomWorld) => {
  const inRoom = (id: string, answer: (conversation: Conversation) => Response): Response => {
    const conversation = account.find(id);
    if (!conversation) return refuse('no-room');
    return conversation.status === 'ended' ? refuse('ejected') : answer(conversation);
  };

  return {
    room: ({ id, query }) => {
      const conversation = account.find(id);
      if (!conversation) return roomNotice(404, 'This room does not exist');
      if (conversation.status === 'ended') return roomNotice(410, 'Meeting has ended');
      if (!conversation.admits(query.get('t'), now())) return roomNotice(403, 'The meeting token is not valid');
      return roomPage();
    },

    join: ({ id, body }) =>
      inRoom(id, (conversation) => {
        if (!conversation.admits(field(body, 'token'), now())) return refuse('exp-token');
        if (conversation.isFull(now())) return refuse('meeting-full');
        const participant = newId();
        conversation.join(participant, now());
        return Response.json({ participant });
      }),

    alive: ({ id, body }) =>
      inRoom(id, (conversation) => {
        const known = conversation.keepAlive(field(body, 'participant') ?? '', now());
        return known ? Response.json({}) : refuse('connection-error');
      }),

    leave: ({ id, body }) =>
      inRoom(id, (conversation) => {
        conversation.leave(field(body, 'participant') ?? '', now());
        return Response.json({});
      }),
  } satisfies Record<string, CallHandler>;
};
