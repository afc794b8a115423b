import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

interface Reply {
  status: number;
  body: {
    offer?: string;
    serverTime?: string;
    retryAfter?: number;
    leaveTicket?: string;
    ack?: number;
    code?: string;
    session?: { id: string; status: string };
  };
}

/** One learner who practises again and again over plain HTTP, through whichever server answers. */
export class LearnerLoop {
  /** Promises that were broken towards this learner. */
  readonly complaints: string[] = [];
  /** Facts the server has said it has. */
  acknowledged = 0;
  readonly #name: string;
  readonly #ports: readonly number[];
  /** Seconds a practice lasts at most. */
  readonly #longest: number;
  readonly #signs = new Map<string, number>();
  readonly #writer = randomUUID();
  #numbered = 0;
  #stopped = false;

  constructor(name: string, ports: readonly number[], longest: number) {
    this.#name = name;
    this.#ports = ports;
    this.#longest = longest;
  }

  /** The last request about a session that a server answered, in ms since 1970; 0 for none. */
  lastSign(sessionId: string): number {
    return this.#signs.get(sessionId) ?? 0;
  }

  stop(): void {
    this.#stopped = true;
  }

  async run(): Promise<void> {
    while (!this.#stopped) await this.#practise();
  }

  async #practise(): Promise<void> {
    const { body: offer } = await this.#ask('GET', '/courses/spanish-101');
    const id = randomUUID();
    const start = { courseId: 'spanish-101', offer: offer.offer, confirmedAt: new Date().toISOString(), metadata: {} };
    const started = await this.#until('PUT', `/sessions/${id}`, start);
    if (started.body.session?.status !== 'started') return;

    let seen = started.body.serverTime;
    const ticket = started.body.leaveTicket;
    const until = Date.now() + Math.random() * this.#longest * 1000;
    await this.#report({ type: 'joined', sessionId: id });
    while (Date.now() < until) {
      await sleep(500);
      const beat = await this.#ask('POST', `/sessions/${id}/heartbeat`, { visible: true, seen, ticket });
      seen = beat.body.serverTime ?? seen;
    }
    const way = Math.random();
    if (way < 0.3) return; // vanishes without a word
    if (way < 0.6) await this.#until('POST', `/sessions/${id}/end`, { cause: 'finished' });
    await this.#report({ type: 'completed', sessionId: id, data: { accuracyScore: 80 } });
    const { body } = await this.#until('GET', `/sessions/${id}`);
    if (!['completed', 'expired', 'abandoned'].includes(body.session?.status ?? ''))
      this.complaints.push(`${id} was completed and is ${body.session?.status}`);
  }

  /** One fact, sent until it is acknowledged. */
  async #report(fact: object): Promise<void> {
    const event = { n: ++this.#numbered, at: new Date().toISOString(), courseId: 'spanish-101', ...fact };
    const { body } = await this.#until('POST', '/events', { writer: this.#writer, events: [event] });
    if (body.ack !== this.#numbered)
      this.complaints.push(`fact ${this.#numbered} of ${this.#name}: ack ${body.ack} (${body.code})`);
    this.acknowledged++;
  }

  /** The same request again and again, as a page does, until its outcome is known. */
  async #until(method: string, path: string, body?: object): Promise<Reply> {
    for (;;) {
      const reply = await this.#ask(method, path, body);
      if (reply.status >= 500 && reply.body.code === 'internal')
        this.complaints.push(`${method} ${path}: ${reply.status}`);
      const known = reply.status !== 0 && reply.status !== 202 && reply.body.code !== 'session_active';
      if (known) return reply;
      await sleep(200);
      // The slot of a conversation that nobody ends frees itself; a new offer is needed then, and a new id.
      if (reply.body.code === 'session_active') return reply;
    }
  }

  /** Status 0: nobody answered. */
  async #ask(method: string, path: string, body?: object): Promise<Reply> {
    const port = this.#ports[Math.floor(Math.random() * this.#ports.length)];
    try {
      const response = await fetch(`http://127.0.0.1:${port}/api/practice${path}`, {
        method,
        headers: { cookie: `practice-demo=${this.#name}`, ...(body && { 'content-type': 'application/json' }) },
        ...(body && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(10_000),
      });
      const reply = { status: response.status, body: (await response.json()) as Reply['body'] };
      const id = /^\/sessions\/([^/]+)/.exec(path)?.[1];
      if (id) this.#signs.set(id, Date.now());
      return reply;
    } catch (cause) {
      if (!(cause instanceof TypeError || cause instanceof DOMException)) throw cause;
      await sleep(50);
      return { status: 0, body: {} };
    }
  }
}
