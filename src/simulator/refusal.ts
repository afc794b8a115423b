/** What Tavus answers when it refuses. The text is in `error` or in `message`, whichever it happens to be. */
export interface Refusal {
  readonly status: number;
  readonly body: Readonly<{ error: string } | { message: string }>;
}

/** The refusals whose exact words are on record. Too many conversations at once is a 400, not a 429. */
export const REFUSALS = {
  unauthorized: { status: 401, body: { message: 'Invalid access token' } },
  credits: { status: 402, body: { message: 'The user is out of conversational credits' } },
  concurrency: { status: 400, body: { message: 'User has reached maximum concurrent conversations' } },
  unknown_conversation: { status: 400, body: { error: 'Invalid conversation_id' } },
  rate_limited: { status: 429, body: { message: 'Too many requests' } },
} as const satisfies Record<string, Refusal>;

export const invalidRequest = (why: string): Refusal => ({
  status: 400,
  body: { error: `There was an error creating the conversation: ${why}` },
});

/** Thrown where a call is refused, answered at the door. */
export class TavusRefusal extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(Object.values(refusal.body)[0]);
    this.name = 'TavusRefusal';
    this.refusal = refusal;
  }
}
