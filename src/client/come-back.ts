import { isLive, retryDelay, type Offer, type SessionAnswer } from '../protocol/index.js';
import type { Backend, Result } from './backend.js';
import { delay } from './delay.js';
import type { Environment } from './environment.js';
import type { SessionMemory } from './session-memory.js';
import type { TabLine } from './tab-line.js';

const BACKOFF = { base: 1000, cap: 30_000 };

interface Surroundings {
  environment: Environment;
  backend: Backend;
  memory: SessionMemory;
  line: TabLine;
  courseId: string;
  /** The learner is known: what the page before could not send for them any more may be all that is missing. */
  greet: (offer: Offer) => Promise<void>;
  /** Aborted when nobody wants to know any more. */
  stop: AbortSignal;
}

/**
 * What became of the session this browser remembers for the course, and the course's offer. Null when there
 * is none, when it is somebody else's, and while another page of this browser is in it.
 */
export async function comeBack(around: Surroundings): Promise<{ answer: SessionAnswer; offer: Offer } | null> {
  const { backend, memory, line, courseId } = around;
  const remembered = await memory.recall();
  if (remembered?.courseId !== courseId) return null;
  const { sessionId, learner } = remembered;
  const page = await line.find(sessionId);
  if (typeof page === 'string') return null;
  line.hold(sessionId);

  const { answer: offer } = await untilHeard(around, () => backend.offer(courseId));
  if (!offer) return null;
  await around.greet(offer);
  if (learner === (offer.learner ?? '')) {
    const { answer, problem } = await untilHeard(around, () => backend.read(sessionId));
    // Where pages cannot be asked another one may be in the room: then the learner decides.
    if (answer) return isLive(answer.session.status) && page === undefined ? null : { answer, offer };
    if (problem.code !== 'not_found') return null;
  }
  await memory.forget(sessionId);
  return null;
}

/** Asks until the backend has answered. Whoever is not logged in is not asked for. */
async function untilHeard<T>({ environment, stop }: Surroundings, ask: () => Promise<Result<T>>): Promise<Result<T>> {
  for (let failures = 0; ; failures++) {
    const result = await ask();
    const { problem } = result;
    if (!problem?.retryable || stop.aborted) return result;
    const { retryAfter } = problem.details;
    await delay(environment, retryDelay(BACKOFF, failures, environment.random(), retryAfter), stop);
  }
}
