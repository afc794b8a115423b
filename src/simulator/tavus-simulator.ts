import type { CallbackWorld } from './callbacks.js';
import { Callbacks } from './callbacks.js';
import type { Conditions } from './control-calls.js';
import { handleControl } from './control-calls.js';
import type { Plan } from './conversation-terms.js';
import type { Call } from './faults.js';
import { ConnectionReset, Faults } from './faults.js';
import type { CallRecord, Ledger } from './ledger.js';
import { ledgerOf } from './ledger.js';
import { REFUSALS, TavusRefusal } from './refusal.js';
import type { CallHandler } from './rest-calls.js';
import { restCalls } from './rest-calls.js';
import { roomCalls } from './room-calls.js';
import { roomAsset } from './room-page.js';
import { TavusAccount } from './tavus-account.js';

/** The world around the simulator. It has no clock, timer, chance or network of its own. */
export interface SimulatorWorld extends CallbackWorld {
  /**
   * Runs something at a moment (ms since the epoch) and returns how to call that off. Used only to send
   * callbacks on time and to delay answers; who ended when, and for how much, never depends on it.
   */
  schedule(at: number, run: () => void): () => void;
  /** Letters and digits, never the same twice, and not to be guessed where that matters. */
  newId(): string;
}

export interface SimulatorOptions extends SimulatorWorld {
  /** Origin under which the rooms are reached. */
  publicUrl: string;
  /** The only key that is accepted; absent: any. */
  apiKey?: string | undefined;
  plan?: Partial<Plan> | undefined;
}

const DEFAULT_PLAN: Plan = { concurrency: 10, maxCallSeconds: 3600, creditsSeconds: Infinity };

const ROUTES: readonly { method: string; path: RegExp; call: Call }[] = [
  { method: 'POST', path: /^\/v2\/conversations$/, call: 'create' },
  { method: 'GET', path: /^\/v2\/conversations$/, call: 'list' },
  { method: 'GET', path: /^\/v2\/conversations\/([^/]+)$/, call: 'get' },
  { method: 'POST', path: /^\/v2\/conversations\/([^/]+)\/end$/, call: 'end' },
  { method: 'DELETE', path: /^\/v2\/conversations\/([^/]+)$/, call: 'delete' },
  { method: 'GET', path: /^\/rooms\/([^/]+)$/, call: 'room' },
  { method: 'POST', path: /^\/rooms\/([^/]+)\/join$/, call: 'join' },
  { method: 'POST', path: /^\/rooms\/([^/]+)\/alive$/, call: 'alive' },
  { method: 'POST', path: /^\/rooms\/([^/]+)\/leave$/, call: 'leave' },
];

/** Everything that a reset forgets. */
interface State {
  account: TavusAccount;
  callbacks: Callbacks;
  faults: Faults;
  handlers: Record<Call, CallHandler>;
  calls: CallRecord[];
}

const begin = (options: SimulatorOptions): State => {
  const { now, newId, plan, publicUrl } = options;
  const callbacks = new Callbacks(options);
  const tell: Callbacks['tell'] = (conversation, event) => callbacks.tell(conversation, event);
  const account = new TavusAccount({ ...DEFAULT_PLAN, ...plan }, { now, newId, tell });
  const handlers = { ...restCalls(account, publicUrl), ...roomCalls(account, { now, newId }) };
  return { account, callbacks, faults: new Faults(), handlers, calls: [] };
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/**
 * Tavus as its documentation and live observations describe it, bills and quirks included. Nothing is
 * generated and nobody is really there, but every conversation is accounted for in the `ledger`.
 */
export class TavusSimulator {
  readonly #options: SimulatorOptions;
  #state: State;
  #cancelAlarm: () => void = () => {};

  constructor(options: SimulatorOptions) {
    this.#options = options;
    this.#state = begin(options);
  }

  /** What would have been billed by now, and everything that was asked and told. */
  get ledger(): Ledger {
    this.advance();
    const { account, calls, callbacks } = this.#state;
    return ledgerOf(account, calls, callbacks.records, this.#options.now());
  }

  /** The faults still to strike and the way callbacks travel. */
  get conditions(): Conditions {
    return { faults: this.#state.faults.pending, callbacks: this.#state.callbacks.mode };
  }

  setConditions({ faults, callbacks }: Conditions): void {
    if (faults) this.#state.faults.set(faults);
    if (callbacks) this.#state.callbacks.mode = callbacks;
  }

  /** Forgets everything: conversations, ledger, faults, callbacks on their way. */
  reset(): void {
    this.#cancelAlarm();
    this.#state = begin(this.#options);
  }

  /** Lets happen what is due by now. Happens by itself with every call, every look at the ledger, and on schedule. */
  advance(): void {
    const { account, callbacks } = this.#state;
    account.advance();
    callbacks.advance();
    this.#cancelAlarm();
    const next = Math.min(account.nextDeadline, callbacks.nextDue);
    this.#cancelAlarm = next < Infinity ? this.#options.schedule(next, () => this.advance()) : () => {};
  }

  /** @throws ConnectionReset where a fault breaks the connection */
  async handle(request: Request): Promise<Response> {
    const { method, url } = request;
    const { pathname: path } = new URL(url);
    if (path.startsWith('/_simulator/')) return handleControl(this, request);
    const asset = roomAsset(path);
    if (asset) return asset;

    const state = this.#state;
    const record: CallRecord = { at: this.#options.now(), call: 'unknown', method, path, status: null };
    state.calls.push(record);
    try {
      const response = await this.#answer(request, record, state);
      record.status = response.status;
      return response;
    } catch (error) {
      if (error instanceof ConnectionReset) record.status = 'reset';
      throw error;
    }
  }

  /** With the state the call came upon: one that a reset overtakes leaves no trace in what comes after. */
  async #answer(request: Request, record: CallRecord, state: State): Promise<Response> {
    const route = ROUTES.find(({ method, path }) => method === record.method && path.test(record.path));
    if (!route) return Response.json({ message: 'Not Found' }, { status: 404 });
    record.call = route.call;
    const id = route.path.exec(record.path)?.[1] ?? '';
    const query = new URL(request.url).searchParams;
    const body = parsed(await request.text());
    const perform = (): Response => {
      try {
        if (record.path.startsWith('/v2/')) this.#authorize(request);
        state.account.advance();
        const response = state.handlers[route.call]({ id, query, body });
        this.advance();
        return response;
      } catch (error) {
        if (!(error instanceof TavusRefusal)) throw error;
        return Response.json(error.refusal.body, { status: error.refusal.status });
      }
    };
    return state.faults.run(route.call, perform, (ms) => this.#wait(ms));
  }

  #authorize(request: Request): void {
    const key = request.headers.get('x-api-key');
    if (!key || key !== (this.#options.apiKey ?? key)) throw new TavusRefusal(REFUSALS.unauthorized);
  }

  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => void this.#options.schedule(this.#options.now() + ms, resolve));
  }
}
