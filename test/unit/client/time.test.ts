import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { practice } from '../../fakes/practice-page.js';

describe('Sleep', () => {
  it('of a second or an hour is made up for before anything is done', async () => {
    const { world, goLive, state, backend } = practice();
    await goLive();
    await world.sleep(120_000);
    assert.equal(state().secondsLeft, 600, 'nothing has run yet');
    await world.advance(1100);
    assert.equal(state().phase, 'live');
    assert.equal(state().secondsLeft, 479);
    assert.equal(backend.requests('heartbeat').length, 1);
  });

  it('is made up for as well with a backend that takes no heartbeats', async () => {
    const { world, goLive, state, backend } = practice();
    backend.wish = { course: { heartbeat: undefined } };
    await goLive();
    await world.sleep(120_000);
    await world.advance(1100);
    assert.equal(state().secondsLeft, 479);
  });

  it('never shows as live what the server has ended meanwhile', async () => {
    const { world, goLive, state, backend, session, heard } = practice();
    await goLive();
    await world.sleep(120_000);
    backend.stop(session(), 'paused', 'lease');
    await world.advance(1100);
    assert.equal(state().phase, 'paused');
    assert.equal(state().session?.endReason, 'lease');
    assert.equal(heard().at(-1), 'practice-paused');
  });

  it('past the time limit shows as expired', async () => {
    const { world, goLive, state } = practice();
    await goLive();
    await world.sleep(3_600_000);
    await world.emit({ type: 'visible' });
    assert.equal(state().phase, 'expired');
  });

  it('lets a paused session lapse', async () => {
    const { world, goPaused, state } = practice();
    await goPaused();
    await world.sleep(4_000_000);
    await world.emit({ type: 'visible' });
    assert.equal(state().phase, 'abandoned');
  });
});

describe('A clock that jumps', () => {
  it('changes nothing', async () => {
    const { world, goLive, state, heard } = practice();
    await goLive();
    for (const error of [86_400_000, -86_400_000, 0]) {
      world.wallClockError = error;
      await world.advance(10_000);
    }
    assert.equal(state().phase, 'live');
    assert.equal(state().secondsLeft, 570);
    assert.deepEqual(heard(), ['practice-opened', 'practice-confirmed', 'practice-started']);
  });
});

describe('A completion that comes too late', () => {
  it('is kept by the server and acknowledged, and the page says that time was up', async () => {
    const { runner, world, goLive, state, heard, session } = practice();
    await goLive();
    await world.emit({ type: 'offline' });
    runner.dispatch({ type: 'finish', accuracyScore: 90 });
    await world.advance(700_000);
    assert.equal(state().phase, 'ending');
    await world.emit({ type: 'online' });
    await world.advance(60_000);
    assert.equal(state().phase, 'expired');
    assert.equal(session().status, 'expired');
    assert.deepEqual(
      session().late.map(({ type }) => type),
      ['completed'],
    );
    assert.equal(runner.pending, 0);
    assert.ok(heard().includes('practice-expired'));
    assert.ok(!heard().includes('practice-completed'));
  });
});
