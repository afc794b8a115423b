import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Backend } from '../../../src/client/backend.js';
import type { PracticeConfig } from '../../../src/client/practice-state.js';
import { ScriptedBackend } from '../../fakes/scripted-backend.js';
import { VirtualEnvironment } from '../../fakes/virtual-environment.js';

function wire(change: Partial<PracticeConfig> = {}) {
  const world = new VirtualEnvironment();
  const scripted = new ScriptedBackend(world);
  const config: PracticeConfig = {
    backend: 'https://lms.example/api/practice',
    courseId: 'spanish 101/b',
    credentials: 'include',
    confirmation: true,
    timeLimit: true,
    offlineQueue: true,
    ...change,
  };
  return {
    world,
    scripted,
    config,
    backend: new Backend(
      world,
      () => config,
      () => {},
    ),
  };
}

const PROBLEM = { 'content-type': 'application/problem+json' };

describe('Calls to the backend', () => {
  it('are never cached, and go where the host said, as the host said', async () => {
    const { world, backend } = wire({ headers: () => ({ 'x-tenant': 'north' }) });
    await backend.offer();
    const [{ url, init, headers }] = world.requests as [(typeof world.requests)[0]];
    assert.equal(url.pathname, '/api/practice/courses/spanish%20101%2Fb');
    assert.equal(init.cache, 'no-store');
    assert.equal(init.credentials, 'include');
    assert.equal(headers.get('x-tenant'), 'north');
    assert.equal(headers.get('authorization'), null);
  });

  it('carry a token of their own, and a newer one after a 401, once', async () => {
    let asked = 0;
    const { world, scripted, backend } = wire({ tokenProvider: () => `token-${++asked}` });
    scripted.twist('offer', () => scripted.problem('unauthenticated'));
    assert.ok((await backend.offer()).answer);
    assert.deepEqual(
      world.requests.map(({ headers }) => headers.get('authorization')),
      ['Bearer token-1', 'Bearer token-2'],
    );
    scripted.twist('offer', () => scripted.problem('unauthenticated'), 2);
    assert.equal((await backend.offer()).problem?.code, 'unauthenticated');
    assert.equal(world.requests.length, 4);
  });

  it('do not repeat a 401 without a way to a newer token', async () => {
    const { world, scripted, backend } = wire();
    scripted.twist('offer', () => scripted.problem('unauthenticated'));
    assert.equal((await backend.offer()).problem?.code, 'unauthenticated');
    assert.equal(world.requests.length, 1);
  });

  it('say so when the host has no token', async () => {
    const { world, backend } = wire({ tokenProvider: () => Promise.reject(new Error('logged out')) });
    assert.equal((await backend.offer()).problem?.code, 'unauthenticated');
    assert.equal(world.requests.length, 0);
  });

  it('carry the CSRF header when they change something, and only then', async () => {
    const { world, backend } = wire({ csrf: { header: 'x-csrf-token', value: () => 'proof' } });
    await backend.offer();
    await backend.end('some-id', 'left');
    assert.deepEqual(
      world.requests.map(({ headers }) => headers.get('x-csrf-token')),
      [null, 'proof'],
    );
  });

  it('that outlive the page leave without waiting for a token', async () => {
    const { world, backend } = wire({ tokenProvider: async () => 'token' });
    await backend.offer();
    void backend.end('some-id', 'left');
    assert.equal(world.requests.length, 2);
    assert.equal(world.requests[1]!.headers.get('authorization'), 'Bearer token');
    assert.equal(world.requests[1]!.init.keepalive, true);
    await world.settle();
  });

  it('end after 20 seconds, also when it is the host’s token that does not come', async () => {
    const silent = wire();
    silent.scripted.twist('offer', () => new Promise(() => {}));
    const tokenless = wire({ tokenProvider: () => new Promise(() => {}) });
    for (const { world, backend } of [silent, tokenless]) {
      const call = backend.offer();
      await world.advance(20_000);
      assert.equal((await call).problem?.code, 'timeout');
      assert.equal(world.timers, 0);
    }
  });

  it('keep what a problem says', async () => {
    const { scripted, backend } = wire();
    const details = { reference: 'ref-9', retryAfter: 7, resetsAt: '2026-11-23T00:00:00.000Z' };
    scripted.twist('offer', () => scripted.problem('quota_exceeded', details));
    const { problem } = await backend.offer();
    assert.equal(problem?.code, 'quota_exceeded');
    const { reference, retryAfter, resetsAt } = problem.details;
    assert.deepEqual({ reference, retryAfter, resetsAt }, details);
  });

  it('read a refusal without a code of ours by its status', async () => {
    const table = [
      [400, 'invalid_request'],
      [401, 'unauthenticated'],
      [403, 'forbidden'],
      [404, 'not_found'],
      [408, 'timeout'],
      [410, 'offer_expired'],
      [418, 'invalid_request'],
      [429, 'rate_limited'],
      [500, 'internal'],
      [502, 'internal'],
      [503, 'internal'],
    ] as const;
    for (const [status, code] of table) {
      for (const body of ['<h1>Oops</h1>', '', '{"code":"something_else"}', '[]']) {
        const { scripted, backend } = wire();
        scripted.twist('offer', () => new Response(body, { status, headers: PROBLEM }));
        assert.equal((await backend.offer()).problem?.code, code, `${status} ${body}`);
      }
    }
  });

  it('understand both forms of Retry-After', async () => {
    const headers = { date: 'Sun, 22 Nov 2026 09:00:00 GMT' };
    for (const [value, seconds] of [
      ['12', 12],
      ['Sun, 22 Nov 2026 09:00:30 GMT', 30],
      ['soon', undefined],
    ] as const) {
      const { scripted, backend } = wire();
      scripted.twist('offer', () => new Response('', { status: 503, headers: { ...headers, 'retry-after': value } }));
      assert.equal((await backend.offer()).problem?.details.retryAfter, seconds);
    }
  });

  it('do not believe nonsense', async () => {
    const session = {
      id: 'other',
      userId: 'a',
      courseId: 'c',
      status: 'started',
      confirmedAt: '2026-11-22T09:00:00Z',
      ttl: 1,
    };
    const { scripted, backend } = wire();
    const answers = [
      () => new Response('<html>Please log in</html>'),
      () => new Response(''),
      () => Response.json(null),
      () => Response.json({ session }),
      () => scripted.json({ session: { ...session, id: 'mine', status: 'dancing' } }),
      () => scripted.json({ session }),
    ];
    for (const answer of answers) {
      scripted.twist('read', answer);
      assert.equal((await backend.read('mine')).problem?.code, 'invalid_response');
    }
  });

  it('fail as network when nothing comes back', async () => {
    const { world, backend } = wire();
    world.online = false;
    assert.equal((await backend.offer()).problem?.code, 'network');
  });

  it('blame the configuration when the host’s headers are none', async () => {
    const { backend } = wire({ headers: () => ({ 'not a header': 'x' }) });
    assert.equal((await backend.offer()).problem?.code, 'invalid_configuration');
  });

  it('remember the newest server time, not the latest answer', async () => {
    const { world, scripted, backend } = wire();
    await world.advance(5000);
    await backend.offer();
    const newest = backend.seen;
    scripted.twist('offer', () => Response.json({ ...offerBody(), serverTime: '2026-11-22T08:00:00.000Z' }));
    assert.ok((await backend.offer()).answer);
    assert.equal(backend.seen, newest);
  });

  it('take a 202 as "ask again" even when it does not say when', async () => {
    const { scripted, backend } = wire();
    const session = {
      id: 'mine',
      userId: 'a',
      courseId: 'c',
      status: 'confirmed',
      confirmedAt: '2026-11-22T09:00:00Z',
      ttl: 1,
    };
    scripted.twist('start', () => scripted.json({ session }, 202));
    const { answer } = await backend.start('mine', { courseId: 'c', confirmedAt: '2026-11-22T09:00:00Z' });
    assert.equal(answer?.retryAfter, 1);
  });
});

/** The least a core backend may offer. */
const offerBody = (): object => ({
  protocol: 1,
  course: { id: 'c', title: 'C' },
  availability: { canStart: true, remaining: 1, limit: 1 },
  policy: { ttl: 600 },
  frameOrigins: ['https://*.daily.co'],
});
