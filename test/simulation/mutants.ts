/** One way to break the product, as somebody might by mistake. `find` stands exactly once in the file. */
export interface Mutant {
  name: string;
  file: string;
  find: string;
  replace: string;
  /** The profile in which it does its harm soonest; any other would find it as well, later. */
  profile: string;
}

const server = (file: string) => `src/server/${file}.ts`;
const client = (file: string) => `src/client/${file}.ts`;

/** Each has to be found by the simulation. One that is not means that the simulation is too weak. */
export const MUTANTS: readonly Mutant[] = [
  {
    name: 'a create that failed is tried again',
    file: server('tavus'),
    find: `if (neverSent(cause)) return { kind: 'refused', code: 'provider_unavailable' };`,
    replace: `try { const { status, text } = await ask('POST', '/v2/conversations', body); return judgeCreate(status, text); } catch { /* give up */ }`,
    profile: 'lost-creates',
  },
  {
    name: 'an unknown outcome is taken for a refusal',
    file: server('tavus'),
    find: `return { kind: 'unknown', cause: \`status \${status}\` };`,
    replace: `return { kind: 'refused', code: 'provider_unavailable' };`,
    profile: 'lost-creates',
  },
  {
    name: 'a broken connection is taken for a refusal',
    file: server('tavus'),
    find: `code === 'ECONNREFUSED' || code === 'ENOTFOUND'`,
    replace: `code !== undefined`,
    profile: 'lost-creates',
  },
  {
    name: 'any 200 confirms an end',
    file: server('tavus'),
    find: `if (text.trim() !== '' && (await this.get(id))?.ended === false)`,
    replace: `if (text === id)`,
    profile: 'tavus-timeouts-off',
  },
  {
    name: 'a failed end is taken for done',
    file: server('tavus'),
    find: `if (status !== 200 && status !== 204) throw new TavusError(\`ending: \${status}\`, status);`,
    replace: `if (status !== 200 && status !== 204) return;`,
    profile: 'tavus-timeouts-off',
  },
  {
    name: 'a late create is dropped',
    file: server('run-outcomes'),
    find: `    run.conversationId = conversation.id;
    run.startedAt ??= now;`,
    replace: `    if (!wanted) return;
    run.conversationId = conversation.id;
    run.startedAt ??= now;`,
    profile: 'slow-creates',
  },
  {
    name: 'a lost create is given up without waiting for it to show',
    file: server('run-outcomes'),
    find: `asked >= run.unknownAt + settings.settle * 1000`,
    replace: `asked >= run.unknownAt`,
    profile: 'lost-creates',
  },
  {
    name: 'a lost create that is found is handed back without being ended',
    file: server('run-outcomes'),
    find: `Object.assign(run, { state: 'ending', conversationId: found.id, stoppedAt: now, nextAt: now, attempts: 0 });`,
    replace: ``,
    profile: 'lost-creates',
  },
  {
    name: 'an end that arrives during the create is forgotten',
    file: server('session-service'),
    find: `run.endWanted = cause;`,
    replace: `void cause;`,
    profile: 'slow-creates',
  },
  {
    name: 'a callback is believed',
    file: server('tavus-webhooks'),
    find: `run.nextAt = runtime.now();`,
    replace: `Object.assign(run, { state: 'ended', endedAt: runtime.now() }); Object.assign(session, { status: session.status === 'confirmed' ? 'failed' : 'abandoned' });`,
    profile: 'webhooks',
  },
  {
    name: 'the slot is free while an outcome is unknown',
    file: server('session-lifecycle'),
    find: `session.runs.some(isOpen)`,
    replace: `session.runs.some((run) => run.state === 'active')`,
    profile: 'lost-creates',
  },
  {
    name: 'nobody looks whether a learner is talking already',
    file: server('session-starts'),
    find: `if (active && (isLive(active.status) || blocksStart(active)))`,
    replace: `if (active?.id === id)`,
    profile: 'everything',
  },
  {
    name: 'an offer can be used twice',
    file: server('session-starts'),
    find: `learner.usedOffers[id] = expires;`,
    replace: `void expires;`,
    profile: 'replays',
  },
  {
    name: 'starts are not counted',
    file: server('quota'),
    find: `total: total + 1,`,
    replace: `total,`,
    profile: 'replays',
  },
  {
    name: 'a start is given back more than once',
    file: server('quota'),
    find: `  session.quotaDay = null;`,
    replace: `  session.quotaDay = day;`,
    profile: 'replays',
  },
  {
    name: 'a lease never ends',
    file: server('session-lifecycle'),
    find: `if (gone < timeUp && gone <= now)`,
    replace: `if (gone < 0)`,
    profile: 'leases',
  },
  {
    name: 'a late heartbeat revives a dead lease',
    file: server('session-service'),
    find: `const heard = Date.parse(seen);`,
    replace: `const heard = seen ? now : 0;`,
    profile: 'leases',
  },
  {
    name: 'a hidden page has the lease of a visible one',
    file: server('session-service'),
    find: `(visible ? settings.leases.visible : settings.leases.hidden)`,
    replace: `(visible || !visible ? settings.leases.visible : settings.leases.hidden)`,
    profile: 'leases',
  },
  {
    name: 'a heartbeat shortens a lease',
    file: server('session-service'),
    find: `fresh.pages[page] = Math.max(fresh.pages[page] ?? 0, until);`,
    replace: `fresh.pages = { [page]: until - 20_000 };`,
    profile: 'leases',
  },
  {
    name: 'the time limit is forgotten',
    file: server('session-lifecycle'),
    find: `else if (timeUp <= now)`,
    replace: `else if (timeUp <= 0)`,
    profile: 'tavus-timeouts-off',
  },
  {
    name: 'an expired session can be completed',
    file: server('facts'),
    find: `else if (isSettled(session.status)) return keepLate(session, fact);`,
    replace: `else if (session.status === 'expired' && fact.type === 'completed') Object.assign(session, { status: 'completed', completedAt: now });
    else if (isSettled(session.status)) return keepLate(session, fact);`,
    profile: 'short-ttl',
  },
  {
    name: 'facts are not checked for being in order',
    file: server('facts'),
    find: `if (n !== ack + 1) {`,
    replace: `if (n < ack) {`,
    profile: 'everything',
  },
  {
    name: 'facts that were applied are applied again',
    file: server('facts'),
    find: `if (n <= ack) continue;`,
    replace: `if (n < before) continue;
    if (n === before) ack = n - 1;`,
    profile: 'everything',
  },
  {
    name: 'facts of anybody’s session are taken',
    file: server('facts'),
    find: `if (!session || session.userId !== caller.userId) return 'not_found';`,
    replace: `if (!session) return 'not_found';`,
    profile: 'replays',
  },
  {
    name: 'the sweeper skips what somebody else once took up',
    file: server('conversations'),
    find: `run.claim.until > now));`,
    replace: `run.claim.until > 0));`,
    profile: 'lost-creates',
  },
  {
    name: 'a script may confirm',
    file: client('billing-gate'),
    find: `if (!gesture.isTrusted || this.#gestures.has(gesture)) return null;`,
    replace: `if (this.#gestures.has(gesture)) return null;`,
    profile: 'everything',
  },
  {
    name: 'anybody may read a session',
    file: server('session-access'),
    find: `if (!session || session.userId !== caller.userId) throw`,
    replace: `if (!session) throw`,
    profile: 'replays',
  },
  {
    name: 'a start is answered to whoever knows its id',
    file: server('session-starts'),
    find: `if (before.userId !== caller.userId || !same)`,
    replace: `if (!same)`,
    profile: 'replays',
  },
  {
    name: 'Retry-After is not heard',
    file: client('outbox'),
    find: `const wait = this.#notBefore - this.#environment.monotonic();`,
    replace: `const wait = 0;`,
    profile: 'crowded',
  },
  {
    name: 'facts that could not be sent are dropped',
    file: client('outbox'),
    find: `return !mayPass(problem) && this.#giveUp(store, batch, problem);`,
    replace: `return this.#giveUp(store, batch, problem);`,
    profile: 'everything',
  },
  {
    name: 'an outbox waits for a storage that hangs',
    file: client('outbox'),
    find: `await delay(this.#environment, PATIENCE, looked.signal);`,
    replace: `await delay(this.#environment, 2 ** 31, looked.signal);`,
    profile: 'storage',
  },
  {
    name: 'after a log-out nobody sends what comes next',
    file: client('outbox'),
    find: `this.#failures = 0;
    await this.#stores.current.clear();`,
    replace: `await this.#stores.current.clear();`,
    profile: 'storage',
  },
  {
    name: 'an acknowledgement removes what was not acknowledged',
    file: client('fact-row'),
    find: `facts: row.facts.filter((fact) => fact.n > n),`,
    replace: `facts: [],`,
    profile: 'storage',
  },
  {
    name: 'a fact is numbered in one transaction and kept in the next',
    file: client('stored-row'),
    find: `await update<unknown>(this.#key, add, this.#strict);`,
    replace: `add(await get<unknown>(this.#key, this.#strict)); await update<unknown>(this.#key, () => row, this.#strict);`,
    profile: 'storage',
  },
  {
    name: 'a writer lives on after its store',
    file: client('stored-row'),
    find: `append(isRow(old) ? old : emptyRow(this.#newWriter()), draft)`,
    replace: `append(isRow(old) ? old : { ...emptyRow(this.#newWriter()), ...(this.#known && { writer: this.#known.writer }) }, draft)`,
    profile: 'storage',
  },
  {
    name: 'facts are kept without saying whose they are',
    file: client('stored-row'),
    find: `this.#key = [FACTS, backend, learner];`,
    replace: `this.#key = [FACTS, backend];`,
    profile: 'shared-computer',
  },
  {
    name: 'a log-out leaves the facts where they are',
    file: client('stored-row'),
    find: `if (await storeExists(this.#environment)) await del(this.#key, this.#strict);`,
    replace: ``,
    profile: 'shared-computer',
  },
  {
    name: 'a transaction that was aborted is taken for done',
    file: client('store'),
    find: `      if (error instanceof PracticeError) throw error;
      return attempt();`,
    replace: `      return undefined as never;`,
    profile: 'storage',
  },
];
