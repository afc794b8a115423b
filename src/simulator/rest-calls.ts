import { asRead, shutdownReason } from './conversation-events.js';
import type { Conversation } from './conversation.js';
import type { TavusAccount } from './tavus-account.js';

/** A call that has been told from the others by method and path. */
export interface CallInput {
  /** The conversation the path names, else empty. */
  id: string;
  query: URLSearchParams;
  /** The JSON body; `undefined` when there is none or it is not JSON. */
  body: unknown;
}

/** Answers a call at once: whatever it changes, it changes in one step. @throws TavusRefusal */
export type CallHandler = (input: CallInput) => Response;

const iso = (ms: number): string => new Date(ms).toISOString();

const positive = (text: string | null, otherwise: number): number => {
  const value = Number(text);
  return Number.isInteger(value) && value > 0 ? value : otherwise;
};

/** Tavus's REST interface, version 2, over one account. `publicUrl` is where the rooms are. */
export const restCalls = (account: TavusAccount, publicUrl: string) => {
  const view = (conversation: Conversation) => ({
    conversation_id: conversation.id,
    conversation_name: conversation.terms.conversation_name,
    conversation_url: `${publicUrl}/rooms/${conversation.id}`,
    status: conversation.status,
    callback_url: conversation.terms.callback_url,
    created_at: iso(conversation.createdAt),
  });

  const fullView = (conversation: Conversation) => ({
    ...view(conversation),
    pal_id: conversation.terms.pal_id,
    persona_id: conversation.terms.pal_id,
    face_id: conversation.terms.face_id,
    replica_id: conversation.terms.face_id,
    updated_at: iso(conversation.ending?.at ?? conversation.createdAt),
  });

  return {
    create: ({ body }) => {
      const conversation = account.create(body);
      const token = conversation.meetingToken;
      return Response.json({ ...view(conversation), ...(token !== null && { meeting_token: token }) });
    },

    list: ({ query }) => {
      const [limit, page, status] = [
        positive(query.get('limit'), 10),
        positive(query.get('page'), 1),
        query.get('status'),
      ];
      const matching = account.conversations
        .filter((conversation) => !conversation.deleted && (!status || conversation.status === status))
        .reverse();
      const data = matching.slice((page - 1) * limit, page * limit).map(fullView);
      return Response.json({ data, total_count: matching.length });
    },

    get: ({ id, query }) => {
      const conversation = account.get(id);
      if (query.get('verbose') !== 'true') return Response.json(fullView(conversation));
      const events = conversation.events.map(asRead);
      return Response.json({
        ...fullView(conversation),
        shutdown_reason: shutdownReason(conversation.ending),
        events,
      });
    },

    end: ({ id }) => {
      account.end(account.get(id), 'end_conversation_endpoint_hit');
      return new Response(null);
    },

    delete: ({ id }) => {
      account.delete(account.get(id));
      return new Response(null, { status: 204 });
    },
  } satisfies Record<string, CallHandler>;
};
