import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Backend } from '../../../src/client/backend.js';
import type { FactDraft } from '../../../src/client/fact-row.js';
import { hasStored } from '../../../src/client/has-stored.js';
import { Outbox } from '../../../src/client/outbox.js';
import type { PracticeConfig } from '../../../src/client/practice-state.js';
import { ScriptedBackend } from '../../fakes/scripted-backend.js';
import { VirtualEnvironment } from '../../fakes/virtual-environment.js';
import { VirtualIndexedDb, type StorageFault } from '../../fakes/virtual-indexed-db.js';

const AT = '2026-11-22T09:00:00.000Z';
const opened: FactDraft = { type: 'opened', at: AT, courseId: 'c' };
const completed: FactDraft = { type: 'completed', at: AT, courseId: 'c', sessionId: 's' };

/** A computer with one browser, in front of which learners come and go. */
function computer() {
  const browser = new VirtualIndexedDb((step) => setImmediate(step));

  /** A page of that browser, and what the backend answers to it. */
  function page({
    learner,
    fault = 'none',
    ...change
  }: Partial<PracticeConfig> & { learner?: string; fault?: StorageFault } = {}) {
    const world = new VirtualEnvironment({ seed: 7 });
    world.storage = browser.page();
    world.storage.fault = fault;
    const scripted = new ScriptedBackend(world);
    if (learner !== undefined) scripted.wish = { offer: { learner } };
    const config = (): PracticeConfig => ({
      backend: 'https://lms.example/api/practice',
      courseId: 'c',
      credentials: 'same-origin',
      confirmation: true,
      timeLimit: true,
      offlineQueue: true,
      ...change,
    });
    // Two pages of a browser never mint the same id.
    const randomUUID = world.randomUUID.bind(world);
    const salt = pages++;
    world.randomUUID = () => `${randomUUID()}-${salt}`;
    const rejected: string[] = [];
    const told: string[] = [];
    const outbox: Outbox = new Outbox(world, new Backend(world, config, () => {}), config, {
      changed: () => told.push(`${outbox.pending} ${outbox.storageMode}`),
      answered: () => {},
      rejected: (fact, code) => rejected.push(`${fact.type} ${code}`),
    });
    const sent = () =>
      scripted.requests('events').map(({ body }) => JSON.parse(body) as { learner?: string; writer: string });
    return { world, scripted, outbox, rejected, told, sent };
  }
  let pages = 0;
  return { browser, page };
}

describe('The outbox and the browser’s storage', () => {
  it('keeps facts over the end of the page, and sends them when the same learner is back', async () => {
    const { page, browser } = computer();
    const before = page();
    before.world.online = false;
    before.outbox.identify({ learner: 'p-ada' });
    await before.outbox.record(opened);
    await before.outbox.record(completed);
    assert.equal(before.outbox.storageMode, 'indexeddb');
    before.world.storage?.kill();
    assert.equal(await hasStored({ indexedDB: () => browser.page().factory }), true);

    const after = page({ learner: 'p-ada' });
    await after.outbox.flush();
    assert.deepEqual(
      after.scripted.facts.map(({ type }) => type),
      ['opened', 'completed'],
    );
    assert.equal(after.sent()[0]?.learner, 'p-ada');
    assert.equal(after.outbox.pending, 0);
    assert.equal(await hasStored({ indexedDB: () => browser.page().factory }), false);
  });

  it('never sends what belongs to somebody else', async () => {
    const { page } = computer();
    const ada = page();
    ada.world.online = false;
    ada.outbox.identify({ learner: 'p-ada' });
    await ada.outbox.record(completed);

    const ben = page({ learner: 'p-ben' });
    await ben.outbox.flush();
    await ben.outbox.record(opened);
    await ben.outbox.flush();
    assert.deepEqual(
      ben.scripted.facts.map(({ type }) => type),
      ['opened'],
    );
    await ben.outbox.forget();

    const adaAgain = page({ learner: 'p-ada' });
    await adaAgain.outbox.flush();
    assert.deepEqual(
      adaAgain.scripted.facts.map(({ type }) => type),
      ['completed'],
    );
  });

  it('keeps the facts of a learner apart who is replaced while the page lives', async () => {
    for (const fault of ['none', 'refuses'] as const) {
      const { world, outbox, scripted } = computer().page({ fault });
      world.online = false;
      outbox.identify({ learner: 'p-ada' });
      await outbox.record(completed);
      outbox.identify({ learner: 'p-ben' });
      assert.equal(outbox.pending, 0);
      world.online = true;
      await world.advance(120_000);
      assert.deepEqual(scripted.facts, []);
      outbox.identify({ learner: 'p-ada' });
      await outbox.flush();
      assert.deepEqual(
        scripted.facts.map(({ type }) => type),
        ['completed'],
        fault,
      );
    }
  });

  it('sends what is new after another page sent what this one could not', async () => {
    const { page } = computer();
    const [first, second] = [page(), page()];
    for (const { outbox } of [first, second]) outbox.identify({ learner: 'p-ada' });
    first.world.online = second.world.online = false;
    await first.outbox.record(opened);
    await second.outbox.flush();
    first.world.online = second.world.online = true;
    await first.outbox.flush();
    await second.world.advance(60_000);
    await second.outbox.record(completed);
    await second.world.advance(1000);
    assert.equal(second.sent().length, 2, 'one that failed, and one that arrived');
  });

  it('stores and sends nothing before anybody said who is here', async () => {
    const { browser, page } = computer();
    const { world, outbox, scripted, sent } = page({ learner: 'p-ada' });
    world.online = false;
    await outbox.record(opened);
    await world.advance(60_000);
    assert.equal(outbox.pending, 1);
    assert.equal(browser.disks.size, 0);
    assert.equal(sent().length, 0);
    world.online = true;
    await outbox.flush();
    assert.ok(scripted.requests('offer').length < 12, 'it asks rarely');
    assert.equal(sent()[0]?.learner, 'p-ada');
    assert.equal(outbox.pending, 0);
  });

  it('says so when nobody can ever be said to have done what the page holds', async () => {
    const { world, outbox, scripted, rejected } = computer().page();
    scripted.twist('offer', () => scripted.problem('not_found'));
    await outbox.record(opened);
    await world.advance(1000);
    assert.deepEqual(rejected, ['opened not_found']);
    assert.equal(outbox.pending, 0);
    assert.equal(world.timers, 0);
  });

  it('asks nobody anything where nothing waits', async () => {
    const { browser, page } = computer();
    const { world, outbox } = page();
    await outbox.flush();
    assert.equal(world.requests.length, 0);
    assert.equal(browser.disks.size, 0);
  });

  it('goes by the session’s user where the offer names nobody, and sends without a name', async () => {
    const { browser, page } = computer();
    const { world, outbox, sent } = page();
    world.online = false;
    outbox.identify({});
    await outbox.record(opened);
    assert.equal(browser.disks.size, 0);
    outbox.identify({ userId: 'ada' });
    await outbox.record(completed);
    assert.equal(browser.dump().length, 1);
    world.online = true;
    await outbox.flush();
    await world.advance(60_000);
    assert.ok(sent().every(({ learner }) => learner === undefined));
    assert.equal(outbox.pending, 0);
  });

  it('keeps everything when the backend sees somebody else, until it hears who is here', async () => {
    const { world, outbox, scripted, rejected, sent } = computer().page();
    outbox.identify({ learner: 'p-ada' });
    scripted.twist('events', () => scripted.problem('forbidden'));
    await outbox.record(completed);
    await world.advance(600_000);
    await outbox.flush();
    assert.equal(sent().length, 1);
    assert.equal(outbox.pending, 1);
    assert.deepEqual(rejected, []);
    outbox.identify({ learner: 'p-ada' });
    await outbox.flush();
    assert.equal(outbox.pending, 0);
    assert.equal(scripted.facts.length, 1);
  });

  it('falls back to memory when the storage fails, keeps what it has, and says so', async () => {
    for (const fault of ['refuses', 'full', 'forbidden'] as const) {
      const { world, outbox, scripted, told } = computer().page();
      world.online = false;
      outbox.identify({ learner: 'p-ada' });
      await outbox.record(opened);
      world.storage!.fault = fault;
      await outbox.record(completed);
      assert.equal(outbox.storageMode, 'memory', fault);
      assert.equal(outbox.pending, 2);
      assert.equal(told.at(-1), '2 memory');
      world.online = true;
      await world.advance(60_000);
      await outbox.flush();
      assert.equal(outbox.pending, 0);
      assert.ok(scripted.facts.some(({ type }) => type === 'completed'));
    }
  });

  it('waits three seconds for a database that never opens', async () => {
    const { world, outbox } = computer().page({ fault: 'hangs' });
    world.online = false;
    outbox.identify({ learner: 'p-ada' });
    await world.settle();
    const recorded = outbox.record(completed);
    await world.advance(3000);
    await recorded;
    assert.equal(outbox.storageMode, 'memory');
    assert.equal(outbox.pending, 1);
  });

  it('begins under a new writer when the browser threw the store away, and says what is gone', async () => {
    const { browser, page } = computer();
    const { world, outbox, rejected, sent } = page();
    world.online = false;
    outbox.identify({ learner: 'p-ada' });
    await outbox.record(opened);
    await outbox.flush();
    browser.evict();
    await outbox.record(completed);
    assert.deepEqual(rejected, ['opened storage']);
    assert.equal(outbox.storageMode, 'indexeddb');
    await outbox.flush();
    const [first, last] = sent();
    assert.notEqual(first?.writer, last?.writer);
  });

  it('does not give numbers twice that the backend has seen and the store has lost', async () => {
    const { page } = computer();
    const { outbox, scripted, sent } = page();
    outbox.identify({ learner: 'p-ada' });
    await outbox.record(opened);
    scripted.twist('events', () => scripted.json({ ack: 9 }));
    await outbox.flush();
    scripted.twist('events', () => scripted.json({ ack: 1 }));
    await outbox.record(completed);
    await outbox.flush();
    const [first, last] = sent();
    assert.notEqual(first?.writer, last?.writer);
  });

  it('keeps nothing in the browser where the host or the backend does not want it', async () => {
    for (const isHost of [true, false]) {
      const { browser, page } = computer();
      const { outbox } = page(isHost ? { offlineQueue: false } : {});
      outbox.identify({ learner: 'p-ada' }, isHost);
      await outbox.record(completed);
      assert.equal(outbox.storageMode, 'memory');
      assert.equal(browser.disks.size, 0);
    }
  });

  it('forgets what an earlier page kept, also when the learner is logged out already', async () => {
    for (const isLoggedIn of [true, false]) {
      const { browser, page } = computer();
      const before = page();
      before.world.online = false;
      before.outbox.identify({ learner: 'p-ada' });
      await before.outbox.record(completed);
      const { outbox, scripted } = page({ learner: 'p-ada' });
      if (!isLoggedIn) scripted.twist('offer', () => scripted.problem('unauthenticated'), 9);
      await outbox.forget();
      assert.deepEqual(browser.dump(), []);
    }
  });

  it('sends what it knows at once when the page goes away', async () => {
    const { world, outbox, scripted } = computer().page();
    world.online = false;
    outbox.identify({ learner: 'p-ada' });
    await outbox.record(completed);
    world.online = true;
    void outbox.flushBeforeUnload();
    assert.equal(world.requests.at(-1)?.init.keepalive, true);
    await world.settle();
    assert.equal(scripted.facts.length, 1);
  });
});
