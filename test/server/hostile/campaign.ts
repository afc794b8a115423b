import { setImmediate as turn } from 'node:timers/promises';
import {
  EndRequestSchema,
  EventsRequestSchema,
  FactSchema,
  HeartbeatRequestSchema,
  ResumeRequestSchema,
  StartRequestSchema,
} from '../../../src/protocol/index.js';
import type { StoredSession } from '../../../src/server/session-store.js';
import type { Fault } from '../../../src/simulator/faults.js';
import { assertCalm } from '../../fakes/assert-calm.js';
import { PracticeWorld } from '../../fakes/practice-world.js';
import { Random } from '../../simulation/random.js';
import { CONTENT_TYPES, hostileBody, hostileHeaders, hostilePath, LARGEST, METHODS, padded } from './hostile-values.js';
import { Promises, type Exchange } from './promises.js';
import { valueOf, type Hints } from './schema-values.js';

/** Sessions a learner may start a day, by the demo's accounts. */
const LIMITS = { ada: 6, ben: 3, cem: 3, dia: 3, staff: 6 };
const LEARNERS = Object.keys(LIMITS);
const COURSES = ['spanish-101', 'interview-basics', 'quick-check', 'nowhere'];
const API = 'http://localhost:8787/api/practice';

type Asked = Fault['call'];
const CALLS: readonly Asked[] = ['create', 'get', 'list', 'end'];
const FAULTS: readonly Omit<Fault, 'call'>[] = [
  ...([{ fail: 'status', status: 500 }, { fail: 'status', status: 503, times: 8 }, { fail: 'reset' }] as const),
  ...([
    { fail: 'reset', when: 'after' },
    { fail: 'garbled', when: 'after' },
    { fail: 'truncated', when: 'after' },
  ] as const),
  ...([{ fail: 'unauthorized' }, { fail: 'credits' }, { fail: 'concurrency' }, { fail: 'rate_limited' }] as const),
  ...([{ delay: 4000 }, { delay: 20_000 }, { delay: 3000, when: 'after' }, { fail: 'status', status: 404 }] as const),
];

/** Something an answer told, whom it was told, and about which course. */
interface Known {
  learner: string;
  courseId: string;
  value: string;
}

interface Asking {
  learner: string;
  method: string;
  path: string;
  body: string | Uint8Array | null;
  headers: Record<string, string>;
  /** The session the path is about. */
  sessionId: string;
  authentic: boolean;
}

/**
 * Learners, staff and strangers who ask one backend for everything, well and badly, while time passes and Tavus fails.
 * Each step has chances of its own, so any of them can be left out and the others stay what they are.
 */
export class Campaign {
  readonly promises: Promises;
  requests = 0;
  readonly #world: PracticeWorld;
  readonly #seed: number;
  #random = new Random(0);
  /** The first promise seen broken where the product would have taken the complaint for a failure of its own. */
  #broken: unknown = null;
  /** Conversations seen so far. */
  #made = 0;
  readonly #offers: Known[] = [];
  readonly #tickets: string[] = [];
  readonly #ids: Known[] = [];
  readonly #capabilities: string[] = [];
  readonly #starts: Asking[] = [];
  /** The next number of each writer of each learner. */
  readonly #numbers = new Map<string, number>();

  private constructor(world: PracticeWorld, seed: number) {
    this.#world = world;
    this.#seed = seed;
    this.promises = new Promises(() => world.clock.now, LIMITS);
    this.#watch();
  }

  static async begin(seed: number): Promise<Campaign> {
    const env = { PRACTICE_RATE_LIMIT: '0', PRACTICE_DAILY_LIMITS: 'free=3,premium=6', TAVUS_DEFAULT_TTL: '600' };
    return new Campaign(await PracticeWorld.open(env), seed);
  }

  /** Lives through one step. Rejects with the promise that did not hold. */
  async step(n: number): Promise<void> {
    await this.#live(n).catch((complaint: unknown) => (this.#broken ??= complaint));
    if (this.#broken) throw this.#broken;
  }

  async #live(n: number): Promise<void> {
    this.#random = new Random(this.#seed * 1_000_003 + n);
    const random = this.#random;
    if (random.chance(0.04)) return this.#pass(random.chance(0.1) ? random.whole(600, 40_000) : random.whole(1, 60));
    if (random.chance(0.03)) return this.#disturb();
    if (random.chance(0.05)) await Promise.all([this.#send(this.#asking()), this.#send(this.#asking())]);
    else if (this.#starts.length && random.chance(0.04)) await this.#send(random.pick(this.#starts));
    else await this.#send(this.#asking());
  }

  /** Faults stop: some time later nothing is stuck, and nobody has written down a secret. */
  async finish(): Promise<void> {
    this.#world.fail();
    this.#world.network = 'up';
    await this.#world.sweepFor(300, 10);
    assertCalm(this.#world);
    const logged = JSON.stringify(this.#world.logged);
    for (const secret of [
      'canary',
      'webhooks/tavus/',
      ...this.promises.secrets,
      ...this.#tickets,
      ...this.#offers.map(({ value }) => value),
    ])
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
      this.#capabilities.push(terms.callback_url.split('/').at(-1) ?? '');
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

  async #send(asking: Asking): Promise<void> {
    const { learner, method, path, body, headers, sessionId, authentic } = asking;
    this.requests++;
    const request = new Request(API + path, {
      method,
      headers,
      body: method === 'GET' ? null : (body as BodyInit | null),
    });
    if (method === 'PUT' && typeof body === 'string') {
      const runId = /\/runs\/([^/?]+)/.exec(path)?.[1] ?? sessionId;
      this.promises.asking(authentic ? learner : null, runId, sessionId, offerIn(body));
    }
    const response = await this.#finished(this.#world.backend.handler(request));
    const text = await response.text();
    const exchange: Exchange = {
      ...{ learner, method, path, authentic, response, text },
      size: method === 'GET' || body === null ? 0 : Buffer.byteLength(body),
    };
    this.promises.answered(exchange);
    if (sessionId) this.promises.assertIsolated(exchange, sessionId);
    this.#learn(asking, response, text);
  }

  /** What an honest page would remember of an answer; here everybody knows it. */
  #learn(asking: Asking, response: Response, text: string): void {
    if (!text || !asking.authentic) return;
    const { offer, leaveTicket, ack } = JSON.parse(text) as { offer?: string; leaveTicket?: string; ack?: number };
    const [, courseId = ''] = /^\/courses\/([^/?]+)/.exec(asking.path) ?? [];
    if (offer) remember(this.#offers, { learner: asking.learner, courseId, value: offer });
    if (leaveTicket) remember(this.#tickets, leaveTicket);
    if (response.status === 201 && asking.path.startsWith('/sessions/') && !asking.path.includes('/runs/')) {
      remember(this.#ids, { learner: asking.learner, courseId, value: asking.sessionId });
      remember(this.#starts, asking);
    }
    if (ack === undefined || typeof asking.body !== 'string') return;
    const writer = /"writer":"(w\d)"/.exec(asking.body)?.[1];
    if (writer) this.#numbers.set(`${asking.learner} ${writer}`, ack + 1);
  }

  /** A request: mostly right, often half broken, sometimes hostile through and through. */
  #asking(): Asking {
    const random = this.#random;
    const learner = random.pick(LEARNERS);
    const broken = random.pick([0, 0, 0, 0.03, 0.1, 0.4]);
    const id = (random.chance(0.9) && this.#pick(this.#ids, learner)?.value) || random.uuid();
    const { method, path, value, sessionId = '' } = this.#route(learner, id, broken);
    const asking: Asking = {
      ...{ learner, method, path, sessionId, authentic: true },
      body: value === undefined ? null : typeof value === 'string' ? value : JSON.stringify(value),
      headers: {
        host: 'localhost:8787',
        cookie: `practice-demo=${learner}`,
        ...(value !== undefined && { 'content-type': 'application/json' }),
      },
    };
    return random.chance(0.2) ? this.#spoiled(asking) : asking;
  }

  #route(
    learner: string,
    id: string,
    broken: number,
  ): { method: string; path: string; value?: unknown; sessionId?: string } {
    const random = this.#random;
    const wish = { random, broken, hints: this.#hints(learner, broken) };
    const ownId = `/sessions/${id}`;
    switch (random.pick(ROUTES)) {
      case 'offer':
        return { method: 'GET', path: `/courses/${random.pick(COURSES)}` };
      case 'start': {
        const fresh = random.chance(0.9) ? random.uuid() : id;
        return {
          method: 'PUT',
          path: `/sessions/${fresh}`,
          value: valueOf(StartRequestSchema, wish),
          sessionId: fresh,
        };
      }
      case 'resume': {
        const path = `${ownId}/runs/${random.chance(0.9) ? random.uuid() : id}`;
        return { method: 'PUT', path, value: valueOf(ResumeRequestSchema, wish), sessionId: id };
      }
      case 'read':
        return { method: 'GET', path: ownId, sessionId: id };
      case 'end':
        return { method: 'POST', path: `${ownId}/end`, value: valueOf(EndRequestSchema, wish), sessionId: id };
      case 'extend':
        return { method: 'POST', path: `${ownId}/extend`, sessionId: id };
      case 'heartbeat':
        return {
          method: 'POST',
          path: `${ownId}/heartbeat`,
          value: valueOf(HeartbeatRequestSchema, wish),
          sessionId: id,
        };
      case 'events':
        return { method: 'POST', path: '/events', value: valueOf(EventsRequestSchema, wish) };
      case 'leave':
        return {
          method: 'POST',
          path: '/leave',
          value: this.#tickets.length ? random.pick(this.#tickets.slice(-9)) : 'x',
        };
      case 'callback': {
        const capability = this.#capabilities.length ? random.pick(this.#capabilities.slice(-5)) : 'a.b';
        return { method: 'POST', path: `/webhooks/tavus/${capability}${random.chance(0.1) ? 'x' : ''}`, value: {} };
      }
    }
  }

  /** Mostly the newest of the learner's own, else one of the newest of anybody. */
  #pick(all: readonly Known[], learner: string): Known | undefined {
    const own = this.#random.chance(0.75) ? all.filter((known) => known.learner === learner).at(-1) : undefined;
    return own ?? (all.length ? this.#random.pick(all.slice(-12)) : undefined);
  }

  #hints(learner: string, broken: number): Hints {
    const writer = `w${this.#random.whole(1, 3)}`;
    const moment = () => new Date(this.#world.clock.now - this.#random.pick([0, 0, 1000, 50_000])).toISOString();
    const maybe = (values: readonly string[]) => (random: Random) => (values.length ? random.pick(values) : 'none');
    const offer = this.#pick(this.#offers, learner);
    let n = this.#numbers.get(`${learner} ${writer}`) ?? 1;
    const fact: Hints = {
      n: (random) => (random.chance(0.95) ? n++ : random.whole(1, 2 ** 31)),
      at: moment,
      courseId: maybe(COURSES),
      sessionId: () => this.#pick(this.#ids, learner)?.value ?? 'none',
    };
    return {
      courseId: (random) => (offer && random.chance(0.95) ? offer.courseId : random.pick(COURSES)),
      ttl: (random) => random.pick([60, 600, 3600, undefined]),
      offer: () => offer?.value ?? 'none',
      confirmedAt: moment,
      seen: moment,
      ticket: (random) => (random.chance(0.5) ? undefined : maybe(this.#tickets.slice(-8))(random)),
      writer: () => writer,
      learner: () => undefined,
      cause: (random) => random.pick(['left', 'paused', 'finished', 'staff: no', undefined]),
      events: (random) =>
        Array.from({ length: random.whole(0, 4) }, () => valueOf(FactSchema, { random, hints: fact, broken })),
    };
  }

  /** Right until here; now somebody who means harm, or something on the way, has had a hand in it. */
  #spoiled(asking: Asking): Asking {
    const random = this.#random;
    const { body } = asking;
    switch (random.whole(1, 6)) {
      case 1:
        return { ...asking, body: body === null ? null : hostileBody(random) };
      case 2: {
        const type = random.pick(CONTENT_TYPES);
        const { 'content-type': _, ...others } = asking.headers;
        return { ...asking, headers: type === null ? others : { ...others, 'content-type': type } };
      }
      case 3:
        return {
          ...asking,
          path: hostilePath(
            random,
            this.#ids.slice(-3).map(({ value }) => value),
          ),
          sessionId: '',
        };
      case 4:
        return { ...asking, method: random.pick(METHODS) };
      case 5:
        return { ...asking, headers: { ...asking.headers, ...hostileHeaders(random) }, authentic: false };
      default:
        return typeof body === 'string' && body.startsWith('{')
          ? { ...asking, body: padded(body, random.pick([LARGEST - 1, LARGEST, LARGEST + 1, 2 * LARGEST])) }
          : asking;
    }
  }
}

const ROUTES = [
  ...(['offer', 'offer', 'start', 'start', 'start', 'resume', 'resume', 'read', 'end', 'extend'] as const),
  ...(['heartbeat', 'heartbeat', 'events', 'events', 'events', 'leave', 'callback'] as const),
];

const MOST_REMEMBERED = 200;
function remember<T>(list: T[], entry: T): void {
  list.push(entry);
  if (list.length > MOST_REMEMBERED) list.shift();
}

function offerIn(body: string): unknown {
  try {
    return (JSON.parse(body) as { offer?: unknown } | null)?.offer;
  } catch {
    return undefined;
  }
}
