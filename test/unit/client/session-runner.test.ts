import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { click, practice } from '../../fakes/practice-page.js';
import type { ScriptedBackend } from '../../fakes/scripted-backend.js';

describe('Before confirmation', () => {
  it('asks for the offer and nothing else', async () => {
    const { world, open, state, heard } = practice();
    await open();
    await world.advance(60_000);
    assert.deepEqual(
      world.requests.map(({ method, url }) => `${method} ${url.pathname}`),
      ['GET /api/practice/courses/spanish-101'],
    );
    assert.equal(state().phase, 'confirming');
    assert.equal(state().offer?.course.title, 'Ordering tapas');
    assert.deepEqual(heard(), ['practice-opened']);
  });

  it('tells the backend of a cancelled dialog only afterwards', async () => {
    const { world, runner, open, state, heard, backend } = practice();
    await open();
    await world.advance(5000);
    runner.dispatch({ type: 'dismiss' });
    await world.advance(1000);
    assert.equal(state().phase, 'idle');
    assert.equal(state().open, false);
    assert.deepEqual(heard(), ['practice-opened', 'practice-cancelled']);
    assert.deepEqual(
      backend.facts.map(({ n, type, at }) => ({ n, type, at })),
      [
        { n: 1, type: 'opened', at: '2026-11-22T09:00:00.000Z' },
        { n: 2, type: 'cancelled', at: '2026-11-22T09:00:05.000Z' },
      ],
    );
    assert.equal(runner.pending, 0);
  });

  it('says what is wrong with the offer once, and tries again when asked', async () => {
    const { runner, world, backend, open, state, heard } = practice();
    backend.twist('offer', () => backend.problem('internal'), 2);
    await open();
    assert.equal(state().trouble?.code, 'internal');
    assert.equal(state().trouble?.reference, 'ref-1');
    runner.dispatch({ type: 'retry' });
    assert.equal(state().trouble, null);
    await world.settle();
    assert.equal(state().trouble?.code, 'internal');
    runner.dispatch({ type: 'retry' });
    await world.settle();
    assert.equal(state().trouble, null);
    assert.deepEqual(heard(), ['practice-opened', 'practice-failed']);
  });

  it('does not start for a learner who has no session left', async () => {
    const { backend, open, confirm, state } = practice();
    backend.wish = { offer: { availability: { canStart: false, reason: 'quota_exceeded', remaining: 0, limit: 3 } } };
    await open();
    await confirm();
    assert.equal(state().phase, 'confirming');
    assert.equal(backend.requests('start').length, 0);
  });

  it('looks again by itself while the last conversation is just being ended', async () => {
    const { world, backend, open, state } = practice();
    const ending = { canStart: false, reason: 'ending', remaining: 2, limit: 3 };
    backend.wish = { offer: { availability: ending } };
    await open();
    assert.equal(state().offer?.availability.canStart, false);
    backend.wish = {};
    await world.advance(3000);
    assert.equal(state().offer?.availability.canStart, true);
    assert.equal(backend.requests('offer').length, 2);
  });

  it('starts nothing where the page lets nobody use camera or microphone, and says so beside the offer', async () => {
    const { world, backend, open, confirm, state, heard } = practice();
    const obstacle = { kind: 'frame', needs: 'allow="camera; microphone"' } as const;
    world.page = { ...world.page, obstacle };
    await open();
    assert.equal(state().trouble?.code, 'blocked_by_page');
    assert.equal(state().page?.obstacle, obstacle);
    assert.equal(state().offer?.course.title, 'Ordering tapas');
    await confirm();
    await world.advance(600_000);
    assert.equal(backend.requests('start').length, 0);
    assert.equal(heard().filter((type) => type === 'practice-failed').length, 1);
  });

  it('names the page where that keeps the backend out of reach as well', async () => {
    const { world, open, state } = practice();
    world.network = () => Promise.reject(new TypeError('Refused to a page without an origin'));
    world.page = { ...world.page, obstacle: { kind: 'sandbox', needs: 'sandbox="…"' } };
    await open();
    assert.equal(state().trouble?.code, 'blocked_by_page');
  });

  it('replaces an offer that ends while the learner still reads', async () => {
    const { world, backend, open, state } = practice();
    await open();
    await world.advance(590_000);
    assert.equal(backend.requests('offer').length, 2);
    assert.equal(state().loading, false);
    assert.equal(state().phase, 'confirming');
  });

  it('tries again by itself when the network is back', async () => {
    const { world, open, state } = practice();
    await world.emit({ type: 'offline' });
    await open();
    assert.equal(state().offline, true);
    assert.equal(state().trouble?.code, 'network');
    await world.emit({ type: 'online' });
    assert.equal(state().offline, false);
    assert.ok(state().offer);
  });
});

describe('Starting', () => {
  it('goes live with the first answer that has a room', async () => {
    const { world, open, confirm, state, heard, told, factTypes, backend } = practice();
    await open();
    await world.advance(2500);
    await confirm();
    assert.equal(state().phase, 'live');
    assert.deepEqual(state().join, { url: 'https://tavus.daily.co/room', token: 'room-token' });
    assert.equal(state().secondsLeft, 600);
    assert.deepEqual(heard(), ['practice-opened', 'practice-confirmed', 'practice-started']);
    const confirmed = told.find(({ type }) => type === 'practice-confirmed');
    assert.equal(confirmed?.type === 'practice-confirmed' && confirmed.confirmationDelay, 2500);
    const [start] = backend.requests('start');
    assert.deepEqual(JSON.parse(start!.body), {
      courseId: 'spanish-101',
      offer: 'signed-offer',
      confirmedAt: '2026-11-22T09:00:02.500Z',
      metadata: { confirmationDelay: 2500, userAgent: 'VirtualBrowser/1.0', deviceType: 'desktop' },
    });
    await world.advance(500);
    assert.deepEqual(factTypes(), ['opened', 'confirmed']);
  });

  it('ignores gestures nobody made, and a second click', async () => {
    const { runner, world, open, confirm, backend, state } = practice();
    await open();
    runner.dispatch({ type: 'confirm', gesture: new Event('click') });
    await world.settle();
    assert.equal(state().phase, 'confirming');
    await Promise.all([confirm(), confirm()]);
    assert.equal(backend.requests('start').length, 1);
  });

  it('says how far it is while it takes long', async () => {
    const { world, backend, open, state, confirm } = practice();
    await open();
    const waking = (): Response =>
      backend.json({ session: { ...backendSession(backend, 'confirmed') }, retryAfter: 2 }, 202);
    backend.twist('start', waking, 4);
    await confirm();
    assert.equal(state().starting, 'waking');
    assert.equal(state().phase, 'starting');
    await world.advance(12_500);
    assert.equal(state().starting, 'slow');
    await world.advance(20_000);
    assert.equal(state().phase, 'live');
    assert.equal(new Set(backend.requests('start').map(({ url, body }) => `${url.href} ${body}`)).size, 1);
  });

  it('asks again with a fresh offer when the old one is refused, and never starts by itself', async () => {
    const { world, backend, open, confirm, state, heard } = practice();
    await open();
    backend.twist('start', () => backend.problem('offer_expired'));
    await confirm();
    assert.equal(state().phase, 'confirming');
    assert.equal(state().trouble?.code, 'offer_expired');
    assert.equal(backend.requests('offer').length, 2);
    await world.advance(30_000);
    assert.equal(backend.requests('start').length, 1);
    assert.deepEqual(heard(), ['practice-opened', 'practice-confirmed', 'practice-failed']);
    await confirm();
    assert.equal(state().phase, 'live');
    assert.notEqual(backend.requests('start')[0]!.url.href, backend.requests('start')[1]!.url.href);
  });

  it('fails with the reason when the backend refuses', async () => {
    const { runner, world, backend, open, confirm, state, heard } = practice();
    await open();
    backend.twist('start', () => backend.problem('out_of_credits'));
    await confirm();
    assert.equal(state().phase, 'failed');
    assert.equal(state().trouble?.code, 'out_of_credits');
    assert.equal(heard().filter((type) => type === 'practice-failed').length, 1);
    runner.dispatch({ type: 'retry' });
    await world.settle();
    assert.equal(state().phase, 'confirming');
  });

  it('never frames a room the offer does not allow, and ends it', async () => {
    const { world, backend, open, confirm, state, session, factTypes } = practice();
    backend.wish = { offer: { frameOrigins: ['https://rooms.example'] } };
    await open();
    await confirm();
    assert.equal(state().phase, 'failed');
    assert.equal(state().trouble?.code, 'frame_refused');
    assert.equal(state().join, null);
    await world.advance(1000);
    assert.equal(session().status, 'paused');
    assert.ok(factTypes().includes('failed'));
  });

  it('ends what was bought when the learner calls it off', async () => {
    const { runner, world, backend, open, confirm, state, session } = practice();
    await open();
    let release = (): void => {};
    backend.twist('start', () => new Promise<void>((resolve) => (release = resolve)).then(() => undefined as never));
    await confirm();
    runner.dispatch({ type: 'dismiss' });
    assert.equal(state().phase, 'ending');
    assert.equal(state().starting, 'reserving');
    await world.advance(500);
    assert.equal(backend.requests('end').length, 1);
    release();
    await world.advance(500);
    assert.equal(session().status, 'paused');
    assert.equal(state().phase, 'paused');
  });

  it('is called off when the page or the element goes away meanwhile', async () => {
    for (const farewell of ['pagehide', 'destroy'] as const) {
      const { runner, world, backend, open, confirm } = practice();
      await open();
      backend.twist('start', () => new Promise(() => {}));
      await confirm();
      if (farewell === 'pagehide') await world.emit({ type: 'pagehide' });
      else runner.destroy();
      await world.settle();
      assert.equal(backend.requests('end').length, 1, farewell);
      assert.equal(backend.requests('end')[0]?.init.keepalive, true);
    }
  });

  it('goes back to idle when the start that was called off never happened', async () => {
    const { runner, world, backend, open, confirm, state } = practice();
    await open();
    const lost = (): Promise<Response> => Promise.reject(new TypeError('Failed to fetch'));
    backend.twist('start', lost);
    backend.twist('end', lost, 2);
    await confirm();
    runner.dispatch({ type: 'dismiss' });
    await world.settle();
    assert.equal(state().phase, 'ending');
    await world.advance(60_000);
    assert.equal(state().phase, 'idle');
    assert.equal(state().open, false);
  });

  it('starts at once where both sides switched the dialog off', async () => {
    const { runner, world, backend, state } = practice({ confirmation: false });
    backend.wish = { offer: { features: { confirmation: false, timeLimit: true, offlineQueue: true } } };
    runner.dispatch({ type: 'open', gesture: click() });
    await world.settle();
    assert.equal(state().phase, 'live');
  });

  it('asks where only the page switched the dialog off, and where no person opened it', async () => {
    for (const [confirmation, gesture] of [
      [true, click()],
      [false, new Event('click')],
    ] as const) {
      const { runner, world, backend, state } = practice({ confirmation: false });
      backend.wish = { offer: { features: { confirmation, timeLimit: true, offlineQueue: true } } };
      runner.dispatch({ type: 'open', gesture });
      await world.settle();
      assert.equal(state().phase, 'confirming');
    }
  });
});

describe('A provider that is busy', () => {
  const busy = async () => {
    const page = practice();
    page.backend.twist('start', () => page.backend.problem('provider_busy', { retryAfter: 30 }));
    await page.open();
    await page.confirm();
    return page;
  };

  it('is counted down by the backend’s word, then looked at again, and starts only by another click', async () => {
    const { world, backend, state, confirm } = await busy();
    assert.equal(state().phase, 'failed');
    await world.advance(10_000);
    assert.equal(state().secondsLeft, 20);
    assert.equal(backend.requests('offer').length, 1);
    await world.advance(20_000);
    assert.equal(state().phase, 'confirming');
    assert.equal(backend.requests('offer').length, 2);
    await world.advance(60_000);
    assert.equal(backend.requests('start').length, 1);
    await confirm();
    assert.equal(state().phase, 'live');
  });

  it('calls nobody back to a dialog that was closed', async () => {
    const { world, backend, runner, state } = await busy();
    runner.dispatch({ type: 'dismiss' });
    await world.advance(60_000);
    assert.equal(state().open, false);
    assert.equal(backend.requests('offer').length, 1);
  });
});

describe('Feedback', () => {
  it('goes out as a fact, once', async () => {
    const { world, backend, runner, goLive } = practice();
    await goLive();
    runner.dispatch({ type: 'finish' });
    await world.advance(2000);
    runner.dispatch({ type: 'feedback', rating: 4, comment: 'x'.repeat(3000) });
    runner.dispatch({ type: 'feedback', rating: 1 });
    await world.advance(2000);
    const given = backend.facts.filter(({ type }) => type === 'feedback');
    assert.deepEqual(
      given.map(({ data }) => data),
      [{ rating: 4, comment: 'x'.repeat(2000) }],
    );
  });
});

describe('A running conversation', () => {
  it('reports the room once, warns, and ends at zero by the server’s word', async () => {
    const { runner, world, goLive, state, heard, told, factTypes } = practice();
    await goLive();
    runner.dispatch({ type: 'frame-loaded' });
    runner.dispatch({ type: 'frame-loaded' });
    await world.advance(541_000);
    assert.equal(state().warning, 60);
    assert.equal(state().secondsLeft, 59);
    await world.advance(40_000);
    assert.equal(state().warning, 20);
    await world.advance(20_000);
    assert.equal(state().phase, 'expired');
    assert.equal(state().join, null);
    assert.deepEqual(heard().slice(3), ['practice-joined', 'practice-warning', 'practice-warning', 'practice-expired']);
    assert.deepEqual(
      told.flatMap((one) => (one.type === 'practice-warning' ? [one.secondsLeft] : [])),
      [60, 20],
    );
    assert.deepEqual(factTypes(), ['opened', 'confirmed', 'joined']);
  });

  it('does not depend on the learner’s clock', async () => {
    const { world, goLive, state } = practice();
    world.wallClockError = 86_400_000;
    await goLive();
    await world.advance(30_000);
    world.wallClockError = -86_400_000;
    await world.advance(30_000);
    assert.equal(state().secondsLeft, 540);
  });

  it('sends heartbeats in the agreed rhythm, slower while hidden', async () => {
    const { world, goLive, backend } = practice();
    await goLive();
    await world.advance(31_000);
    assert.equal(backend.requests('heartbeat').length, 2);
    const beat = JSON.parse(backend.requests('heartbeat')[1]!.body) as Record<string, unknown>;
    assert.deepEqual(beat, { visible: true, seen: '2026-11-22T09:00:15.000Z', ticket: 'ticket' });
    await world.emit({ type: 'hidden' });
    await world.advance(1000);
    assert.equal(backend.requests('heartbeat').length, 3);
    await world.advance(49_000);
    assert.equal(backend.requests('heartbeat').length, 3);
    await world.emit({ type: 'visible' });
    assert.equal(backend.requests('heartbeat').length, 4);
  });

  it('sends no heartbeat to a backend that takes none', async () => {
    const { world, goLive, backend } = practice();
    backend.wish = { course: { heartbeat: undefined } };
    await goLive();
    await world.advance(120_000);
    assert.equal(backend.requests('heartbeat').length, 0);
  });

  it('survives a lost network, and shows what the server says afterwards', async () => {
    const { world, backend, goLive, state, session, heard } = practice();
    await goLive();
    await world.emit({ type: 'offline' });
    await world.advance(60_000);
    assert.equal(state().phase, 'live');
    assert.equal(state().offline, true);
    backend.stop(session(), 'paused', 'lease');
    await world.emit({ type: 'online' });
    assert.equal(state().phase, 'paused');
    assert.equal(state().session?.endReason, 'lease');
    assert.equal(state().join, null);
    assert.ok(heard().includes('practice-paused'));
  });

  it('completes only when the server said so', async () => {
    const { runner, world, goLive, state, heard, session, backend } = practice();
    await goLive();
    runner.dispatch({ type: 'finish', accuracyScore: 87 });
    assert.equal(state().phase, 'ending');
    assert.equal(state().join, null);
    await world.advance(1000);
    assert.equal(session().status, 'completed');
    assert.equal(state().phase, 'completed');
    assert.equal(heard().at(-1), 'practice-completed');
    assert.deepEqual(backend.facts.at(-1)?.['data'], { accuracyScore: 87 });
    assert.equal(backend.requests('end').length, 1);
    assert.equal(backend.requests('end')[0]!.init.keepalive, true);
    await world.advance(60_000);
    assert.equal(world.timers, 0);
  });

  it('goes on trying to finish without a network, and never claims it', async () => {
    const { runner, world, goLive, state, heard, session } = practice();
    await goLive();
    await world.emit({ type: 'offline' });
    runner.dispatch({ type: 'finish' });
    await world.advance(120_000);
    assert.equal(state().phase, 'ending');
    assert.equal(state().trouble?.code, 'network');
    assert.equal(heard().filter((type) => type === 'practice-failed').length, 1);
    assert.ok(runner.pending > 0);
    await world.emit({ type: 'online' });
    await world.advance(60_000);
    assert.equal(session().status, 'completed');
    assert.equal(state().phase, 'completed');
    assert.equal(runner.pending, 0);
  });

  it('shows what became of the session when its completion is refused', async () => {
    const { runner, world, backend, goLive, state, heard } = practice();
    await goLive();
    await world.advance(1000);
    backend.twist('events', () => backend.json({ ack: 3, rejected: [{ n: 3, code: 'not_found' }] }));
    runner.dispatch({ type: 'finish' });
    await world.advance(20_000);
    assert.equal(state().phase, 'paused');
    assert.ok(heard().includes('practice-failed'));
  });

  it('asks before leaving, and leaves for good when the learner means it', async () => {
    const { runner, world, goLive, state, session } = practice();
    await goLive();
    runner.dispatch({ type: 'dismiss' });
    assert.equal(state().askingToLeave, true);
    runner.dispatch({ type: 'stay' });
    assert.equal(state().askingToLeave, false);
    assert.equal(state().phase, 'live');
    runner.dispatch({ type: 'dismiss' });
    runner.dispatch({ type: 'leave' });
    assert.equal(state().open, false);
    await world.advance(1000);
    assert.equal(state().phase, 'paused');
    assert.equal(session().endReason, 'left');
  });

  it('pauses, and finishes from there without ending twice', async () => {
    const { runner, world, goLive, state, backend, session, factTypes } = practice();
    await goLive();
    runner.dispatch({ type: 'pause' });
    await world.advance(1000);
    assert.equal(state().phase, 'paused');
    assert.equal(session().endReason, 'paused');
    runner.dispatch({ type: 'finish' });
    await world.advance(1000);
    assert.equal(state().phase, 'completed');
    assert.equal(backend.requests('end').length, 1);
    assert.deepEqual(factTypes(), ['opened', 'confirmed', 'paused', 'completed']);
  });

  it('says that the page goes away, with nothing a preflight would be needed for', async () => {
    const { world, goLive, backend } = practice();
    await goLive();
    await world.emit({ type: 'pagehide' });
    const [leave] = backend.requests('leave');
    assert.equal(leave!.body, 'ticket');
    assert.equal(leave!.init.keepalive, true);
    assert.deepEqual([...leave!.headers], [['content-type', 'text/plain']]);
    assert.equal(backend.requests('events').at(-1)!.init.keepalive, true);
  });

  it('goes back in with a fresh token after the back/forward cache, however long that takes', async () => {
    const { world, goLive, backend, state } = practice();
    await goLive();
    const before = state().join;
    await world.emit({ type: 'pagehide' });
    backend.twist('read', () => Promise.reject(new TypeError('Failed to fetch')), 2);
    await world.emit({ type: 'pageshow', persisted: true });
    await world.advance(10_000);
    assert.equal(state().phase, 'live');
    assert.notEqual(state().join, before);
    assert.equal(backend.requests('read').length, 3);
  });

  it('is ended when the element goes for good', async () => {
    const { runner, world, goLive, session } = practice();
    await goLive();
    runner.destroy();
    await world.advance(1000);
    assert.equal(session().status, 'paused');
    assert.equal(session().endReason, 'left');
    assert.equal(world.timers, 0);
  });

  it('is ended when it begins after the element went', async () => {
    const { runner, world, open, confirm, session, backend } = practice();
    await open();
    let release = (): void => {};
    backend.twist('start', () => new Promise<void>((resolve) => (release = resolve)).then(() => undefined as never));
    await confirm();
    runner.destroy();
    await world.settle();
    release();
    await world.advance(1000);
    assert.equal(session().status, 'paused');
  });

  it('shows no countdown where both sides switched it off, and still ends', async () => {
    const { world, backend, goLive, state, heard } = practice({ timeLimit: false });
    backend.wish = { offer: { features: { confirmation: true, timeLimit: false, offlineQueue: true } } };
    await goLive();
    await world.advance(590_000);
    assert.equal(state().secondsLeft, null);
    await world.advance(20_000);
    assert.equal(state().phase, 'expired');
    assert.ok(!heard().includes('practice-warning'));
  });
});

function backendSession(backend: ScriptedBackend, status: 'confirmed'): object {
  const id = backend.requests('start').at(-1)!.url.pathname.split('/').at(-1)!;
  const confirmedAt = '2026-11-22T09:00:00.000Z';
  return { id, userId: 'ada', courseId: 'spanish-101', status, confirmedAt, ttl: 600 };
}
