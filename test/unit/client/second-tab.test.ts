import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { practice } from '../../fakes/practice-page.js';

describe('A session from before', () => {
  it('that is paused is shown as paused, and can be finished', async () => {
    const { another, goPaused, session, world } = practice();
    await goPaused();
    const second = another();
    await second.open();
    assert.equal(second.state().phase, 'paused');
    second.runner.dispatch({ type: 'finish' });
    await world.advance(1000);
    assert.equal(session().status, 'completed');
  });

  it('that runs and lets nobody in any more is ended', async () => {
    const { another, world, goLive, session, backend } = practice();
    await goLive();
    const second = another();
    await second.open();
    backend.twist('read', () => backend.json({ session: session() }));
    second.runner.dispatch({ type: 'rejoin' });
    await world.advance(1000);
    assert.equal(session().status, 'paused');
    assert.equal(second.state().phase, 'paused');
  });
});

describe('A second tab', () => {
  it('says where the conversation is, and starts none', async () => {
    const { another, world, goLive, backend } = practice();
    await goLive();
    const second = another();
    await second.open();
    await second.confirm();
    await world.advance(300);
    assert.equal(second.state().phase, 'confirming');
    assert.equal(second.state().trouble?.code, 'session_active');
    assert.deepEqual(second.state().elsewhere, { title: 'Spanish 101' });
    assert.equal(backend.requests('start').length, 1);
  });

  it('says nothing about other browsers', async () => {
    const { another, world, goLive, crash } = practice();
    await goLive();
    crash();
    const second = another();
    await second.open();
    await world.advance(300);
    assert.equal(second.state().trouble?.code, 'session_active');
    assert.equal(second.state().elsewhere, null);
  });

  it('takes the conversation over, and the first one leaves the room without ending it', async () => {
    const first = practice();
    const { another, world, backend, session } = first;
    await first.goLive();
    const second = another();
    await second.open();
    second.runner.dispatch({ type: 'rejoin' });
    await world.advance(300);
    assert.equal(second.state().phase, 'live');
    assert.equal(first.state().phase, 'confirming');
    assert.equal(first.state().join, null);
    assert.deepEqual(first.state().elsewhere, { title: 'Spanish 101' });
    assert.equal(backend.requests('leave').length, 1, 'its lease is given back');
    assert.equal(backend.requests('end').length, 0);
    assert.equal(session().status, 'started');
    first.runner.dispatch({ type: 'rejoin' });
    await world.advance(300);
    assert.equal(first.state().phase, 'live');
    assert.equal(second.state().phase, 'confirming');
  });

  it('closes without a word where it was taken over, and remembers the session', async () => {
    const first = practice();
    await first.goLive();
    await first.world.advance(1000);
    const second = first.another();
    await second.open();
    second.runner.dispatch({ type: 'rejoin' });
    await first.world.advance(300);
    first.runner.dispatch({ type: 'dismiss' });
    await first.world.advance(1000);
    assert.equal(first.state().phase, 'idle');
    assert.ok(!first.heard().includes('practice-cancelled'));
    assert.ok(!first.factTypes().includes('cancelled'));
    assert.notEqual(await first.memory.recall(), null);
    assert.equal(second.state().phase, 'live');
  });

  it('sees what became of it when the learner looks at it again', async () => {
    const first = practice();
    await first.goLive();
    const second = first.another();
    await second.open();
    first.runner.dispatch({ type: 'finish' });
    await first.world.advance(1000);
    await first.world.emit({ type: 'visible' });
    assert.equal(second.state().phase, 'confirming');
    assert.equal(second.state().session, null);
    assert.equal(second.state().trouble, null);
  });

  it('asks with what runs elsewhere when both confirm at once', async () => {
    const first = practice();
    const { another, backend, world } = first;
    const second = another();
    await first.open();
    await second.open();
    await first.confirm();
    backend.twist('start', () => backend.problem('session_active', { retryAfter: 5 }));
    await second.confirm();
    await world.advance(300);
    assert.equal(first.state().phase, 'live');
    assert.equal(second.state().phase, 'confirming');
    assert.equal(second.state().session?.id, first.session().id);
    assert.deepEqual(second.state().elsewhere, { title: 'Spanish 101' });
    assert.equal(backend.sessions.size, 1);
  });

  it('does not end what the first is only just starting', async () => {
    const first = practice();
    await first.goLive();
    const { another, backend, world, session } = first;
    const second = another();
    await second.open();
    backend.twist('read', () => backend.json({ session: { ...session(), status: 'confirmed' } }));
    second.runner.dispatch({ type: 'rejoin' });
    await world.advance(300);
    assert.equal(second.state().phase, 'confirming');
    assert.equal(backend.requests('end').length, 0);
  });

  it('does not come back into a room another page is in', async () => {
    const first = practice();
    await first.goLive();
    const second = first.another();
    await second.comeBack();
    assert.equal(second.state().phase, 'idle');
    assert.equal(first.state().phase, 'live');
  });

  it('does not come back into it either while the learner is being told where it is', async () => {
    const first = practice();
    await first.goLive();
    const second = first.another();
    void second.runner.comeBack();
    await second.open();
    await first.world.advance(1000);
    assert.equal(second.state().phase, 'confirming');
    assert.deepEqual(second.state().elsewhere, { title: 'Spanish 101' });
    assert.equal(first.state().phase, 'live');
  });

  it('comes back alone when two pages do at once', async () => {
    const { another, goLive, crash, world } = practice();
    await goLive();
    crash();
    const pages = [another(), another()];
    for (const { runner } of pages) void runner.comeBack();
    await world.advance(1000);
    assert.deepEqual(pages.map(({ state }) => state().phase).sort(), ['idle', 'live']);
  });

  it('lets the learner decide where pages cannot ask each other', async () => {
    const { another, goLive, crash, world } = practice();
    world.channels = false;
    await goLive();
    crash();
    const second = another();
    await second.comeBack();
    assert.equal(second.state().phase, 'idle');
    await second.open();
    second.runner.dispatch({ type: 'rejoin' });
    await world.advance(300);
    assert.equal(second.state().phase, 'live');
  });
});
