import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createPracticeBackend, readSettings, type Caller } from '../../src/server/index.js';
import type { Offer, Problem } from '../../src/protocol/index.js';
import { PracticeWorld } from '../fakes/practice-world.js';

const COURSES = JSON.stringify([
  { id: 'spanish-101', title: 'Spanish', palId: 'p', ttl: 601, extension: { seconds: 120, times: 2 } },
  { id: 'long', title: 'Nearly the plan', palId: 'p', ttl: 2300, extension: { seconds: 60, times: 3 } },
  { id: 'default', title: 'As long as usual', palId: 'p' },
]);
const open = () => PracticeWorld.open({ PRACTICE_COURSES: COURSES, TAVUS_DEFAULT_TTL: '300' });

/** Chloe of the demo has one and a half times the time of everybody else. */
describe('A learner with extra time', () => {
  it('is offered so many times the time limit, in whole seconds; warnings and extensions stay as they are', async () => {
    const world = await open();
    const [ada, chloe] = [await world.offer('ada'), await world.offer('chloe')];
    assert.deepEqual([ada.policy.ttl, chloe.policy.ttl], [601, 902]);
    assert.deepEqual(chloe.policy.warnAt, ada.policy.warnAt);
    assert.deepEqual(chloe.policy.extension, { seconds: 120, times: 2 });
    assert.equal((await world.offer('chloe', 'default')).policy.ttl, 450);
  });

  it('gets no more than Tavus honours in one call', async () => {
    const world = await open();
    const { policy } = await world.offer('chloe', 'long');
    assert.deepEqual([policy.ttl, policy.extension], [3450, { seconds: 60, times: 2 }]);
  });

  it('has that long, here and at Tavus', async () => {
    const world = await open();
    const { id, body } = await world.start('chloe');
    assert.deepEqual([body.session.ttl, body.session.remaining], [902, 902]);
    assert.equal(Date.parse(body.session.expiresAt ?? '') - world.clock.now, 902_000);
    assert.equal(world.billed[0]?.terms.max_call_duration, 902 + 240 + 15);
    await world.end(id, 'chloe');
    assert.equal((await world.resume(id, crypto.randomUUID(), 'chloe')).body.session.remaining, 902);
  });

  it('may ask for less, and not for more', async () => {
    for (const [asked, granted] of [
      [700, 700],
      [5000, 902],
    ] as const) {
      const world = await open();
      assert.equal((await world.start('chloe', { ttl: asked })).body.session.ttl, granted);
    }
  });

  it('cannot lend it to anybody', async () => {
    const world = await open();
    const { offer } = await world.offer('chloe');
    assert.equal((await world.start('ben', { offer })).body.code, 'offer_expired');
  });
});

describe('A host that says itself who asks', () => {
  const offerTo = async (extraTime?: number) => {
    const { store } = await open();
    const caller: Caller = { userId: 'ada', account: 'free', role: 'learner', extraTime };
    const logged: Record<string, unknown>[] = [];
    const { handler } = createPracticeBackend({
      settings: readSettings({ TAVUS_API_KEY: 'key', PRACTICE_COURSES: COURSES }),
      store,
      secret: 'a secret for tests only',
      authenticate: async () => caller,
      log: (entry) => logged.push(entry),
    });
    const response = await handler(new Request('http://lms.example/api/practice/courses/spanish-101'));
    return { logged, body: (await response.json()) as Offer & Problem };
  };

  it('gives extra time with the identity', async () => {
    assert.equal((await offerTo()).body.policy.ttl, 601);
    assert.equal((await offerTo(1)).body.policy.ttl, 601);
    assert.equal((await offerTo(2)).body.policy.ttl, 1202);
    assert.equal((await offerTo(10)).body.policy.ttl, 3600);
  });

  it('is told when it cannot be given', async () => {
    for (const factor of [0, 0.5, -1, 10.1, NaN, Infinity, '2' as never, null as never]) {
      const { logged, body } = await offerTo(factor);
      assert.equal(body.code, 'internal');
      assert.match(String(logged[0]?.['cause']), /extraTime has to be from 1 to 10/);
    }
  });
});
