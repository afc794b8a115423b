import { TavusRefusal, invalidRequest } from './refusal.js';

/** What the account has paid for. */
export interface Plan {
  /** Conversations that may be active at once. */
  concurrency: number;
  /** The longest call in seconds; longer wishes are lowered to it without a word. */
  maxCallSeconds: number;
  /** Conversation seconds left when the account opens; `Infinity` for no limit. */
  creditsSeconds: number;
}

/** A create request as Tavus understands it. All durations in whole seconds. */
export interface ConversationTerms {
  pal_id: string | null;
  face_id: string | null;
  conversation_name: string;
  callback_url: string;
  test_mode: boolean;
  require_auth: boolean;
  /** The face counts as one; `null`: no limit. */
  max_participants: number | null;
  max_call_duration: number;
  /** `null`: never asked for. Documented to mean 0; observed to mean that leaving ends nothing. */
  participant_left_timeout: number | null;
  /** Counted from the creation; also the life of the meeting token. */
  participant_absent_timeout: number;
}

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const refuse = (why: string): never => {
  throw new TavusRefusal(invalidRequest(why));
};

/** A thing Tavus renamed in 2026: either name will do, both together are refused. */
const renamed = (fields: Fields, name: string, oldName: string): string | null => {
  const [value, oldValue] = [fields[name] ?? null, fields[oldName] ?? null];
  if (value !== null && oldValue !== null) refuse(`Cannot have both ${oldName} and ${name}`);
  const id = value ?? oldValue;
  if (id !== null && (typeof id !== 'string' || id === '')) refuse(`${name} must be a string`);
  return id as string | null;
};

const text = (fields: Fields, name: string, otherwise: string): string => {
  const value = fields[name] ?? otherwise;
  return typeof value === 'string' ? value : refuse(`${name} must be a string`);
};

const wholeNumber = <T extends number | null>(
  fields: Fields,
  name: string,
  least: number,
  otherwise: T,
): number | T => {
  const value = fields[name] ?? null;
  if (value === null) return otherwise;
  if (typeof value === 'number' && Number.isInteger(value) && value >= least) return value;
  return refuse(`${name} must be a whole number of at least ${least}`);
};

/**
 * Reads a create request as Tavus does: both namings, caps only inside `properties`, anything unknown
 * or in the wrong place ignored without a word.
 *
 * @param now ms since the epoch, for the name of a nameless conversation
 * @throws TavusRefusal 400
 */
export const readTerms = (body: unknown, plan: Plan, now: number): ConversationTerms => {
  const fields = isFields(body) ? body : refuse('the body must be a JSON object');
  const properties = isFields(fields['properties']) ? fields['properties'] : {};
  const palId = renamed(fields, 'pal_id', 'persona_id');
  const faceId = renamed(fields, 'face_id', 'replica_id');
  if (palId === null && faceId === null) refuse('a pal_id or a face_id is required');
  return {
    pal_id: palId,
    face_id: faceId,
    conversation_name: text(fields, 'conversation_name', `New Conversation ${now}`),
    callback_url: text(fields, 'callback_url', ''),
    test_mode: fields['test_mode'] === true,
    require_auth: fields['require_auth'] === true || properties['require_auth'] === true,
    max_participants: wholeNumber(fields, 'max_participants', 2, null),
    max_call_duration: Math.min(wholeNumber(properties, 'max_call_duration', 1, 3600), plan.maxCallSeconds),
    participant_left_timeout: wholeNumber(properties, 'participant_left_timeout', 0, null),
    participant_absent_timeout: wholeNumber(properties, 'participant_absent_timeout', 0, 300),
  };
};
