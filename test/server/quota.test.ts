import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PracticeWorld } from '../fakes/practice-world.js';

const DAY = 24 * 60 * 60;

const COURSES = JSON.stringify([
  { id: 'spanish-101', title: 'Spanish', palId: 'p' },
  { id: 'rare', title: 'Once a day', palId: 'p', dailyLimit: 1 },
  { id: 'short', title: 'Short', palId: 'p', ttl: 60 },
]);

const open = (env: Record<string, string> = {}) => PracticeWorld.open({ PRACTICE_COURSES: COURSES, ...env });

describe('The quota', () => {
  it('counts started sessions per learner and day, and says when the next is free', async () => {
    const world = await open();
    for (let i = 0; i < 3; i++) await world.abandon((await world.start()).id);
    const offer = await world.offer('ada', 'short');
    assert.deepEqual(offer.availability, {
      canStart: false,
      reason: 'quota_exceeded',
      remaining: 0,
      limit: 3,
      resetsAt: '2026-11-23T00:00:00.000Z',
      accountType: 'premium',
    });
    const { status, body } = await world.start();
    assert.deepEqual([status, body.code, body.resetsAt], [429, 'quota_exceeded', '2026-11-23T00:00:00.000Z']);
    assert.equal(world.calls('create'), 3);
    assert.equal((await world.offer('ben')).availability.remaining, 1);
  });

  it('is fresh after midnight UTC, not a moment before', async () => {
    const world = await open({ PRACTICE_DAILY_LIMITS: 'free=1,premium=1' });
    await world.abandon((await world.start()).id);
    await world.clock.pass(14 * 3600 - 1);
    assert.equal((await world.start()).body.code, 'quota_exceeded');
    await world.clock.pass(1);
    assert.equal((await world.start()).status, 201);
  });

  it('is not given back to another day than it was taken from', async () => {
    const world = await open({ PRACTICE_DAILY_LIMITS: 'free=1,premium=1' });
    await world.clock.pass(14 * 3600 - 5);
    world.fail({ call: 'create', delay: 3_600_000 });
    const lost = world.start();
    await world.clock.pass(20);
    await lost;
    await world.sweepFor(40);
    assert.equal((await world.offer()).availability.remaining, 1);
  });

  it('is limited further where a course has its own limit', async () => {
    const world = await open();
    assert.deepEqual((await world.offer('ada', 'rare')).availability.limit, 1);
    await world.abandon((await world.start('ada', { courseId: 'rare' })).id);
    assert.equal((await world.start('ada', { courseId: 'rare' })).body.code, 'quota_exceeded');
    assert.equal((await world.start('ada', { courseId: 'short' })).status, 201);
  });

  it('is the smallest one for an account nobody has heard of', async () => {
    const world = await open({ PRACTICE_DAILY_LIMITS: 'gold=5,silver=2' });
    assert.equal((await world.offer('ben')).availability.limit, 2);
  });

  it('is given back when Tavus refused, and can be used again', async () => {
    const world = await open();
    world.fail({ call: 'create', fail: 'rate_limited' });
    await world.start('ben');
    assert.equal((await world.offer('ben')).availability.remaining, 1);
    assert.equal((await world.start('ben')).status, 201);
  });

  it('is never exceeded by simultaneous starts of different sessions', async () => {
    const world = await open({ PRACTICE_DAILY_LIMITS: 'free=2,premium=2' });
    for (let round = 0; round < 4; round++) {
      const starts = await Promise.all([world.start(), world.start(), world.start()]);
      for (const { id, status } of starts) if (status === 201) await world.abandon(id);
    }
    assert.equal(world.calls('create'), 2);
  });
});

describe('A new start', () => {
  it('settles an older paused session as superseded', async () => {
    const world = await open();
    const older = await world.start();
    await world.end(older.id);
    const newer = await world.start();
    assert.equal(newer.status, 201);
    const { session } = (await world.read(older.id)).body;
    assert.deepEqual([session.status, session.endReason], ['abandoned', 'superseded']);
  });

  it('leaves the paused session alone when it is refused before it counts', async () => {
    const world = await open({ PRACTICE_DAILY_LIMITS: 'free=1,premium=1' });
    const older = await world.start();
    await world.end(older.id);
    assert.equal((await world.start()).body.code, 'quota_exceeded');
    assert.equal((await world.read(older.id)).body.session.status, 'paused');
  });

  it('waits until the end of the last conversation is confirmed', async () => {
    const world = await open();
    const older = await world.start();
    world.fail({ call: 'end', fail: 'status', times: 'always' });
    const ending = world.end(older.id);
    await world.clock.pass(5);
    await ending;
    const blocked = await world.start();
    assert.deepEqual([blocked.body.code, blocked.body.activeSessionId], ['session_active', older.id]);
    world.fail();
    await world.sweepFor(30);
    assert.equal((await world.start()).status, 201);
  });

  it('settles what nobody looked after meanwhile', async () => {
    const world = await open();
    world.tavus.setConditions({ callbacks: 'none' });
    const older = await world.start();
    await world.clock.pass(DAY);
    assert.equal((await world.offer()).availability.reason, 'ending', 'nobody has confirmed the end yet');
    await world.backend.sweeper.sweep();
    assert.equal((await world.start()).status, 201);
    assert.equal((await world.read(older.id)).body.session.status, 'abandoned');
  });
});
