import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { canResume } from '../../../src/client/practice-state.js';
import { click, practice } from '../../fakes/practice-page.js';

const lost = (): Promise<Response> => Promise.reject(new TypeError('Failed to fetch'));

describe('Resuming', () => {
  it('buys one more conversation with the time that is left, by a click of its own', async () => {
    const { backend, session, state, heard, factTypes, runner, world, goPaused, resume } = practice();
    await goPaused();
    assert.equal(canResume(state()), true);
    await world.advance(300_000);
    await resume();
    assert.equal(state().phase, 'live');
    assert.equal(state().secondsLeft, 540);
    assert.equal(session().runs, 2);
    assert.equal(backend.sessions.size, 1);
    assert.equal(backend.requests('start').length, 1);
    const [request] = backend.requests('resume');
    assert.deepEqual(JSON.parse(request!.body), { confirmedAt: '2026-11-22T09:06:01.000Z' });
    runner.dispatch({ type: 'frame-loaded' });
    await world.advance(1000);
    assert.equal(heard().filter((type) => type === 'practice-started').length, 1);
    assert.deepEqual(heard().slice(-2), ['practice-resumed', 'practice-joined']);
    assert.equal(factTypes().at(-1), 'joined');
    assert.equal(factTypes().filter((type) => type === 'confirmed').length, 1);
  });

  it('takes no gesture nobody made, and none twice', async () => {
    const { backend, runner, world, state, goPaused } = practice();
    await goPaused();
    runner.dispatch({ type: 'resume', gesture: new Event('click') });
    await world.settle();
    assert.equal(state().phase, 'paused');
    const gesture = click();
    runner.dispatch({ type: 'resume', gesture });
    runner.dispatch({ type: 'resume', gesture });
    await world.settle();
    assert.equal(backend.requests('resume').length, 1);
    runner.dispatch({ type: 'pause' });
    await world.advance(1000);
    runner.dispatch({ type: 'resume', gesture });
    await world.settle();
    assert.equal(state().phase, 'paused');
    assert.equal(backend.requests('resume').length, 1);
  });

  it('repeats the same request until the outcome is known', async () => {
    const { backend, world, state, session, goPaused, resume } = practice();
    await goPaused();
    backend.twist('resume', lost);
    backend.twist('resume', () => new Response('', { status: 502 }));
    await resume();
    assert.equal(state().phase, 'starting');
    await world.advance(20_000);
    assert.equal(state().phase, 'live');
    assert.equal(session().runs, 2);
    assert.equal(new Set(backend.requests('resume').map(({ url, body }) => url.href + body)).size, 1);
  });

  it('stays paused with the reason when it is refused', async () => {
    const { backend, state, heard, goPaused, resume } = practice();
    await goPaused();
    backend.twist('resume', () => backend.problem('out_of_credits'));
    await resume();
    assert.equal(state().phase, 'paused');
    assert.equal(state().trouble?.code, 'out_of_credits');
    assert.equal(heard().at(-1), 'practice-failed');
    assert.equal(heard().filter((type) => type === 'practice-paused').length, 1);
    await resume();
    assert.equal(state().phase, 'live');
  });

  it('waits for the conversation before to be over, and ends nothing meanwhile', async () => {
    const { backend, world, state, goPaused, resume } = practice();
    await goPaused();
    const ends = backend.requests('end').length;
    backend.twist('resume', () => backend.problem('session_active', { retryAfter: 2 }));
    await resume();
    await world.advance(10_000);
    assert.equal(state().phase, 'live');
    assert.equal(backend.requests('end').length, ends);
  });

  it('tells that another page has resumed it, and leaves that one alone', async () => {
    const { another, backend, world, state, session, goPaused, resume } = practice();
    await goPaused();
    const other = another();
    await other.open();
    await other.resume();
    assert.equal(other.state().phase, 'live');
    const ends = backend.requests('end').length;
    await resume();
    await world.advance(40_000);
    assert.equal(state().phase, 'confirming');
    assert.equal(state().trouble?.code, 'session_active');
    assert.equal(session().status, 'started');
    assert.equal(backend.requests('end').length, ends);
  });

  it('ends what was bought when the learner calls it off', async () => {
    const { runner, backend, world, state, session, goPaused, resume, heard } = practice();
    await goPaused();
    let release = (): void => {};
    backend.twist('resume', () => new Promise<void>((resolve) => (release = resolve)).then(() => undefined as never));
    await resume();
    runner.dispatch({ type: 'dismiss' });
    assert.equal(state().phase, 'ending');
    release();
    await world.advance(1000);
    assert.equal(session().runs, 2);
    assert.equal(session().status, 'paused');
    assert.equal(state().phase, 'paused');
    assert.ok(!heard().includes('practice-resumed'));
  });

  it('ends again when its end overtook the request, even if the answer to that is lost', async () => {
    const { runner, backend, world, state, session, goPaused, resume } = practice();
    await goPaused();
    backend.twist('resume', async (request) => {
      await new Promise<void>((resolve) => world.setTimer(1000, resolve));
      backend.reach(request);
      return lost();
    });
    await resume();
    runner.dispatch({ type: 'dismiss' });
    await world.advance(5000);
    assert.equal(session().status, 'paused');
    assert.equal(state().phase, 'paused');
  });

  it('gives up at once without a network, and never waits for one', async () => {
    const { backend, world, state, goPaused, resume } = practice();
    await goPaused();
    await world.emit({ type: 'offline' });
    await resume();
    assert.equal(state().phase, 'paused');
    assert.equal(state().trouble?.code, 'network');
    await world.emit({ type: 'online' });
    await world.advance(60_000);
    assert.equal(state().phase, 'paused');
    assert.equal(backend.requests('resume').length, 1);
  });

  it('is not offered once nothing is left, and not asked for once the session has lapsed', async () => {
    const { backend, world, state, session, goPaused, resume, heard } = practice();
    backend.resumeWithin = 120;
    await goPaused();
    assert.equal(canResume({ ...state(), session: { ...session(), remaining: 0 } }), false);
    await world.advance(123_000);
    assert.equal(state().phase, 'abandoned');
    assert.equal(heard().at(-1), 'practice-abandoned');
    await resume();
    assert.equal(backend.requests('resume').length, 0);
  });

  it('is not offered by a backend that takes no resumes, not even after an interruption', async () => {
    const { backend, world, state, session, goLive, runner } = practice();
    backend.wish = { course: { canPause: false, resumeWithin: 3600 } };
    await goLive();
    runner.dispatch({ type: 'pause' });
    assert.equal(state().phase, 'live');
    backend.stop(session(), 'paused', 'provider');
    await world.advance(20_000);
    assert.equal(state().phase, 'paused');
    assert.equal(canResume(state()), false);
  });
});
