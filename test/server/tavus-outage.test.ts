import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assertCalm } from '../fakes/assert-calm.js';
import { PracticeWorld } from '../fakes/practice-world.js';

const LEARNERS = Array.from({ length: 12 }, (_, i) => `learner-${i}`);

/** A world in which Tavus has failed often enough to be left alone for a while. */
async function failing(network: 'refused' | 'silent' = 'refused'): Promise<PracticeWorld> {
  const world = await PracticeWorld.open({ PRACTICE_DAILY_LIMITS: 'free=3,premium=3', PRACTICE_RATE_LIMIT: '0' });
  world.tavus.setConditions({ callbacks: 'none' });
  world.network = network;
  for (const learner of LEARNERS.slice(0, 5)) await world.until(world.start(learner));
  return world;
}

const requestsPer = (world: PracticeWorld, seconds: number, from: number): number =>
  world.asked.filter((at) => at >= from && at < from + seconds * 1000).length;

describe('A start while Tavus fails', () => {
  it('is refused at once, spends nothing, and can be asked for again with the same offer', async () => {
    const world = await failing();
    const before = world.asked.length;
    const start = await world.start();
    assert.deepEqual([start.status, start.body.code, start.body.retryable], [502, 'provider_unavailable', true]);
    assert.ok(start.body.retryAfter! >= 1);
    assert.equal(start.headers.get('retry-after'), String(start.body.retryAfter));
    assert.equal(world.asked.length, before, 'Tavus was not asked');
    assert.equal((await world.read(start.id)).status, 404, 'nothing was begun');
    const { availability } = await world.offer();
    assert.deepEqual([availability.canStart, availability.remaining], [true, 3]);

    world.network = 'up';
    await world.clock.pass(start.body.retryAfter!);
    const { offer } = start.offer;
    assert.equal((await world.start('ada', { offer })).status, 201);
    assert.equal(world.calls('list'), 1, 'a read found out that Tavus is back');
  });

  it('leaves the paused session it would have taken the place of', async () => {
    const world = await PracticeWorld.open();
    const older = await world.start();
    await world.end(older.id);
    world.network = 'refused';
    for (const learner of LEARNERS.slice(0, 5)) await world.start(learner);
    assert.equal((await world.start()).body.code, 'provider_unavailable');
    const resumed = await world.resume(older.id);
    assert.deepEqual([resumed.status, resumed.body.code], [502, 'provider_unavailable']);
    const { session } = (await world.read(older.id)).body;
    assert.deepEqual([session.status, session.runs], ['paused', 1]);
  });

  it('that was begun before is answered as ever', async () => {
    const world = await PracticeWorld.open();
    const running = await world.start();
    world.network = 'refused';
    for (const learner of LEARNERS.slice(0, 5)) await world.start(learner);
    const again = await world.repeat(running);
    assert.deepEqual([again.status, Boolean(again.body.join)], [200, true]);
  });

  it('waits for a silent Tavus no longer than three seconds', async () => {
    const world = await failing('silent');
    await world.clock.pass(60);
    const start = world.start();
    await world.clock.pass(3);
    assert.equal((await start).body.code, 'provider_unavailable');
  });

  it('asks one question at a time, for all who come, when it may be over', async () => {
    const world = await failing();
    world.network = 'up';
    await world.clock.pass(60);
    const starts = await Promise.all(LEARNERS.map((learner) => world.start(`late-${learner}`)));
    assert.ok(starts.every(({ status }) => status === 201));
    assert.ok(world.calls('list') < LEARNERS.length / 2);
    assert.equal(world.calls('create'), LEARNERS.length);
  });

  it('is told to the operator once when it begins and once when it is over', async () => {
    const world = await failing();
    await world.sweepFor(120);
    world.network = 'up';
    await world.clock.pass(60);
    await world.start();
    const told = world.logged.filter(({ event }) => event === 'tavus');
    assert.deepEqual(
      told.map(({ what, state }) => `${what} ${state}`),
      ['creating open', 'creating closed'],
    );
    assert.match(String(told[0]!['advice']), /TAVUS_API_URL/);
  });
});

describe('An end while Tavus fails', () => {
  it('is asked for all the same', async () => {
    const world = await PracticeWorld.open();
    const { id } = await world.start();
    world.network = 'refused';
    for (const learner of LEARNERS.slice(0, 5)) await world.start(learner);
    const before = world.asked.length;
    await world.until(world.end(id));
    assert.ok(world.asked.length > before);
    world.network = 'up';
    await world.sweepFor(35);
    assertCalm(world);
  });
});

describe('An outage of an hour', () => {
  it('costs Tavus a bounded number of requests, from two servers that sweep, and no rush afterwards', async () => {
    const world = await PracticeWorld.open({ PRACTICE_RATE_LIMIT: '0' });
    world.tavus.setConditions({ callbacks: 'none' });
    const ids = await Promise.all(LEARNERS.map(async (learner) => ({ learner, ...(await world.start(learner)) })));
    const servers = [world.backend, world.restart()];
    const stop = new AbortController();
    for (const { sweeper } of servers) void sweeper.run(5, stop.signal);
    world.network = 'refused';
    const began = world.clock.now;
    for (const { id, learner } of ids.slice(0, 6)) await world.until(world.end(id, learner));
    for (let minute = 0; minute < 60; minute++) {
      await world.clock.pass(60);
      await world.start('ada');
    }
    // Twelve conversations have to end; each is tried about every fifteen seconds. Reading adds four a minute and server.
    const perHour = requestsPer(world, 3600, began);
    assert.ok(perHour <= 12 * 60 * 4.5 + 2 * 60 * 5 + 200, `${perHour} requests in an hour`);

    world.network = 'up';
    const back = world.clock.now;
    await world.clock.pass(60);
    assert.ok(requestsPer(world, 1, back) <= 25, `${requestsPer(world, 1, back)} in the first second`);
    assertCalm(world);
    assert.equal((await world.start('ada')).status, 201);
    stop.abort();
    await world.clock.pass(1);
  });
});
