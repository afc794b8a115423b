import { retryDelay, type RetryPolicy } from '../protocol/index.js';
import type { Course } from './courses.js';
import { adviceOn } from './provider-advice.js';
import { createRunOutcomes } from './run-outcomes.js';
import type { Runtime } from './runtime.js';
import { advance, currentRun, errandOf, isOpen } from './session-lifecycle.js';
import { saveSession } from './session-saving.js';
import type { Errand, Run, SessionStore, StoredSession } from './session-store.js';
import type { Settings } from './settings.js';
import type { Signer } from './signing.js';
import { TavusError } from './tavus-requests.js';
import type { CreateOutcome, Tavus } from './tavus.js';

/**
 * The only file that spends. A paid conversation is a `run` of a session: the intent is committed before
 * Tavus is asked, Tavus is asked exactly once, and whatever the outcome, the row leads to the end of it.
 */
export interface Conversations {
  /**
   * Asks Tavus for the conversation of a run that was committed as `creating` by this very call's
   * transaction, and records what came of it. Never asks a second time.
   */
  create(sessionId: string, runId: string): Promise<void>;
  /**
   * Does what a session needs at Tavus now: confirm an end, find a lost create, see whether it still
   * runs. Safe to call at any time, from any process. Never rejects: what fails stays due.
   */
  tend(sessionId: string): Promise<void>;
  /** Ends conversations that carry this deployment's tag and belong to no run. Returns how many. */
  endOrphans(): Promise<number>;
  /** Why a run would better not be committed now; null when nothing speaks against it. Never rejects. */
  unready: Tavus['unready'];
}

interface Needs {
  store: SessionStore;
  tavus: Tavus;
  runtime: Runtime;
  signer: Signer;
  settings: Pick<Settings, 'tavus' | 'settle' | 'rejoin' | 'frameOrigins' | 'leases' | 'courses' | 'minSeconds'>;
  /** The address Tavus can reach us at, null where it cannot. */
  webhookUrl: string | null;
  log: (entry: Record<string, unknown>) => void;
}

/** Milliseconds between two passes at an errand that failed. By chance, so that not all come back at once. */
const NEXT_PASS: RetryPolicy = { base: 1000, cap: 30_000 };

export function createConversations({
  store,
  tavus,
  runtime,
  signer,
  settings,
  webhookUrl,
  log,
}: Needs): Conversations {
  const outcomes = createRunOutcomes(settings);
  const tagPrefix = `tavus-practice/${signer.deployment}/`;
  const tagOf = (session: StoredSession, runId: string) => `${tagPrefix}${session.id}/${runId}`;

  /** One transaction on one session; whatever it leaves behind gets its next due moment. */
  const change = <T>(id: string, work: (session: StoredSession) => T) =>
    store.transaction(async (transaction) => {
      const session = await transaction.session(id);
      if (!session) return undefined;
      const result = work(session);
      await saveSession(transaction, session);
      return result;
    });

  async function create(sessionId: string, runId: string): Promise<void> {
    const session = await store.transaction((transaction) => transaction.session(sessionId));
    const run = session?.runs.find((each) => each.id === runId);
    const course = settings.courses.find((each) => each.id === session?.courseId);
    if (!session || !run || !course) throw new Error(`run ${runId} was not committed before its create`);

    const extension = session.policy.extension;
    const budget = session.remaining + (extension ? extension.seconds * (extension.times - session.extensionsUsed) : 0);
    const outcome = await tavus.create({
      course,
      tag: tagOf(session, runId),
      callbackUrl: webhookUrl && `${webhookUrl}/webhooks/tavus/${signer.seal('webhook', { s: sessionId, r: runId })}`,
      context: contextOf(course, session),
      memoryStores: course.memoryStores.map((name) => name.replaceAll('{learner}', signer.pseudonym(session.userId))),
      // Longer than agreed by the time its answer may take: our clock starts with the answer.
      maxCallSeconds: Math.min(Math.ceil(budget) + settings.tavus.timeout, settings.tavus.maxCallSeconds),
      absentSeconds: outcomes.admittedSeconds(session),
    });
    report(sessionId, outcome);
    await change(sessionId, (fresh) => outcomes.created(fresh, runId, outcome, runtime.now()));
  }

  function report(session: string, outcome: CreateOutcome): void {
    if (outcome.kind === 'refused') log({ event: 'create', session, refused: true, ...adviceOn(outcome.code) });
    if (outcome.kind === 'unknown') log({ event: 'create', session, unknown: outcome.cause });
    if (outcome.kind === 'created' && !outcomes.isFramable(outcome.conversation))
      log({
        event: 'create',
        session,
        code: 'provider_unavailable',
        advice:
          'Tavus opened a room outside PRACTICE_FRAME_ORIGINS: it was ended at once. Add its origin if it is right.',
        page: 'docs/errors/provider_unavailable.md',
      });
  }

  async function tend(sessionId: string): Promise<void> {
    try {
      const claimed = await change(sessionId, (session) => claim(session));
      if (claimed) await doErrand(sessionId, claimed);
    } catch (cause) {
      log({ event: 'tend', session: sessionId, failed: cause instanceof Error ? cause.message : String(cause) });
    }
  }

  async function doErrand(sessionId: string, { run, errand }: { run: Run; errand: Errand }): Promise<void> {
    try {
      if (errand === 'end') await end(sessionId, run);
      else if (errand === 'look') await look(sessionId, run);
      else await reconcile(sessionId, run);
      // A conversation that turns out to have to end costs money until it does: not a matter for the next pass.
      if (errand !== 'end') await tendEnding(sessionId);
    } catch (cause) {
      log({ event: errand, session: sessionId, failed: cause instanceof Error ? cause.message : String(cause) });
      await change(sessionId, (session) => {
        const mine = session.runs.find((each) => each.id === run.id);
        if (!mine || mine.claim?.errand !== errand) return;
        delete mine.claim;
        const retryAfter = cause instanceof TavusError ? cause.retryAfter : undefined;
        mine.nextAt = runtime.now() + retryDelay(NEXT_PASS, mine.attempts, runtime.random(), retryAfter);
        mine.attempts++;
      });
    }
  }

  async function tendEnding(sessionId: string): Promise<void> {
    const session = await store.transaction((transaction) => transaction.session(sessionId));
    if (session && currentRun(session)?.state === 'ending') await tend(sessionId);
  }

  /** Takes up the most urgent errand that is due, so that of many processes one does it. */
  function claim(session: StoredSession): { run: Run; errand: Errand } | null {
    const now = runtime.now();
    advance(session, now);
    const due = session.runs
      .map((run) => ({ run, due: errandOf(run) }))
      .filter(({ run, due }) => due && due.at <= now && !(run.claim?.errand === due.errand && run.claim.until > now));
    const next = due.find((each) => each.due?.errand === 'end') ?? due[0];
    if (!next?.due) return null;
    const { errand } = next.due;
    // A killed process delays the errand by no more. Reading gets time for every attempt of one pass; ending is
    // taken up by another process sooner, because it costs money and may be done twice.
    const seconds =
      errand === 'end' ? settings.tavus.timeout + 5 : settings.tavus.timeout * settings.tavus.attempts + 5;
    next.run.claim = { errand, until: now + seconds * 1000 };
    return { run: structuredClone(next.run), errand };
  }

  async function end(sessionId: string, { id, conversationId }: Run): Promise<void> {
    if (conversationId) await tavus.end(conversationId);
    await change(sessionId, (session) => outcomes.ended(session, id, runtime.now()));
  }

  async function look(sessionId: string, { id, conversationId }: Run): Promise<void> {
    const conversation = conversationId ? await tavus.get(conversationId) : null;
    await change(sessionId, (session) => outcomes.lookedAt(session, id, conversation, runtime.now()));
  }

  /** The answer to a create was lost: look for it, end it if it is there, and give up when it never shows. */
  async function reconcile(sessionId: string, { id }: Run): Promise<void> {
    const asked = runtime.now();
    const active = await tavus.listActive();
    await change(sessionId, (session) => {
      const found = active.find(({ name }) => name === tagOf(session, id));
      outcomes.searched(session, id, found, asked, runtime.now());
    });
  }

  async function endOrphans(): Promise<number> {
    const active = (await tavus.listActive()).filter((each) => each.name.startsWith(tagPrefix));
    let ended = 0;
    for (const conversation of active) {
      const [sessionId = '', runId = ''] = conversation.name.slice(tagPrefix.length).split('/');
      const session = await store.transaction((transaction) => transaction.session(sessionId));
      const run = session?.runs.find((each) => each.id === runId);
      if (run && isOpen(run) && (run.conversationId ?? conversation.id) === conversation.id) continue;
      log({ event: 'orphan', conversation: conversation.id });
      // One that cannot be ended now stays in the list for the next pass, and must not shield the others.
      await tavus.end(conversation.id).then(
        () => ended++,
        (cause: unknown) => log({ event: 'orphan', conversation: conversation.id, failed: String(cause) }),
      );
    }
    return ended;
  }

  return { create, tend, endOrphans, unready: tavus.unready };
}

/** What the replica is told: the course's context, and on a resumed session that it goes on. */
function contextOf(course: Course, session: StoredSession): string | undefined {
  const resumed = session.runs.some((run) => run.startedAt !== undefined);
  const parts = [
    course.context,
    resumed
      ? 'This continues a conversation with the same learner that was interrupted. Pick up where it stopped.'
      : undefined,
  ];
  return parts.filter(Boolean).join('\n\n') || undefined;
}
