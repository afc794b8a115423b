import type { Offer, SessionStatus } from '../../src/protocol/index.js';
import type { StoredSession } from '../../src/server/session-store.js';
import type { LedgerEntry } from '../../src/simulator/ledger.js';
import { Violation } from './violation.js';
import type { VirtualTime } from './virtual-time.js';
import type { Exchange } from './web-link.js';

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
  readonly #time: VirtualTime;
  readonly #bySession = new Map<string, Exchange[]>();
  readonly #conversationOf = new Map<string, string>();
  readonly #waits = new Map<string, number>();
  /** Runs whose end was asked for, and accepted. */
  readonly #calledOff = new Set<string>();
  /** Conversations the owner has been let into. */
  readonly #handedOut = new Set<string>();
  /** Seconds that were left for each conversation when it began. */
  readonly #granted = new Map<string, number>();
  /** Seconds Tavus is asked for beyond what was agreed: the time its answer may take. */
  readonly #margin: number;

  readonly #isRunning: (conversationId: string) => boolean;

  /** @param isRunning what Tavus would say */
  constructor(time: VirtualTime, margin: number, isRunning: (conversationId: string) => boolean) {
    this.#time = time;
    this.#isRunning = isRunning;
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
    if (!endless && conversation.terms.participant_left_timeout !== 30)
      throw new Violation(
        'rule 3',
        `conversation ${conversation.id} does not end by itself when its last page is gone`,
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

  /** A server has read that its create came to be, and has had time to write it down: whether or not it is still wanted. */
  answered(conversationId: string): void {
    for (const { runs } of this.sessions.values())
      if (runs.some((run) => run.conversationId === conversationId)) return;
    throw new Violation('rule 4', `the answer about ${conversationId} was read and forgotten`);
  }

  /** What operators get to read. */
  logged(line: string): void {
    if (line.includes(CANARY_KEY)) throw new Violation('I14', 'the key is in a log');
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
    for (const { id, state, conversationId } of session.runs) {
      const wasOver = before?.runs.some((run) => run.id === id && run.state === 'ended');
      if (state === 'ended' && !wasOver && conversationId !== undefined && this.#isRunning(conversationId))
        throw new Violation('rule 5', `conversation ${conversationId} is said to be over, and runs`);
    }
    for (const { id, state } of session.runs)
      if (state === 'active' && this.#calledOff.has(id))
        throw new Violation('rule 4', `run ${id} goes on after its end was accepted`);
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
    const { path, body } = exchange;
    const [, id] = /^\/sessions\/([^/]+)/.exec(path) ?? [];
    if (id !== undefined) this.#remember(id, exchange);
    if (path === '/leave') this.#remember(sessionOfTicket(body), exchange);
    if (path !== '/events') return;
    for (const { sessionId } of factsIn(exchange)) if (sessionId !== undefined) this.#remember(sessionId, exchange);
  }

  /**
   * A server has answered it; whether the page hears of it is another matter.
   *
   * @param named told what an offer calls its learner
   */
  replied(exchange: Exchange, named: (name: string) => void): void {
    const { learner, method, path, sentAt, status = 0, answer = '' } = exchange;
    if (status === 500 || answer.includes('    at '))
      throw new Violation('5xx', `${method} ${path}: ${status} ${answer}`);
    if (answer.includes(CANARY_KEY)) throw new Violation('I14', `${method} ${path} gave away the key`);
    const [, id] = /^\/sessions\/([^/]+)/.exec(path) ?? [];
    const owner = this.confirmations.get(id ?? '')?.learner;
    if (method === 'PUT' && path === `/sessions/${id}` && status === 404 && this.sessions.has(id ?? ''))
      throw new Violation('I16', `${learner} learned about ${id} of ${owner}: taken ids are a conflict`);
    if (status >= 400) return;
    if (path.startsWith('/courses/')) named((JSON.parse(answer) as { learner: string }).learner);
    if (id === undefined) return;
    if (owner !== undefined && owner !== learner) throw new Violation('I12', `${learner} got ${path} of ${owner}`);
    const { session, join } = JSON.parse(answer) as { session: { id: string; conversationId?: string }; join?: object };
    if (session.id !== id) throw new Violation('I16', `${method} ${path} answered about ${session.id}`);
    if (method === 'POST' && path.endsWith('/end'))
      // Another one may have been resumed before the answer was out.
      for (const run of this.sessions.get(id)?.runs ?? []) if (run.requestedAt < sentAt) this.#calledOff.add(run.id);
    if (join && session.conversationId !== undefined) this.#handedOut.add(session.conversationId);
  }

  /** A page is about to send something. */
  sending({ learner, method, path }: Pick<Exchange, 'learner' | 'method' | 'path'>, tab: number): void {
    const key = `${tab} ${learner} ${method} ${path}`;
    const notBefore = this.#waits.get(key) ?? 0;
    const polite = method === 'PUT' || path.endsWith('/events');
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
