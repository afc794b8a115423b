import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { practice } from '../../fakes/practice-page.js';

describe('A start confirmed while offline', () => {
  async function queued(change = {}) {
    const page = practice(change);
    await page.open();
    await page.world.emit({ type: 'offline' });
    await page.confirm();
    return page;
  }

  it('waits where the learner sees it, and starts by itself with the network', async () => {
    const { state, told, world, backend, heard, factTypes } = await queued();
    assert.equal(state().phase, 'queued');
    assert.equal(state().open, true);
    const waits = told.find(({ type }) => type === 'practice-queued');
    assert.equal(waits?.type === 'practice-queued' && waits.until, '2026-11-22T09:10:00.000Z');
    await world.advance(120_000);
    assert.equal(backend.requests('start').length, 1);
    await world.emit({ type: 'online' });
    await world.advance(1000);
    assert.equal(state().phase, 'live');
    const starts = backend.requests('start');
    assert.equal(new Set(starts.map(({ url, body }) => url.href + body)).size, 1, 'the same id and the same offer');
    assert.deepEqual(heard(), ['practice-opened', 'practice-confirmed', 'practice-queued', 'practice-started']);
    assert.deepEqual(factTypes(), ['opened', 'confirmed', 'queued']);
  });

  it('can be cancelled, and then never starts', async () => {
    const { runner, state, world, backend, heard, factTypes } = await queued();
    runner.dispatch({ type: 'dismiss' });
    assert.equal(state().phase, 'idle');
    assert.equal(state().open, false);
    assert.equal(heard().at(-1), 'practice-cancelled');
    await world.emit({ type: 'online' });
    await world.advance(60_000);
    assert.equal(backend.requests('start').length, 1);
    assert.equal(backend.sessions.size, 0);
    assert.deepEqual(factTypes(), ['opened', 'confirmed', 'queued', 'cancelled']);
  });

  it('ends what its request may have bought before the network went', async () => {
    const { runner, world, backend, open, confirm, state } = practice();
    await open();
    backend.twist('start', (request) => {
      backend.reach(request);
      world.online = false;
      throw new TypeError('Failed to fetch');
    });
    await confirm();
    assert.equal(state().phase, 'queued');
    assert.equal(backend.sessions.size, 1);
    runner.dispatch({ type: 'dismiss' });
    await world.emit({ type: 'online' });
    await world.advance(60_000);
    assert.equal([...backend.sessions.values()][0]?.status, 'paused');
  });

  it('is asked again when nobody sees the page as the network returns', async () => {
    const { state, world, backend, confirm, heard } = await queued();
    await world.emit({ type: 'hidden' });
    await world.emit({ type: 'online' });
    await world.advance(10_000);
    assert.equal(state().phase, 'confirming');
    assert.equal(state().trouble?.code, 'offer_expired');
    assert.equal(backend.requests('offer').length, 2);
    assert.equal(backend.requests('start').length, 1);
    assert.equal(heard().at(-1), 'practice-failed');
    await world.emit({ type: 'visible' });
    await confirm();
    assert.equal(state().phase, 'live');
    assert.equal(new Set(backend.requests('start').map(({ url }) => url.href)).size, 2, 'a confirmation of its own');
  });

  it('is asked again when its offer has ended', async () => {
    const { state, world, backend } = await queued();
    await world.advance(601_000);
    assert.equal(state().phase, 'confirming');
    await world.emit({ type: 'online' });
    await world.advance(10_000);
    assert.equal(backend.requests('start').length, 1);
  });

  it('is asked again when the machine has slept meanwhile', async () => {
    const { state, world, backend } = await queued();
    await world.sleep(300_000);
    await world.emit({ type: 'online' });
    await world.advance(10_000);
    assert.equal(state().phase, 'confirming');
    assert.equal(backend.requests('start').length, 1);
  });

  it('is asked again when the page comes back from the back/forward cache', async () => {
    const { state, world, backend } = await queued();
    await world.emit({ type: 'pagehide' });
    await world.emit({ type: 'pageshow', persisted: true });
    await world.emit({ type: 'online' });
    await world.advance(10_000);
    assert.equal(state().phase, 'confirming');
    assert.equal(backend.requests('start').length, 1);
  });

  it('is never begun by another page', async () => {
    const { another, crash, world, backend, memory } = await queued();
    crash();
    await world.emit({ type: 'online' });
    const next = another();
    await next.comeBack();
    await world.advance(60_000);
    assert.equal(next.state().phase, 'idle');
    assert.equal(backend.requests('start').length, 1);
    assert.equal(await memory.recall(), null);
  });

  it('is tried when the learner says so, without a word from the browser', async () => {
    const { runner, state, world } = await queued();
    runner.dispatch({ type: 'retry' });
    await world.settle();
    assert.equal(state().phase, 'queued');
    world.online = true;
    runner.dispatch({ type: 'retry' });
    await world.settle();
    assert.equal(state().phase, 'live');
  });

  it('fails at once where either side does not want it to wait', async () => {
    const switchedOff = { confirmation: true, timeLimit: true, offlineQueue: false };
    for (const page of [practice({ offlineQueue: false }), practice()]) {
      if (page.config.offlineQueue) page.backend.wish = { offer: { features: switchedOff } };
      await page.open();
      await page.world.emit({ type: 'offline' });
      await page.confirm();
      assert.equal(page.state().phase, 'failed');
      assert.equal(page.state().trouble?.code, 'network');
      assert.ok(!page.heard().includes('practice-queued'));
      await page.world.emit({ type: 'online' });
      await page.world.advance(60_000);
      assert.equal(page.backend.sessions.size, 0);
    }
  });

  it('is withdrawn when the element goes', async () => {
    const { runner, world, backend } = await queued();
    runner.destroy();
    await world.emit({ type: 'online' });
    await world.advance(60_000);
    assert.equal(backend.requests('start').length, 1);
    assert.equal(world.timers, 0);
    assert.equal(world.lines, 0);
  });
});
