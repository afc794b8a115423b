import type { Random } from '../../simulation/random.js';
import type { Asking } from './hostile-asking.js';

/** Something an answer told, whom it was told, and about which course. */
export interface Known {
  learner: string;
  courseId: string;
  value: string;
}

/** Entries kept of each kind, the newest. */
const MOST = 200;

/** What an honest page would remember of its answers; here everybody knows it. */
export class KnownAnswers {
  readonly offers: Known[] = [];
  readonly tickets: string[] = [];
  readonly ids: Known[] = [];
  /** Where Tavus calls back. No answer tells it; whoever watches Tavus knows. */
  readonly capabilities: string[] = [];
  /** Starts that were granted, as they were sent. */
  readonly starts: Asking[] = [];
  /** The next number of each writer of each learner. */
  readonly #numbers = new Map<string, number>();

  remember<T>(list: T[], entry: T): void {
    list.push(entry);
    if (list.length > MOST) list.shift();
  }

  learn(asking: Asking, status: number, answer: Record<string, unknown>): void {
    if (!asking.authentic) return;
    const { learner, path, body, sessionId } = asking;
    const { offer, leaveTicket, ack } = answer as { offer?: string; leaveTicket?: string; ack?: number };
    const [, courseId = ''] = /^\/courses\/([^/?]+)/.exec(path) ?? [];
    if (offer) this.remember(this.offers, { learner, courseId, value: offer });
    if (leaveTicket) this.remember(this.tickets, leaveTicket);
    if (status === 201 && path.startsWith('/sessions/') && !path.includes('/runs/')) {
      this.remember(this.ids, { learner, courseId, value: sessionId });
      this.remember(this.starts, asking);
    }
    if (ack === undefined || typeof body !== 'string') return;
    const writer = /"writer":"(w\d)"/.exec(body)?.[1];
    if (writer) this.#numbers.set(`${learner} ${writer}`, ack + 1);
  }

  nextNumber(learner: string, writer: string): number {
    return this.#numbers.get(`${learner} ${writer}`) ?? 1;
  }

  /** Mostly the newest of the learner's own, else one of the newest of anybody. */
  pick(all: readonly Known[], learner: string, random: Random): Known | undefined {
    const own = random.chance(0.75) ? all.findLast((known) => known.learner === learner) : undefined;
    return own ?? (all.length ? random.pick(all.slice(-12)) : undefined);
  }
}
