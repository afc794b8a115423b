import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Backend } from '../../../src/client/backend.js';
import type { FactDraft } from '../../../src/client/fact-row.js';
import { Outbox } from '../../../src/client/outbox.js';
import type { PracticeConfig } from '../../../src/client/practice-state.js';
import { ScriptedBackend } from '../../fakes/scripted-backend.js';
import { VirtualEnvironment } from '../../fakes/virtual-environment.js';

const AT = '2026-11-22T09:00:00.000Z';
const opened: FactDraft = { type: 'opened', at: AT, courseId: 'c' };
const completed: FactDraft = { type: 'completed', at: AT, courseId: 'c', sessionId: 's' };

function post() {
  const world = new VirtualEnvironment();
  const scripted = new ScriptedBackend(world);
  const config = (): PracticeConfig => ({
    backend: 'https://lms.example/api/practice',
    courseId: 'c',
    credentials: 'same-origin',
    confirmation: true,
    timeLimit: true,
    offlineQueue: true,
  });
  const backend = new Backend(world, config, () => {});
  const rejected: string[] = [];
  const outbox = new Outbox(world, backend, config, {
    changed: () => {},
    answered: () => {},
    rejected: (fact, code) => rejected.push(`${fact.type} ${code}`),
  });
  outbox.identify({});
  const record = async (count: number): Promise<void> => {
    for (let index = 0; index < count; index++) await outbox.record(opened);
  };
  const batches = () =>
    scripted.requests('events').map(({ body }) => JSON.parse(body) as { writer: string; events: { n: number }[] });
  const applied = () => scripted.facts.map(({ n }) => n);
  return { world, scripted, outbox, rejected, record, batches, applied };
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe('The outbox', () => {
  it('numbers facts and sends them together', async () => {
    const { world, outbox, record, batches, applied } = post();
    await record(3);
    assert.equal(outbox.pending, 3);
    await world.advance(1000);
    assert.equal(batches().length, 1);
    assert.deepEqual(applied(), [1, 2, 3]);
    assert.equal(outbox.pending, 0);
    assert.equal(world.timers, 0);
  });

  it('sends at most 200 at once, one batch after the other', async () => {
    const { outbox, record, batches, applied } = post();
    await record(450);
    await Promise.all([outbox.flush(), outbox.flush()]);
    assert.deepEqual(
      batches().map(({ events }) => events.length),
      [200, 200, 50],
    );
    assert.deepEqual(applied(), range(1, 450));
  });

  it('keeps everything through an outage, and asks rarely', async () => {
    const { world, outbox, record, batches, applied } = post();
    world.online = false;
    await record(2);
    await world.advance(600_000);
    assert.equal(outbox.pending, 2);
    assert.ok(batches().length < 60);
    world.online = true;
    await world.advance(60_000);
    assert.deepEqual(applied(), [1, 2]);
  });

  it('keeps everything when the token is refused or the backend fails', async () => {
    for (const status of [401, 408, 425, 429, 500, 502, 503]) {
      const { world, scripted, outbox, record, applied, rejected } = post();
      scripted.twist('events', () => new Response('', { status }));
      await record(1);
      await outbox.flush();
      assert.equal(outbox.pending, 1, String(status));
      await world.advance(60_000);
      assert.deepEqual(applied(), [1]);
      assert.deepEqual(rejected, []);
    }
  });

  it('never comes back before the backend said', async () => {
    const { world, scripted, outbox, record, batches } = post();
    scripted.twist('events', () => scripted.problem('rate_limited', { retryAfter: 30 }));
    await record(1);
    await outbox.flush();
    await world.advance(10_000);
    await outbox.flush();
    await record(1);
    await world.advance(19_000);
    assert.equal(batches().length, 1);
    await world.advance(5000);
    assert.equal(outbox.pending, 0);
  });

  it('goes on from what the backend already has', async () => {
    const { scripted, outbox, record, applied } = post();
    await record(3);
    // Applied, and the answer lost: the backend knows more than we do.
    scripted.twist('events', (request) => {
      scripted.reach(request);
      return Promise.reject(new TypeError('lost'));
    });
    await outbox.flush();
    assert.equal(outbox.pending, 3);
    scripted.twist('events', () => scripted.problem('sequence_gap', { ack: 2 }));
    await outbox.flush();
    assert.equal(outbox.pending, 0);
    assert.deepEqual(applied(), [1, 2, 3]);
  });

  it('asks with an empty batch when a gap does not say what is there', async () => {
    const { scripted, outbox, record, batches } = post();
    await record(2);
    scripted.twist('events', () => scripted.problem('sequence_gap'));
    scripted.twist('events', () => scripted.json({ ack: 1 }));
    scripted.twist('events', () => scripted.json({ ack: 2 }));
    await outbox.flush();
    assert.deepEqual(
      batches().map(({ events }) => events.map(({ n }) => n)),
      [[1, 2], [], [2]],
    );
    assert.equal(outbox.pending, 0);
  });

  it('begins a row of its own when the backend has forgotten what it acknowledged', async () => {
    const { scripted, outbox, record, batches } = post();
    await record(5);
    await outbox.flush();
    await record(2);
    scripted.twist('events', () => scripted.problem('sequence_gap', { ack: 0 }));
    scripted.twist('events', () => scripted.json({ ack: 2 }));
    await outbox.flush();
    const [first, , last] = batches();
    assert.notEqual(last!.writer, first!.writer);
    assert.deepEqual(
      last!.events.map(({ n }) => n),
      [1, 2],
    );
    assert.equal(outbox.pending, 0);
  });

  it('does not hammer a backend that acknowledges nothing or sees gaps for ever', async () => {
    for (const strange of ['ack', 'gap'] as const) {
      const { world, scripted, record, batches } = post();
      const answer = () =>
        strange === 'ack' ? scripted.json({ ack: 0 }) : scripted.problem('sequence_gap', { ack: 0 });
      scripted.twist('events', answer, 1000);
      await record(1);
      await world.advance(600_000);
      assert.ok(batches().length < 60, `${batches().length} requests`);
    }
  });

  it('says which facts the backend will not take, and goes on', async () => {
    const { scripted, outbox, record, rejected } = post();
    await record(1);
    await outbox.record(completed);
    scripted.twist('events', () => scripted.json({ ack: 2, rejected: [{ n: 2, code: 'not_found' }] }));
    await outbox.flush();
    assert.deepEqual(rejected, ['completed not_found']);
    assert.equal(outbox.pending, 0);
  });

  it('never drops a refused batch in silence', async () => {
    const { scripted, outbox, record, rejected } = post();
    await record(2);
    scripted.twist('events', () => scripted.problem('invalid_request'));
    await outbox.flush();
    assert.deepEqual(rejected, ['opened invalid_request', 'opened invalid_request']);
    assert.equal(outbox.pending, 0);
  });

  it('sends less at once when it was too much', async () => {
    const { scripted, outbox, record, batches, rejected } = post();
    await record(8);
    scripted.twist('events', () => scripted.problem('too_large'), 2);
    await outbox.flush();
    assert.deepEqual(
      batches().map(({ events }) => events.length),
      [8, 4, 2, 6],
    );
    assert.deepEqual(rejected, []);
  });

  it('has room for a thousand, and always for how a session ended', async () => {
    const { world, outbox, record, rejected } = post();
    world.online = false;
    await record(1001);
    await outbox.record(completed);
    assert.equal(outbox.pending, 1001);
    assert.deepEqual(rejected, ['opened storage']);
  });

  it('sends one last request that outlives the page, beside one that may not', async () => {
    const { world, scripted, outbox, record, applied } = post();
    await record(1);
    scripted.twist('events', () => new Promise(() => {}));
    void outbox.flush();
    await world.settle();
    await outbox.flushBeforeUnload();
    assert.equal(scripted.requests('events')[1]!.init.keepalive, true);
    assert.deepEqual(applied(), [1]);
    assert.equal(outbox.pending, 0);
  });

  it('forgets the facts and who wrote them', async () => {
    const { world, outbox, record, batches } = post();
    await record(1);
    await outbox.flush();
    await record(2);
    await outbox.forget();
    assert.equal(outbox.pending, 0);
    await outbox.flush();
    assert.equal(batches().length, 1);
    await record(1);
    await world.advance(1000);
    assert.notEqual(batches()[1]!.writer, batches()[0]!.writer);
  });
});
