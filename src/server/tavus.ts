import type { Course } from './courses.js';
import type { ProviderCode } from './provider-advice.js';
import { TavusError, type TavusRequests } from './tavus-requests.js';

/** What the service promises its bill payer about one conversation. Lengths are seconds. */
export interface ConversationRequest {
  course: Course;
  /** Goes into `conversation_name`, so that a lost answer can be found again. */
  tag: string;
  callbackUrl: string | null;
  context: string | undefined;
  /** Names of the stores the replica remembers in. */
  memoryStores: readonly string[];
  maxCallSeconds: number;
  absentSeconds: number;
}

export interface Conversation {
  id: string;
  name: string;
  url: string;
  token: string | undefined;
  ended: boolean;
}

/** What is known after asking for a conversation once. Everything doubtful is `unknown`. */
export type CreateOutcome =
  | { kind: 'created'; conversation: Conversation }
  | { kind: 'refused'; code: ProviderCode }
  | { kind: 'unknown'; cause: string };

/** Tavus as this server sees it. */
export interface Tavus {
  /** Asks once and never again, whatever happens. Never rejects. */
  create(request: ConversationRequest): Promise<CreateOutcome>;
  /** Null for a conversation Tavus does not know. @throws TavusError when the answer is not to be had */
  get(id: string): Promise<Conversation | null>;
  /** Resolves when the conversation is certainly over. @throws TavusError */
  end(id: string): Promise<void>;
  /** All conversations that cost money at this moment. @throws TavusError */
  listActive(): Promise<Conversation[]>;
  /** Why it is not worth asking for a conversation now; null when it is. Never rejects. */
  unready: TavusRequests['unready'];
}

/** Seconds after which Tavus ends a conversation whose last human left. */
const LEFT_SECONDS = 30;
const PAGE_SIZE = 100;

export function createTavus({ ask, askAgain, unready }: TavusRequests): Tavus {
  return {
    unready,

    async create(request) {
      const body = {
        ...identityOf(request.course),
        conversation_name: request.tag,
        ...(request.callbackUrl && { callback_url: request.callbackUrl }),
        ...(request.context && { conversational_context: request.context }),
        ...(request.course.greeting && { custom_greeting: request.course.greeting }),
        ...(request.memoryStores.length > 0 && { memory_stores: request.memoryStores }),
        require_auth: true,
        // The face and the ghost of a reloaded page each take a place; the token keeps strangers out.
        max_participants: 3,
        properties: {
          max_call_duration: request.maxCallSeconds,
          participant_absent_timeout: request.absentSeconds,
          participant_left_timeout: LEFT_SECONDS,
          enable_closed_captions: true,
          ...(request.course.recorded && { enable_recording: true }),
        },
      };
      try {
        const { status, text } = await ask('POST', '/v2/conversations', body);
        return judgeCreate(status, text);
      } catch (cause) {
        if (neverSent(cause)) return { kind: 'refused', code: 'provider_unavailable' };
        return { kind: 'unknown', cause: cause instanceof Error ? cause.message : String(cause) };
      }
    },

    async get(id) {
      const { status, text } = await askAgain('GET', `/v2/conversations/${encodeURIComponent(id)}`);
      if (isUnknownId(status, text)) return null;
      const conversation = status === 200 ? readConversation(parse(text)) : null;
      if (!conversation) throw new TavusError(`reading: ${status}`, status);
      return conversation;
    },

    async end(id) {
      const { status, text } = await askAgain('POST', `/v2/conversations/${encodeURIComponent(id)}/end`);
      if (!isUnknownId(status, text)) {
        if (status !== 200 && status !== 204) throw new TavusError(`ending: ${status}`, status);
      }
      // Tavus confirms with an empty body. Anything else may come from something between us that has done nothing, and
      // one that is not known any more is not known by any address.
      if (text.trim() !== '' && (await this.get(id))?.ended === false)
        throw new TavusError('ending: not confirmed', status);
    },

    async listActive() {
      const found = new Map<string, Conversation>();
      for (let page = 1; ; page++) {
        const { status, text } = await askAgain(
          'GET',
          `/v2/conversations?status=active&limit=${PAGE_SIZE}&page=${page}`,
        );
        const data = status === 200 ? (parse(text) as { data?: unknown } | null)?.data : null;
        if (!Array.isArray(data)) throw new TavusError(`listing: ${status}`, status);
        const before = found.size;
        for (const entry of data) {
          const conversation = readConversation(entry);
          if (conversation && !conversation.ended) found.set(conversation.id, conversation);
        }
        // Stops at a short page, and at a server that ignores `page` and repeats itself.
        if (data.length < PAGE_SIZE || found.size === before) return [...found.values()];
      }
    },
  };
}

function identityOf({ palId, personaId, faceId, replicaId }: Course): object {
  return {
    ...(palId && { pal_id: palId }),
    ...(personaId && { persona_id: personaId }),
    ...(faceId && { face_id: faceId }),
    ...(replicaId && { replica_id: replicaId }),
  };
}

/** The closed list of answers after which certainly nothing was created. Everything else is unknown. */
function judgeCreate(status: number, text: string): CreateOutcome {
  if (status === 200 || status === 201) {
    const conversation = readConversation(parse(text));
    return conversation ? { kind: 'created', conversation } : { kind: 'unknown', cause: 'unreadable answer' };
  }
  if (status === 402) return { kind: 'refused', code: 'out_of_credits' };
  if (status === 429) return { kind: 'refused', code: 'provider_busy' };
  if ([401, 403, 404, 422].includes(status)) return { kind: 'refused', code: 'provider_misconfigured' };
  if (status === 400) {
    if (/maximum concurrent/i.test(text)) return { kind: 'refused', code: 'provider_busy' };
    if (/out of .*credits/i.test(text)) return { kind: 'refused', code: 'out_of_credits' };
    if (/cannot have both|is required|invalid (face|pal|persona|replica|propert)|validation/i.test(text))
      return { kind: 'refused', code: 'provider_misconfigured' };
  }
  return { kind: 'unknown', cause: `status ${status}` };
}

/** Docs say that an unknown id is a 400; a 404 of Tavus's own would mean the same, one of a proxy means nothing. */
const isUnknownId = (status: number, text: string): boolean =>
  (status === 404 && parse(text) !== null) || (status === 400 && /invalid conversation/i.test(text));

/** The connection was refused before a byte of the request could be read. */
function neverSent(cause: unknown): boolean {
  for (let error = cause; error instanceof Error; error = error.cause) {
    const code = 'code' in error ? error.code : undefined;
    if (code === 'ECONNREFUSED' || code === 'ENOTFOUND') return true;
  }
  return false;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function readConversation(value: unknown): Conversation | null {
  if (typeof value !== 'object' || value === null) return null;
  const fields = value as Record<string, unknown>;
  const { conversation_id: id, conversation_url: url, conversation_name: name, meeting_token: token, status } = fields;
  if (typeof id !== 'string' || !id) return null;
  return {
    id,
    url: typeof url === 'string' ? url : '',
    name: typeof name === 'string' ? name : '',
    token: typeof token === 'string' ? token : undefined,
    ended: status === 'ended',
  };
}
