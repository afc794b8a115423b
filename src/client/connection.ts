import { Backend } from './backend.js';
import type { Environment } from './environment.js';
import { Outbox, type OutboxListener } from './outbox.js';
import type { PracticeConfig } from './practice-state.js';
import { ServerClock } from './server-clock.js';

/** One element's part in a connection. */
export interface Member extends OutboxListener {
  /** Read anew for every request. */
  config: () => PracticeConfig;
}

/**
 * What all elements of a page share that reach the same backend as the same visitor: the facts that wait for it, and its
 * clock. Requests are made as the member says that joined last; after the last one has left, as that one said.
 */
export class Connection {
  readonly backend: Backend;
  readonly clock: ServerClock;
  readonly outbox: Outbox;
  readonly #members = new Set<Member>();
  #spokesman: Member | null = null;

  constructor(environment: Environment) {
    const config = (): PracticeConfig => this.#config();
    this.clock = new ServerClock(environment);
    this.backend = new Backend(environment, config, (sample) => this.clock.sync(sample));
    this.outbox = new Outbox(environment, this.backend, config, {
      changed: () => this.#tell((member) => member.changed()),
      answered: (answer) => this.#tell((member) => member.answered(answer)),
      rejected: (fact, code) =>
        this.#tell((member) => fact.courseId === member.config().courseId && member.rejected(fact, code)),
    });
  }

  /** Returns the function that leaves. What waits is still sent. */
  join(member: Member): () => void {
    this.#members.add(member);
    this.#spokesman = member;
    return () => {
      this.#members.delete(member);
      this.#spokesman = [...this.#members].at(-1) ?? this.#spokesman;
    };
  }

  #config(): PracticeConfig {
    if (!this.#spokesman) throw new Error('Nobody has joined the connection.');
    return this.#spokesman.config();
  }

  #tell(news: (member: Member) => void): void {
    for (const member of [...this.#members]) news(member);
  }
}
