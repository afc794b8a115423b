import { setImmediate as turn } from 'node:timers/promises';
import type { StoredSession } from '../../../src/server/session-store.js';
import { assertCalm } from '../../fakes/assert-calm.js';
import { PracticeWorld } from '../../fakes/practice-world.js';
import { lightRequest } from '../../simulation/light-http.js';
import { Random } from '../../simulation/random.js';
import { CALLS, COURSES, FAULTS, LIMITS, SETTINGS } from './campaign-settings.js';
import { hostileAsking, type Asking } from './hostile-asking.js';
import { KnownAnswers } from './known-answers.js';
import { Promises } from './promises.js';

const API = 'http://localhost:8787/api/practice';

/**
 * Learners, staff and strangers who ask one backend for everything, well and badly, while time passes and Tavus fails.
 * Each step has chances of its own, so any of them can be left out and the others stay what they are.
 */
export class Campaign {
  readonly promises: Promises;
  requests = 0;
  readonly #world: PracticeWorld;
  readonly #seed: number;
  readonly #known = new KnownAnswers();
  #random = new Random(0);
  /** The first promise seen broken where the product would have taken the complaint for a failure of its own. */
  #broken: unknown = null;
  /** Conversations seen so far. */
  #made = 0;

  private constructor(world: PracticeWorld, seed: number) {
    this.#world = world;
    this.#seed = seed;
    this.promises = new Promises(() => world.clock.now, LIMITS, COURSES);
    this.#watch();
  }

  static async begin(seed: number): Promise<Campaign> {
    return new Campaign(await PracticeWorld.open(SETTINGS), seed);
  }

  /** Lives through one step. Rejects with the promise that did not hold. */
  async step(n: number): Promise<void> {
    await this.#live(n).catch((complaint: unknown) => (this.#broken ??= complaint));
    if (this.#broken) throw this.#broken;
  }

  async #live(n: number): Promise<void> {
    this.#random = new Random(this.#seed * 1_000_003 + n);
    const random = this.#random;
    const { starts } = this.#known;
    if (random.chance(0.04)) return this.#pass(random.chance(0.1) ? random.whole(600, 40_000) : random.whole(1, 60));
    if (random.chance(0.03)) return this.#disturb();
    if (random.chance(0.05)) await Promise.all([this.#send(this.#asking()), this.#send(this.#asking())]);
    else if (starts.length && random.chance(0.04)) await this.#send(random.pick(starts));
    else await this.#send(this.#asking());
  }

  /** Faults stop: some time later nothing is stuck, and nobody has written down a secret. */
  async finish(): Promise<void> {
    this.#world.fail();
    this.#world.network = 'up';
    await this.#world.sweepFor(300, 10);
    assertCalm(this.#world);
    const logged = JSON.stringify(this.#world.logged);
    const { tickets, offers } = this.#known;
    const secrets = [...this.promises.secrets, ...tickets, ...offers.map(({ value }) => value)];
    for (const secret of ['canary', 'webhooks/tavus/', ...secrets])
      if (logged.includes(secret)) throw new Error(`I14: ${secret} was logged`);
    for (const { id, runs } of this.promises.sessions.values())
      if (runs.some(({ state }) => state !== 'ended' && state !== 'failed')) throw new Error(`I20: ${id} is stuck`);
  }

  /** Sees every conversation that is made, and every session that is saved. */
  #watch(): void {
    const { store, tavus } = this.#world;
    const transaction = store.transaction.bind(store);
    store.transaction = async (work) => {
      const saved = new Map<string, StoredSession>();
      const result = await transaction((inner) => {
        saved.clear();
        const saveSession = (session: StoredSession) => (saved.set(session.id, session), inner.saveSession(session));
        return work({ ...inner, saveSession });
      });
      this.#noting(() => [...saved.values()].forEach((session) => this.promises.saved(session)));
      return result;
    };
    const handle = tavus.handle.bind(tavus);
    tavus.handle = async (request) => {
      const creates = request.method === 'POST' && request.url.endsWith('/v2/conversations');
      return handle(request).finally(() => creates && this.#noting(() => this.#sawCreate()));
    };
  }

  #noting(look: () => void): void {
    try {
      look();
    } catch (complaint) {
      this.#broken ??= complaint;
    }
  }

  #sawCreate(): void {
    const made = this.#world.tavus.ledger.conversations;
    const live = new Set(made.filter(({ endedAt }) => endedAt === null).map(({ id }) => id));
    for (const { id, name, terms } of made.slice(this.#made)) {
      const [, , sessionId = '', runId = ''] = name.split('/');
      this.#known.capabilities.push(terms.callback_url.split('/').at(-1) ?? '');
      // The simulator counts: the token was made right before the id.
      const token = (parseInt(id.slice(1), 16) - 1).toString(16).padStart(8, '0');
      const created = { id, sessionId, runId, token, maxCallSeconds: terms.max_call_duration };
      this.promises.created(created, (other) => other !== id && live.has(other));
    }
    this.#made = made.length;
  }

  async #pass(seconds: number): Promise<void> {
    await this.#world.clock.pass(seconds);
    await this.#finished(this.#world.backend.sweeper.sweep());
    if (this.#random.chance(0.1)) await this.#finished(this.#world.backend.sweeper.sweepOrphans().catch(() => 0));
  }

  #disturb(): Promise<void> {
    const random = this.#random;
    const faults = Array.from({ length: random.whole(0, 3) }, () => ({
      call: random.pick(CALLS),
      ...random.pick(FAULTS),
    }));
    this.#world.fail(...faults);
    this.#world.network = random.chance(0.1) ? 'refused' : 'up';
    if (random.chance(0.1)) this.#world.restart();
    return Promise.resolve();
  }

  /** Lets time pass only where something waits for it. */
  async #finished<T>(work: Promise<T>): Promise<T> {
    let done = false;
    void work.finally(() => (done = true)).catch(() => undefined);
    for (let turns = 0; !done && turns < 60; turns++) await turn();
    while (!done) await this.#world.clock.pass(0.5);
    return work;
  }

  #asking(): Asking {
    return hostileAsking({ random: this.#random, known: this.#known, now: this.#world.clock.now });
  }

  async #send(asking: Asking): Promise<void> {
    const { method, path, body, sessionId, learner, authentic } = asking;
    this.requests++;
    if (method === 'PUT' && typeof body === 'string') {
      const runId = /\/runs\/([^/?]+)/.exec(path)?.[1] ?? sessionId;
      this.promises.asking(authentic ? learner : null, runId, sessionId, offerIn(body));
    }
    const response = await this.#finished(this.#world.backend.handler(requestOf(asking)));
    const text = await response.text();
    const answer = text ? (JSON.parse(text) as Record<string, unknown>) : {};
    const exchange = { asking, response, text, answer };
    this.promises.answered(exchange);
    if (sessionId) this.promises.assertIsolated(exchange, sessionId);
    this.#known.learn(asking, response.status, answer);
  }
}

/** Text comes in a request without streams, which cost more than all the rest; bytes come in the runtime's own. */
function requestOf({ method, path, headers, body }: Asking): Request {
  const sent = method === 'GET' ? null : body;
  if (sent === null || typeof sent === 'string')
    return lightRequest(new URL(API + path).href, { method, headers, body: sent });
  return new Request(API + path, { method, headers, body: sent as BodyInit });
}

function offerIn(body: string): unknown {
  try {
    return (JSON.parse(body) as { offer?: unknown } | null)?.offer;
  } catch {
    return undefined;
  }
}
