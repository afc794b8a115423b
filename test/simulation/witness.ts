import type { Offer, SessionStatus } from '../../src/protocol/index.js';
import type { StoredFact, StoredSession } from '../../src/server/session-store.js';
import type { LedgerEntry } from '../../src/simulator/ledger.js';
import type { VirtualTime } from './virtual-time.js';
import type { Exchange } from './web-link.js';

/** A promise of `invariants` that did not hold. */
export class Violation extends Error {
  constructor(
    readonly invariant: string,
    complaint: string,
  ) {
    super(`${invariant}: ${complaint}`);
    this.name = 'Violation';
  }
}

/** What a learner agreed to. */
interface Confirmed {
  learner: string;
  at: number;
  /** The most seconds the offer on screen promised. */
  most: number;
}

/** Legal steps, written down a second time: the product's own table is under test as well. */
const LEGAL: Record<SessionStatus, string> = {
  confirmed: 'started failed',
  started: 'in_progress paused completed abandoned failed expired',
  in_progress: 'paused completed abandoned failed expired',
  paused: 'started completed abandoned',
  completed: '',
  abandoned: '',
  failed: '',
  expired: '',
};

const LEASE = { visible: 45_000, hidden: 150_000, leave: 20_000 };
const ENDING_FACTS = new Set(['paused', 'completed', 'abandoned', 'failed']);
export const CANARY_KEY = 'canary-key-3f1c';

/** Sees everything that happens in a world and compares it with what was promised. */
export class Witness {
  readonly confirmations = new Map<string, Confirmed>();
  readonly sessions = new Map<string, StoredSession>();
  /** Facts as pages sent them and as the store has them, by learner, writer and number. */
  readonly #sent = new Map<string, string>();
  readonly #stored = new Map<string, StoredFact>();
  readonly #time: VirtualTime;
  readonly #bySession = new Map<string, Exchange[]>();
  readonly #conversationOf = new Map<string, string>();
  readonly #waits = new Map<string, number>();
  /** Conversations the owner has been let into. */
  readonly #handedOut = new Set<string>();
  /** Seconds that were left for each conversation when it began. */
  readonly #granted = new Map<string, number>();
  /** Seconds Tavus is asked for beyond what was agreed: the time its answer may take. */
  readonly #margin: number;

  constructor(time: VirtualTime, margin: number) {
    this.#time = time;
    this.#margin = margin;
  }

  confirmed(learner: string, sessionId: string, offer: Offer | null): void {
    if (this.confirmations.has(sessionId)) throw new Violation('I1', `session ${sessionId} was confirmed twice`);
    const { ttl = 0, extension = null } = offer?.policy ?? {};
    const most = ttl + (extension ? extension.seconds * extension.times : 0);
    this.confirmations.set(sessionId, { learner, at: this.#time.now, most });
  }

  /** @param endless the time-outs were taken out on the way, which is nobody's fault */
  created(conversation: LedgerEntry, endless: boolean): void {
    const [, , sessionId = '', runId = ''] = conversation.name.split('/');
    const confirmation = this.confirmations.get(runId);
    if (!confirmation) throw new Violation('I1', `conversation ${conversation.id} was created without a confirmation`);
    if (!endless && conversation.terms.max_call_duration > confirmation.most + this.#margin)
      throw new Violation(
        'I1',
        `conversation ${conversation.id} may last ${conversation.terms.max_call_duration} s, confirmed were ${confirmation.most}`,
      );
    const before = this.#conversationOf.get(runId);
    if (before !== undefined) throw new Violation('I2', `run ${runId} bought ${before} and ${conversation.id}`);
    this.#conversationOf.set(runId, conversation.id);
    const session = this.sessions.get(sessionId);
    this.#granted.set(conversation.id, session?.remaining ?? 0);
    const owner = session?.userId;
    if (owner !== confirmation.learner)
      throw new Violation('I12', `${sessionId} was confirmed by ${confirmation.learner}, paid for ${owner}`);
  }

  /** Our server asked Tavus to end a running conversation. */
  ended(conversation: LedgerEntry, startedAt: number): void {
    const [, , sessionId = ''] = conversation.name.split('/');
    if (!this.#handedOut.has(conversation.id)) return;
    const said = this.#bySession.get(sessionId) ?? [];
    if (said.some((exchange) => asksToEnd(exchange, sessionId))) return;
    const lease = this.leaseEnd(sessionId, startedAt);
    const session = this.sessions.get(sessionId);
    const timeUp = startedAt + (this.#granted.get(conversation.id) ?? 0) * 1000;
    if (this.#time.now < Math.min(lease, timeUp))
      throw new Violation(
        'I5',
        `${conversation.id} was ended ${Math.round((Math.min(lease, timeUp) - this.#time.now) / 1000)} s early (${session?.endReason})`,
      );
  }

  /** A transaction was committed. */
  saved(session: StoredSession): void {
    const before = this.sessions.get(session.id);
    const { status } = session;
    if (before && before.status !== status && !LEGAL[before.status].split(' ').includes(status)) {
      const through = [...LEGAL[before.status].split(' ')].some(
        (step) => step && LEGAL[step as SessionStatus].split(' ').includes(status),
      );
      if (!through) throw new Violation('I10', `session ${session.id} went from ${before.status} to ${status}`);
    }
    if (before && LEGAL[before.status] === '' && before.status !== status)
      throw new Violation('I10', `settled session ${session.id} went from ${before.status} to ${status}`);
    if (before && before.userId !== session.userId) throw new Violation('I12', `session ${session.id} changed hands`);
    if (
      status === 'completed' &&
      session.expiresAt !== undefined &&
      (session.completedAt ?? Infinity) > session.expiresAt
    )
      throw new Violation('I11', `session ${session.id} was completed after it had expired`);
    this.sessions.set(session.id, session);
  }

  /** A page's request has reached a server. */
  arrived(exchange: Exchange): void {
    const { learner, path, body } = exchange;
    const [, id] = /^\/sessions\/([^/]+)/.exec(path) ?? [];
    if (id !== undefined) this.#remember(id, exchange);
    if (path === '/leave') this.#remember(sessionOfTicket(body), exchange);
    if (path !== '/events') return;
    const { writer } = JSON.parse(body) as { writer: string };
    for (const { sessionId, n, type } of factsIn(exchange)) {
      this.#sent.set(`${learner} ${writer} ${n}`, type);
      if (sessionId === undefined) continue;
      const owner = this.confirmations.get(sessionId)?.learner;
      if (owner !== undefined && owner !== learner)
        throw new Violation('I13', `a fact of ${owner} was sent as ${learner}`);
      this.#remember(sessionId, exchange);
    }
  }

  /** A server has answered it; whether the page hears of it is another matter. */
  answered({ learner, method, path, status = 0, answer = '' }: Exchange): void {
    if (status === 500 || answer.includes('    at '))
      throw new Violation('5xx', `${method} ${path}: ${status} ${answer}`);
    if (answer.includes(CANARY_KEY)) throw new Violation('I14', `${method} ${path} gave away the key`);
    const [, id] = /^\/sessions\/([^/]+)/.exec(path) ?? [];
    if (id === undefined || status >= 400) return;
    const owner = this.confirmations.get(id)?.learner;
    if (owner !== undefined && owner !== learner) throw new Violation('I12', `${learner} got ${path} of ${owner}`);
    const { session, join } = JSON.parse(answer) as { session: { id: string; conversationId?: string }; join?: object };
    if (session.id !== id) throw new Violation('I16', `${method} ${path} answered about ${session.id}`);
    if (join && session.conversationId !== undefined) this.#handedOut.add(session.conversationId);
  }

  /** A page is about to send something. */
  sending({ learner, method, path }: Pick<Exchange, 'learner' | 'method' | 'path'>, tab: number): void {
    const key = `${tab} ${learner} ${method} ${path}`;
    const notBefore = this.#waits.get(key) ?? 0;
    const polite = method === 'PUT' || path === '/events';
    if (polite && this.#time.now < notBefore)
      throw new Violation('I19', `${method} ${path} came ${notBefore - this.#time.now} ms before Retry-After`);
  }

  /** A page has read an answer that asks it to wait. */
  askedToWait(
    { learner, method, path }: Pick<Exchange, 'learner' | 'method' | 'path'>,
    tab: number,
    seconds: number,
  ): void {
    this.#waits.set(`${tab} ${learner} ${method} ${path}`, this.#time.now + seconds * 1000);
  }

  /** A transaction with facts was committed. */
  appended(facts: readonly StoredFact[]): void {
    for (const fact of facts) {
      const key = `${fact.userId} ${fact.writer} ${fact.n}`;
      if (this.#stored.has(key)) throw new Violation('I8', `fact ${key} took effect twice`);
      if (fact.n > 1 && !this.#stored.has(`${fact.userId} ${fact.writer} ${fact.n - 1}`))
        throw new Violation('I9', `fact ${key} was applied before the one in front of it`);
      this.#stored.set(key, fact);
    }
  }

  /** Facts that pages sent, that no page still holds, and that the store has not, or has as something else. */
  checkFacts(isHeld: (learner: string, writer: string) => boolean): void {
    for (const [key, type] of this.#sent) {
      const [learner = '', writer = ''] = key.split(' ');
      const stored = this.#stored.get(key);
      if (!stored && !isHeld(learner, writer)) throw new Violation('I7', `fact ${key} (${type}) is lost`);
      if (stored && stored.type !== type)
        throw new Violation('I8', `fact ${key} was ${type} and became ${stored.type}`);
    }
  }

  /** A page tells its host how a session came out. */
  told(sessionId: string, outcome: string): void {
    const status = this.sessions.get(sessionId)?.status;
    if (status !== outcome) throw new Violation('truth', `a page said ${sessionId} is ${outcome}, and it is ${status}`);
  }

  /** The last moment at which some page still held a lease, by the rules of the contract. */
  leaseEnd(sessionId: string, startedAt: number): number {
    return Math.max(startedAt + LEASE.visible, ...(this.#bySession.get(sessionId) ?? []).map(leaseOf));
  }

  /** The last sign of life of a session, as any server saw it; 0 for none. */
  lastSign(sessionId: string): number {
    return Math.max(0, ...(this.#bySession.get(sessionId) ?? []).map(({ answeredAt = 0 }) => answeredAt));
  }

  #remember(sessionId: string, exchange: Exchange): void {
    const known = this.#bySession.get(sessionId) ?? [];
    if (!known.length) this.#bySession.set(sessionId, known);
    known.push(exchange);
  }
}

const factsIn = ({ body }: Exchange) =>
  (JSON.parse(body) as { events: { n: number; type: string; sessionId?: string }[] }).events;

const sessionOfTicket = (ticket: string): string =>
  (JSON.parse(Buffer.from(ticket.split('.')[0] ?? '', 'base64url').toString()) as { s: string }).s;

function asksToEnd(exchange: Exchange, sessionId: string): boolean {
  const { method, path } = exchange;
  if (path === '/leave' || (method === 'POST' && path.endsWith('/end'))) return true;
  return (
    path === '/events' && factsIn(exchange).some((fact) => fact.sessionId === sessionId && ENDING_FACTS.has(fact.type))
  );
}

/** Until when an exchange shows that a page is there, by the rules of the contract. */
function leaseOf({ method, path, body, status = 0, answer = '', answeredAt = 0 }: Exchange): number {
  if (answer === '' || status >= 400) return 0;
  if (path.endsWith('/heartbeat')) {
    const { visible, seen } = JSON.parse(body) as { visible: boolean; seen: string };
    const { session } = JSON.parse(answer) as { session: { status: string } };
    const running = session.status === 'started' || session.status === 'in_progress';
    return running && Date.parse(seen) <= answeredAt ? Date.parse(seen) + (visible ? LEASE.visible : LEASE.hidden) : 0;
  }
  const ticket = (method === 'PUT' || method === 'GET') && answer.includes('"leaveTicket"');
  const { serverTime } = ticket ? (JSON.parse(answer) as { serverTime: string }) : { serverTime: '' };
  return ticket ? Date.parse(serverTime) + LEASE.leave : 0;
}
