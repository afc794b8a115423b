import type { Refusal } from './refusal.js';
import { REFUSALS } from './refusal.js';

/** The calls that can be made to go wrong: those of the REST interface, and those of a page in a room. */
export const CALLS = ['create', 'list', 'get', 'end', 'delete', 'room', 'join', 'alive', 'leave'] as const;

export type Call = (typeof CALLS)[number];

const json = ({ status, body }: Refusal): Response => Response.json(body, { status });

const broken = (body: string): Response => new Response(body, { headers: { 'content-type': 'application/json' } });

/** The caller sees its connection break instead of an answer. */
export class ConnectionReset extends Error {
  constructor() {
    super('The connection was reset.');
    this.name = 'ConnectionReset';
  }
}

/** What a failing call gets instead of its answer (`undefined` when it failed before there was one). */
const FAILURES = {
  status: (fault) => json({ status: fault.status ?? 503, body: { message: 'Something went wrong' } }),
  reset: () => {
    throw new ConnectionReset();
  },
  garbled: () => broken('<html><body>upstream connect error</body></html>'),
  truncated: async (_fault, answer) => {
    const whole = (await answer?.text()) ?? '{"conversation_id":"c0';
    return broken(whole.slice(0, whole.length / 2));
  },
  nonsense: () => broken('{"ok":true}'),
  unauthorized: () => json(REFUSALS.unauthorized),
  credits: () => json(REFUSALS.credits),
  concurrency: () => json(REFUSALS.concurrency),
  rate_limited: () => json(REFUSALS.rate_limited),
} as const satisfies Record<string, (fault: Fault, answer: Response | undefined) => Response | Promise<Response>>;

export type Failure = keyof typeof FAILURES;

/** One thing that goes wrong with one kind of call. */
export interface Fault {
  call: Call;
  /** What the caller gets instead of the answer; absent: the answer, only later. */
  fail?: Failure | undefined;
  /** For `fail: 'status'`, 400–599; default 503. */
  status?: number | undefined;
  /** Before the call has its effect (the default), or after: then it took place, and the caller does not know. */
  when?: 'before' | 'after' | undefined;
  /** ms to wait, at the place `when` names. */
  delay?: number | undefined;
  /** How many calls it strikes; default 1. */
  times?: number | 'always' | undefined;
}

const oneOf = (value: unknown, allowed: readonly unknown[]): boolean => allowed.includes(value);

const wholeNumber = (value: unknown, least: number, most: number): boolean =>
  value === undefined || (Number.isInteger(value) && Number(value) >= least && Number(value) <= most);

export const isFault = (value: unknown): value is Fault => {
  if (typeof value !== 'object' || value === null) return false;
  const { call, fail, status, when, delay, times } = value as Record<string, unknown>;
  return (
    oneOf(call, CALLS) &&
    oneOf(fail, [undefined, ...Object.keys(FAILURES)]) &&
    wholeNumber(status, 400, 599) &&
    oneOf(when, [undefined, 'before', 'after']) &&
    wholeNumber(delay, 0, 3_600_000) &&
    (times === 'always' || wholeNumber(times, 1, Number.MAX_SAFE_INTEGER))
  );
};

/** The faults that are switched on. Each kind of call meets its faults one after the other, in the order given. */
export class Faults {
  #queue: Fault[] = [];

  /** What is still to strike. */
  get pending(): readonly Fault[] {
    return this.#queue;
  }

  /** Replaces all of them. */
  set(faults: readonly Fault[]): void {
    this.#queue = faults.map((fault) => ({ ...fault }));
  }

  /**
   * Does the call, with its next fault if there is one.
   *
   * @param wait resolves after so many ms
   * @throws ConnectionReset
   */
  async run(call: Call, perform: () => Response, wait: (ms: number) => Promise<void>): Promise<Response> {
    const fault = this.#take(call);
    if (!fault) return perform();
    const fails = async (answer?: Response) => {
      if (fault.delay) await wait(fault.delay);
      return fault.fail && FAILURES[fault.fail](fault, answer);
    };
    if (fault.when === 'after') {
      const answer = perform();
      return (await fails(answer)) ?? answer;
    }
    return (await fails()) ?? perform();
  }

  #take(call: Call): Fault | undefined {
    const fault = this.#queue.find((candidate) => candidate.call === call);
    if (!fault || fault.times === 'always') return fault;
    fault.times = (fault.times ?? 1) - 1;
    if (fault.times === 0) this.#queue = this.#queue.filter((other) => other !== fault);
    return fault;
  }
}
