import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { after, before, describe, it } from 'node:test';
import type { SessionStore, StoredFact, StoredSession } from '../../src/server/session-store.js';

/** How the contract suite gets at a kind of store. */
export interface StoreUnderTest {
  /** One more connection to the same records. */
  connect(): Promise<SessionStore>;
}

const session = (id: string, more: Partial<StoredSession> = {}): StoredSession => ({
  id,
  userId: 'ada',
  courseId: 'spanish-101',
  status: 'confirmed',
  confirmedAt: 1,
  ttl: 600,
  requestedTtl: null,
  remaining: 600,
  policy: { resumeWithin: 3600, onTimeLimit: 'expire', extension: null },
  extensionsUsed: 0,
  runs: [],
  pages: {},
  left: false,
  quotaDay: null,
  late: [],
  dueAt: null,
  ...more,
});

const fact = (writer: string, n: number): StoredFact => ({
  userId: 'ada',
  writer,
  n,
  type: 'opened',
  at: '2026-11-22T10:00:00Z',
  receivedAt: 1,
  courseId: 'spanish-101',
  sessionId: null,
  rejected: null,
  data: { deep: ['ü', null, 1.5] },
});

/** What every session store has to keep. `open` gives a fresh place for the records of one suite. */
export function sessionStoreContract(name: string, open: () => Promise<StoreUnderTest & { remove(): Promise<void> }>) {
  describe(`A session store in ${name}`, () => {
    let place: Awaited<ReturnType<typeof open>>;
    let store: SessionStore;
    const save = (...sessions: StoredSession[]) =>
      store.transaction(async (transaction) => {
        for (const each of sessions) await transaction.saveSession(each);
      });
    const load = (id: string, from = store) => from.transaction((transaction) => transaction.session(id));
    const addOne = (to: SessionStore, learner: string) =>
      to.transaction(async (transaction) => {
        const found = await transaction.learner(learner);
        await turn();
        found.quota = { ...found.quota, total: found.quota.total + 1 };
        await transaction.saveLearner(found);
        return found.quota.total;
      });

    before(async () => {
      place = await open();
      store = await place.connect();
    });
    after(async () => {
      await store.close();
      await place.remove();
    });

    it('gives back what was saved, and null for what was not', async () => {
      const saved = session('s1', { metadata: { userAgent: '“ü” 🙂' }, late: [{ n: 1, type: 'joined', at: 'x' }] });
      await save(saved);
      assert.deepEqual(await load('s1'), saved);
      assert.equal(await load('nobody'), null);
      await save({ ...saved, status: 'failed', dueAt: 7 });
      assert.deepEqual(await load('s1'), { ...saved, status: 'failed', dueAt: 7 });
    });

    it('knows every learner, a new one with nothing to their name', async () => {
      const learner = await store.transaction((transaction) => transaction.learner('new'));
      assert.deepEqual(learner, {
        id: 'new',
        current: null,
        quota: { day: '', total: 0, courses: {} },
        usedOffers: {},
        completions: {},
      });
    });

    it('gives copies: what is changed without being saved is not there next time', async () => {
      await save(session('copy'));
      const given = await load('copy');
      given!.status = 'failed';
      assert.equal((await load('copy'))?.status, 'confirmed');
    });

    it('writes everything of a transaction or nothing', async () => {
      const attempt = store.transaction(async (transaction) => {
        await transaction.saveSession(session('half', { dueAt: 5 }));
        const learner = await transaction.learner('half');
        learner.current = 'half';
        await transaction.saveLearner(learner);
        await transaction.appendFacts('ada', 'half', [fact('half', 1)]);
        await turn();
        throw new Error('on the way');
      });
      await assert.rejects(attempt, /^Error: on the way$/);
      assert.equal(await load('half'), null);
      await store.transaction(async (transaction) => {
        assert.equal((await transaction.learner('half')).current, null);
        assert.equal(await transaction.ack('ada', 'half'), 0);
      });
      assert.ok(!(await store.dueSessions(10, 100)).includes('half'));
    });

    it('goes on after a transaction that failed', async () => {
      await assert.rejects(store.transaction(() => Promise.reject(new Error('no'))));
      await save(session('after'));
      assert.ok(await load('after'));
    });

    it('gives the same object for the same thing within a transaction', async () => {
      await save(session('same'));
      await store.transaction(async (transaction) => {
        assert.equal(await transaction.session('same'), await transaction.session('same'));
        assert.equal(await transaction.learner('same'), await transaction.learner('same'));
        const made = session('made');
        assert.equal(await transaction.session('made'), null);
        await transaction.saveSession(made);
        assert.equal(await transaction.session('made'), made);
      });
    });

    it('saves what was changed after it was saved as well', async () => {
      await store.transaction(async (transaction) => {
        const made = session('later');
        await transaction.saveSession(made);
        made.status = 'failed';
      });
      assert.equal((await load('later'))?.status, 'failed');
    });

    it('lets fifty concurrent transactions count to fifty', async () => {
      const counts = await Promise.all(Array.from({ length: 50 }, () => addOne(store, 'counter')));
      assert.deepEqual(
        counts.sort((a, b) => a - b),
        Array.from({ length: 50 }, (_, i) => i + 1),
      );
    });

    it('lets two connections count together', async () => {
      const other = await place.connect();
      try {
        // One after the other in each connection, side by side between them.
        const count = async (connection: SessionStore) => {
          for (let i = 0; i < 10; i++) await addOne(connection, 'together');
        };
        await Promise.all([count(store), count(other)]);
        const learner = await other.transaction((transaction) => transaction.learner('together'));
        assert.equal(learner.quota.total, 20);
      } finally {
        await other.close();
      }
    });

    it('shows another connection what was written, and keeps it when all are closed', async () => {
      await save(session('kept', { dueAt: 1_000_000 }));
      await store.transaction((transaction) => transaction.appendFacts('ada', 'kept', [fact('kept', 1)]));
      const other = await place.connect();
      assert.ok(await load('kept', other));
      await other.close();
      await store.close();
      store = await place.connect();
      assert.equal((await load('kept'))?.dueAt, 1_000_000);
      assert.equal(await store.transaction((transaction) => transaction.ack('ada', 'kept')), 1);
    });

    it('finds what is due, the longest overdue first, and no more than asked for', async () => {
      const due = { a: 300, b: 100, c: 200, d: 401, e: null };
      await save(...Object.entries(due).map(([id, dueAt]) => session(`due-${id}`, { dueAt })));
      const ours = async (now: number, limit = 1000) =>
        (await store.dueSessions(now, limit)).filter((id) => id.startsWith('due-'));
      assert.deepEqual(await ours(400), ['due-b', 'due-c', 'due-a']);
      assert.deepEqual(await ours(100), ['due-b']);
      assert.deepEqual(await ours(99), []);
      assert.equal((await store.dueSessions(401, 2)).length, 2);
      await save(session('due-b', { dueAt: null }));
      assert.deepEqual(await ours(401), ['due-c', 'due-a', 'due-d']);
    });

    it('never finds something due before the moment the record says', async () => {
      await save(session('due-fraction', { dueAt: 350.4 }));
      assert.ok(!(await store.dueSessions(350, 1000)).includes('due-fraction'));
      assert.ok((await store.dueSessions(351, 1000)).includes('due-fraction'));
    });

    it('remembers the last fact of each learner’s writer', async () => {
      await store.transaction((transaction) => transaction.appendFacts('ada', 'w', [fact('w', 1), fact('w', 2)]));
      await store.transaction((transaction) => transaction.appendFacts('ada', 'w', []));
      await store.transaction(async (transaction) => {
        assert.equal(await transaction.ack('ada', 'w'), 2);
        assert.equal(await transaction.ack('ada', 'v'), 0);
        assert.equal(await transaction.ack('ben', 'w'), 0);
      });
    });

    it('refuses to append the same fact twice, and leaves everything as it was', async () => {
      await store.transaction((transaction) => transaction.appendFacts('ada', 'twice', [fact('twice', 1)]));
      const again = store.transaction(async (transaction) => {
        await transaction.saveSession(session('twice'));
        await transaction.appendFacts('ada', 'twice', [fact('twice', 2), fact('twice', 1)]);
      });
      await assert.rejects(again);
      assert.equal(await load('twice'), null);
      assert.equal(await store.transaction((transaction) => transaction.ack('ada', 'twice')), 1);
    });
  });
}
