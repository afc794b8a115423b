import assert from 'node:assert/strict';
import { isProblemCode, PROBLEM_DOCUMENTS, SUCCESSORS, type SessionStatus } from '../../../src/protocol/index.js';
import type { Course } from '../../../src/server/courses.js';
import type { StoredSession } from '../../../src/server/session-store.js';
import type { Asking } from './hostile-asking.js';
import { LARGEST } from './hostile-values.js';

/** A request as it was sent, and what came back. */
export interface Exchange {
  asking: Asking;
  response: Response;
  text: string;
  /** What the text says. */
  answer: Record<string, unknown>;
}

export interface Created {
  id: string;
  sessionId: string;
  runId: string;
  token: string;
  maxCallSeconds: number;
}

interface Issued {
  learner: string;
  /** The session that was started with it. */
  used?: string;
  most: number;
  expires: number;
}

const PROVIDER_CODES = ['provider_unavailable', 'provider_busy', 'provider_misconfigured', 'out_of_credits'];
/** What somebody else may be told about a session: never more than about one that does not exist. */
const TELLS_NOTHING = [
  ...['not_found', 'invalid_request', 'unsupported_media_type', 'too_large', 'id_conflict', 'method_not_allowed'],
];

const INTERNALS = /\bat \S+ \(|\.ts:\d|node:internal|SQLITE|Something went wrong|upstream/;
const SECRETS = /canary|webhooks\/|"callback/;

/** Where a body is not read at all, or only as a ticket. */
const IGNORES_BODY = /^\/(leave|webhooks)|\/extend\b/;

/** Compares everything that happens with what was promised. Every complaint begins with the promise's name. */
export class Promises {
  readonly sessions = new Map<string, StoredSession>();
  readonly secrets: string[] = [];
  readonly #offers = new Map<string, Issued>();
  /** Who asked for a run with which right to it. */
  readonly #asked = new Map<string, { learner: string; issued: Issued | undefined }[]>();
  readonly #created = new Map<string, Created>();
  readonly #ownerOf = new Map<string, string>();
  readonly #handedOut = new Map<string, Set<string>>();
  /** Seconds Tavus is asked for beyond what was agreed. */
  readonly #margin = 15;
  readonly #now: () => number;
  readonly #limits: Readonly<Record<string, number>>;
  readonly #courses: readonly Course[];

  constructor(now: () => number, limits: Readonly<Record<string, number>>, courses: readonly Course[]) {
    this.#now = now;
    this.#limits = limits;
    this.#courses = courses;
  }

  /** A start or resume is about to be sent. @param learner null where headers may say it is somebody else */
  asking(learner: string | null, runId: string, sessionId: string, offer: unknown): void {
    const issued = typeof offer === 'string' ? this.#offers.get(offer) : undefined;
    const resumes = runId !== sessionId;
    const whose = learner ?? (resumes ? this.sessions.get(sessionId)?.userId : issued?.learner);
    const valid = resumes || (issued && issued.learner === whose && issued.expires > this.#now());
    if (!valid || whose === undefined) return;
    const known = this.#asked.get(runId) ?? [];
    known.push({ learner: whose, issued });
    this.#asked.set(runId, known);
  }

  /** Tavus has made a conversation. */
  created(conversation: Created, isLive: (id: string) => boolean): void {
    const { id, sessionId, runId, token, maxCallSeconds } = conversation;
    const session = this.sessions.get(sessionId);
    const owner = session?.userId ?? '';
    if (session) this.#assertConsent(session);
    const rights = (this.#asked.get(runId) ?? []).filter((each) => each.learner === owner);
    assert.ok(rights.length, `I1: ${runId} was bought for ${owner}, who never asked for it with a valid offer`);
    assert.ok(
      rights.some(({ issued }) => maxCallSeconds <= (issued?.most ?? Infinity) + this.#margin),
      `I1: ${runId} may last ${maxCallSeconds} s, more than was offered`,
    );
    const offers = rights.flatMap(({ issued }) => issued ?? []);
    const unused = offers.find(({ used }) => used === undefined);
    assert.ok(!offers.length || unused, `I1: ${runId} was bought with an offer that was used before`);
    if (unused) unused.used = sessionId;
    assert.ok(!this.#created.has(runId), `I2: run ${runId} bought two conversations`);
    for (const other of this.#created.values()) {
      const sameOwner = this.#ownerOf.get(other.id) === owner;
      assert.ok(!sameOwner || !isLive(other.id), `I3: ${owner} has ${other.id} and ${id} at once`);
    }
    this.#created.set(runId, conversation);
    this.#ownerOf.set(id, owner);
    this.#ownerOf.set(token, owner);
    this.secrets.push(token);
  }

  #assertConsent({ id, courseId, consent = [] }: StoredSession): void {
    const course = this.#courses.find((each) => each.id === courseId);
    for (const asked of course?.consent.filter(({ required }) => required) ?? [])
      assert.ok(
        consent.some((given) => given.id === asked.id && given.version === asked.version),
        `I1: session ${id} was bought without the consent ${asked.id}`,
      );
  }

  /** A transaction has been committed. */
  saved(session: StoredSession): void {
    const before = this.sessions.get(session.id);
    const { id, status, userId, expiresAt, completedAt } = session;
    if (before && before.status !== status) {
      const next = SUCCESSORS[before.status];
      // One transaction may take two steps: a conversation that is there and has to end at once.
      const legal = next.includes(status) || next.some((step: SessionStatus) => SUCCESSORS[step].includes(status));
      assert.ok(legal, `I10: session ${id} went from ${before.status} to ${status}`);
    }
    assert.ok(!before || before.userId === userId, `I12: session ${id} changed hands`);
    if (status === 'completed' && expiresAt !== undefined)
      assert.ok((completedAt ?? Infinity) <= expiresAt, `I11: session ${id} was completed after it had expired`);
    assert.ok(session.late.length + (session.held?.length ?? 0) <= 100, `bound: ${id} keeps too many late facts`);
    this.sessions.set(id, session);
  }

  answered(exchange: Exchange): void {
    const { asking, response, text } = exchange;
    const { method, path, body, authentic } = asking;
    if (method === 'OPTIONS') return assert.equal(response.status, 204, 'shape: a preflight is answered with 204');
    assert.equal(response.headers.get('cache-control'), 'no-store', 'shape: cache-control');
    assert.doesNotMatch(text, INTERNALS, 'leak: stack or provider');
    assert.doesNotMatch(text, SECRETS, 'I14: a secret was given away');
    if (response.ok) this.#success(exchange);
    else this.#problem(exchange);
    const size = method === 'GET' || body === null ? 0 : Buffer.byteLength(body);
    if (size > LARGEST && authentic && !IGNORES_BODY.test(path))
      assert.ok(!response.ok, `bound: ${method} ${path} took ${size} bytes`);
  }

  #problem({ asking: { method, path }, response, text, answer }: Exchange): void {
    const { code, status, title, retryable, reference, retryAfter } = answer;
    const asked = `${method} ${path}: ${text}`;
    assert.ok(isProblemCode(code), `shape: ${asked}`);
    assert.ok(response.status < 500 || PROVIDER_CODES.includes(code), `5xx: ${asked}`);
    assert.equal(response.headers.get('content-type'), 'application/problem+json', `shape: ${asked}`);
    assert.deepEqual([status, title], [response.status, PROBLEM_DOCUMENTS[code].title], `shape: ${asked}`);
    assert.equal(status, PROBLEM_DOCUMENTS[code].status, `shape: ${asked}`);
    assert.ok(typeof retryable === 'boolean' && typeof reference === 'string' && reference, `shape: ${asked}`);
    const header = response.headers.get('retry-after');
    assert.equal(header, retryAfter === undefined ? null : String(retryAfter), `shape: ${asked}`);
    assert.ok(retryAfter === undefined || (Number.isInteger(retryAfter) && Number(retryAfter) > 0), `shape: ${asked}`);
  }

  #success({ asking, text, answer: body }: Exchange): void {
    const { learner, method, path, authentic } = asking;
    const serverTime = Date.parse(String(body['serverTime']));
    assert.equal(new Date(serverTime).toISOString(), body['serverTime'], 'shape: serverTime');
    assert.ok(body['protocol'] === 1 && serverTime <= this.#now(), 'shape: common');
    if (!authentic) return;
    for (const [, owner] of text.matchAll(/"userId":"([^"]*)"/g))
      assert.equal(owner, learner, `I12: ${method} ${path} told ${learner} of ${owner}`);
    for (const [, secret = ''] of text.matchAll(/"token":"([^"]*)"|\/rooms\/(\w+)/g)) {
      if (secret)
        assert.equal(this.#ownerOf.get(secret), learner, `I14: ${method} ${path} let ${learner} in elsewhere`);
    }
    const [, id = '', resumes = ''] = /^\/sessions\/([^/?]+)(\/runs\/)?/.exec(path) ?? [];
    const session = body['session'] as { id: string; status: SessionStatus } | undefined;
    if (session) assert.equal(session.id, id, `I16: ${method} ${path} answered about ${session.id}`);
    if (body['join']) this.#remember(learner, id, Boolean(resumes));
    const offer = body['offer'];
    if (typeof offer === 'string') this.#issued(learner, offer, body);
  }

  #issued(learner: string, offer: string, body: Record<string, unknown>): void {
    const { ttl, extension } = body['policy'] as { ttl: number; extension: { seconds: number; times: number } | null };
    const most = ttl + (extension ? extension.seconds * extension.times : 0);
    this.#offers.set(offer, { learner, most, expires: Date.parse(String(body['offerExpiresAt'])) });
  }

  /** Sessions somebody was let into never exceed the day's limit. */
  #remember(learner: string, id: string, resumed: boolean): void {
    const session = this.sessions.get(id);
    if (!session || resumed) return;
    const key = `${learner} ${new Date(session.confirmedAt).toISOString().slice(0, 10)}`;
    const let_in = this.#handedOut.get(key) ?? new Set();
    this.#handedOut.set(key, let_in.add(id));
    const limit = this.#limits[learner] ?? 0;
    assert.ok(let_in.size <= limit, `I17: ${key} was let into ${let_in.size} sessions, ${limit} are allowed`);
  }

  /** Whether the answer to somebody else's session tells more than one to a session that does not exist. */
  assertIsolated(exchange: Exchange, sessionId: string): void {
    const owner = this.sessions.get(sessionId)?.userId;
    const { authentic, learner, method, path } = exchange.asking;
    if (!authentic || owner === undefined || owner === learner || method === 'OPTIONS') return;
    assert.ok(
      TELLS_NOTHING.includes(String(exchange.answer['code'])),
      `I12: ${method} ${path} told ${learner} ${exchange.text} of ${owner}'s session`,
    );
  }
}
