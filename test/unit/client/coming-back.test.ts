import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { practice } from '../../fakes/practice-page.js';

const lost = (): Promise<Response> => Promise.reject(new TypeError('Failed to fetch'));

describe('What the browser remembers', () => {
  it('is nothing before the confirmation, then the session without anything that admits, until it has settled', async () => {
    const { memory, world, runner, open, confirm, session } = practice();
    await open();
    assert.equal(await memory.recall(), null);
    await confirm();
    assert.deepEqual(await memory.recall(), { sessionId: session().id, learner: '', courseId: 'spanish-101' });
    runner.dispatch({ type: 'pause' });
    await world.advance(1000);
    assert.notEqual(await memory.recall(), null);
    runner.dispatch({ type: 'finish' });
    await world.advance(1000);
    assert.equal(await memory.recall(), null);
  });

  it('is nothing where the page wants nothing stored, after a refusal, and after the learner logged out', async () => {
    const unstored = practice({ offlineQueue: false });
    await unstored.goLive();
    assert.equal(await unstored.memory.recall(), null);
    const refused = practice();
    await refused.open();
    refused.backend.twist('start', () => refused.backend.problem('provider_busy'));
    await refused.confirm();
    assert.equal(await refused.memory.recall(), null);
    const loggedOut = practice();
    await loggedOut.goLive();
    await loggedOut.runner.forget();
    assert.equal(await loggedOut.memory.recall(), null);
  });
});

describe('Coming back', () => {
  it('goes back into the room that is already paid for', async () => {
    const { another, backend, world, crash, goLive, session } = practice();
    await goLive();
    await world.advance(20_000);
    crash();
    const next = another();
    await next.comeBack();
    assert.equal(next.state().phase, 'live');
    assert.equal(next.state().open, true);
    assert.equal(next.state().session?.id, session().id);
    assert.equal(backend.requests('start').length, 1);
    assert.equal(backend.requests('heartbeat').at(-1)?.at, world.requests.at(-1)?.at);
    next.runner.dispatch({ type: 'finish' });
    await world.advance(1000);
    assert.equal(next.state().phase, 'completed');
  });

  it('goes back as well when the page was lost while starting', async () => {
    const { another, backend, crash, open, confirm } = practice();
    await open();
    backend.twist('start', (request) => {
      backend.reach(request);
      return new Promise(() => {});
    });
    await confirm();
    crash();
    const next = another();
    await next.comeBack();
    assert.equal(next.state().phase, 'live');
    assert.equal(backend.sessions.size, 1);
  });

  it('ends what runs and lets nobody in any more, and offers to resume', async () => {
    const { another, backend, world, crash, goLive, session } = practice();
    await goLive();
    crash();
    const next = another();
    backend.twist('read', () => backend.json({ session: session() }));
    await next.comeBack();
    await world.advance(1000);
    assert.equal(session().status, 'paused');
    assert.equal(next.state().phase, 'paused');
    assert.equal(next.state().open, true);
    await next.resume();
    assert.equal(next.state().phase, 'live');
  });

  it('finds a paused session behind a closed dialog', async () => {
    const { another, backend, crash, goLive, session } = practice();
    await goLive();
    crash();
    backend.stop(session(), 'paused', 'lease');
    const next = another();
    await next.comeBack();
    assert.equal(next.state().phase, 'paused');
    assert.equal(next.state().open, false);
    await next.open();
    assert.equal(next.state().phase, 'paused');
    assert.equal(next.state().session?.endReason, 'lease');
    await next.resume();
    assert.equal(next.state().phase, 'live');
  });

  it('tells the host how a session came out, and the learner when the dialog is opened', async () => {
    const { another, memory, backend, crash, goLive, session } = practice();
    await goLive();
    crash();
    backend.stop(session(), 'expired', 'expired');
    const next = another();
    await next.comeBack();
    assert.equal(next.state().phase, 'expired');
    assert.deepEqual(next.heard(), ['practice-expired']);
    assert.equal(await memory.recall(), null);
    await next.open();
    assert.equal(next.state().phase, 'expired');
    assert.equal(next.state().open, true);
    next.runner.dispatch({ type: 'open' });
    await next.open();
    assert.equal(next.state().phase, 'confirming');
  });

  it('forgets silently what is not there or not the learner’s', async () => {
    for (const learner of ['', 'ben']) {
      const { another, memory, backend, crash, goLive } = practice();
      await goLive();
      crash();
      if (learner) backend.wish = { offer: { learner } };
      else backend.sessions.clear();
      const next = another();
      await next.comeBack();
      assert.equal(next.state().phase, 'idle');
      assert.deepEqual(next.heard(), []);
      assert.equal(await memory.recall(), null);
      assert.equal(backend.requests('read').length, learner ? 0 : 1);
    }
  });

  it('leaves the session of another course alone', async () => {
    const { another, memory, backend, world, crash, goLive } = practice();
    await goLive();
    crash();
    const before = world.requests.length;
    await another({ courseId: 'french-101' }).comeBack();
    assert.equal(world.requests.length, before);
    assert.notEqual(await memory.recall(), null);
    assert.equal(backend.sessions.size, 1);
  });

  it('asks nobody when nothing is remembered', async () => {
    const { comeBack, world } = practice();
    await comeBack();
    assert.equal(world.requests.length, 0);
    assert.equal(world.lines, 0);
  });

  it('goes on asking until the backend can be reached', async () => {
    const { another, backend, world, crash, goLive } = practice();
    await goLive();
    crash();
    backend.twist('offer', lost, 2);
    backend.twist('read', lost, 2);
    const next = another();
    await next.comeBack();
    assert.equal(next.state().phase, 'idle');
    await world.advance(30_000);
    assert.equal(next.state().phase, 'live');
  });

  it('waits until somebody sees the page', async () => {
    const { another, world, crash, goLive } = practice();
    await goLive();
    crash();
    await world.emit({ type: 'hidden' });
    const next = another();
    await next.comeBack();
    assert.equal(next.state().phase, 'idle');
    await world.emit({ type: 'visible' });
    await world.advance(500);
    assert.equal(next.state().phase, 'live');
  });

  it('does not get in the way of a learner who was faster', async () => {
    const { another, world, crash, goLive, session } = practice();
    await goLive();
    crash();
    const next = another();
    void next.runner.comeBack();
    await next.open();
    assert.equal(next.state().phase, 'confirming');
    await world.advance(500);
    assert.equal(next.state().phase, 'live');
    assert.equal(next.state().session?.id, session().id);
  });

  it('stops when the element goes', async () => {
    const { another, backend, world, crash, goLive } = practice();
    await goLive();
    crash();
    backend.twist('offer', lost, 100);
    const next = another();
    await next.comeBack();
    next.runner.destroy();
    const before = world.requests.length;
    await world.advance(120_000);
    assert.ok(world.requests.length <= before + 1);
    assert.equal(world.lines, 0);
  });
});
