import { Violation } from './violation.js';
import type { World } from './world.js';

const LONGEST_LEASE = 150_000;

/** What has to be true once nothing has gone wrong for long enough. @throws Violation */
export function checkAfterCalm(world: World, calm: number, sweep: number): void {
  checkOrphans(world);
  checkCost(world, calm, sweep);
  checkLiveness(world);
  checkQuota(world);
  checkFacts(world);
}

const sessionOf = (name: string): string => name.split('/')[2] ?? '';

/** I3 and I6: nobody talks twice at once, and nothing runs that no session knows of. */
function checkOrphans({ tavus, witness }: World): void {
  const { conversations } = tavus.ledger;
  for (const { id, endedAt, name } of conversations) {
    const runs = witness.sessions.get(sessionOf(name))?.runs ?? [];
    const known = runs.some((run) => run.conversationId === id && run.state === 'active');
    if (endedAt === null && !known) throw new Violation('I6', `conversation ${id} runs and nobody knows`);
  }
  const ownerOf = (name: string) => witness.sessions.get(sessionOf(name))?.userId;
  for (const [index, one] of conversations.entries())
    for (const other of conversations.slice(index + 1))
      if (ownerOf(one.name) === ownerOf(other.name) && other.createdAt < (one.endedAt ?? Infinity))
        throw new Violation('I3', `${ownerOf(one.name)} had ${one.id} and ${other.id} at once`);
}

/** I4: whatever went wrong, each conversation ended when the layers that were on had to end it. */
function checkCost({ profile, time, tavus, witness }: World, calm: number, sweep: number): void {
  const { kill, tavus: weather, fault } = profile.every;
  // Where only browsers and their network fail, the end is as near as the contract says.
  const undisturbed = Math.min(kill, weather, fault) === Infinity && profile.tavusTimeouts !== false;
  for (const { id, name, createdAt, endedAt, terms } of tavus.ledger.conversations) {
    const over = endedAt ?? time.now;
    if (over > createdAt + terms.max_call_duration * 1000)
      throw new Violation('I4', `conversation ${id} outlived its cap`);
    if (profile.sweeping === false) continue;
    const sessionId = sessionOf(name);
    const bound = undisturbed
      ? witness.leaseEnd(sessionId, createdAt) + sweep + 3_000
      : Math.max(createdAt, calm, witness.lastSign(sessionId)) + LONGEST_LEASE + sweep + 40_000;
    if (over > bound)
      throw new Violation(
        'I4',
        `conversation ${id} lived ${Math.round((over - bound) / 1000)} s beyond its last lease`,
      );
  }
}

/** I20: after the storm nothing hangs, on neither side. */
function checkLiveness({ profile, witness, browsers }: World): void {
  if (profile.sweeping !== false)
    for (const { id, status, runs } of witness.sessions.values()) {
      const stuck = runs.find(({ state }) => ['creating', 'unknown', 'ending', 'active'].includes(state));
      if (stuck) throw new Violation('I20', `session ${id} (${status}) has a run that is still ${stuck.state}`);
      if (!['completed', 'abandoned', 'failed', 'expired'].includes(status))
        throw new Violation('I20', `session ${id} is still ${status}`);
    }
  if (profile.browserEnds === false) return;
  for (const { learner, alive, pending, state } of browsers.flatMap(({ tabs }) => tabs)) {
    if (!alive) continue;
    if (pending) throw new Violation('I20', `${learner} still has ${pending} facts`);
    const { phase, loading } = state;
    if (phase === 'starting' || phase === 'ending' || phase === 'live' || loading)
      throw new Violation('I20', `${learner} still sees ${phase}${loading ? ', loading' : ''}`);
  }
}

/** I17: nobody was let into more conversations a day than they have. */
function checkQuota({ profile, witness }: World): void {
  const limit = profile.settings?.['PRACTICE_DAILY_LIMITS'] ? 2 : 8;
  const counts = new Map<string, number>();
  for (const { userId, quotaDay, runs } of witness.sessions.values()) {
    if (!runs.some(({ handedOut }) => handedOut)) continue;
    if (quotaDay === null) throw new Violation('I17', `a session of ${userId} was let in and not counted`);
    const key = `${userId} ${quotaDay}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  for (const [key, count] of counts) if (count > limit) throw new Violation('I17', `${key}: ${count} sessions`);
}

/** I7: where pages could say what they had to say, the backend has it. */
function checkFacts({ profile, browsers, facts }: World): void {
  if (profile.browserEnds === false) return;
  const pages = browsers.flatMap(({ tabs }) => tabs.filter(({ alive }) => alive));
  facts.check(
    (browser, learner) => !browsers[browser]?.tabs.some((tab) => tab.alive && tab.learner === learner),
    (page) => pages.some(({ id }) => id === page),
  );
}
