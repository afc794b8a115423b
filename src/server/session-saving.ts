import { giveBack } from './quota.js';
import { currentRun, isAsked, nextDue } from './session-lifecycle.js';
import type { Learner, StoredSession, StoreTransaction } from './session-store.js';

/**
 * The one way a session is saved: with the moment somebody has to look at it again, with the learner's completion
 * of the course once it is completed by whatever path, and without counting against the quota while nobody was let
 * into any of its conversations, and nobody will be.
 */
export async function saveSession(transaction: StoreTransaction, session: StoredSession): Promise<void> {
  session.dueAt = nextDue(session);
  if (session.status === 'completed' && !session.credited) {
    session.credited = true;
    const learner = await transaction.learner(session.userId);
    credit(learner, session);
    await transaction.saveLearner(learner);
  }
  if (session.quotaDay !== null && isUnused(session)) {
    const learner = await transaction.learner(session.userId);
    giveBack(learner, session);
    await transaction.saveLearner(learner);
  }
  await transaction.saveSession(session);
}

const isUnused = ({ status, runs }: StoredSession): boolean =>
  status !== 'completed' && !runs.some((run) => run.handedOut || run.state === 'active' || isAsked(run));

/** Keeps the best score and the first completion of a course. */
function credit(learner: Learner, session: StoredSession): void {
  const before = learner.completions[session.courseId];
  const better = !before || (session.accuracyScore ?? -1) > (before.accuracyScore ?? -1);
  const accuracyScore = better ? session.accuracyScore : before.accuracyScore;
  const conversationId = better ? currentRun(session)?.conversationId : before.conversationId;
  learner.completions[session.courseId] = {
    completed: true,
    ...(accuracyScore !== undefined && { accuracyScore }),
    ...(conversationId !== undefined && { conversationId }),
    completedAt: before?.completedAt ?? new Date(session.completedAt ?? session.confirmedAt).toISOString(),
  };
}
