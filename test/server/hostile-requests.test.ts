import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { isProblemCode } from '../../src/protocol/index.js';
import { PracticeWorld, type Started } from '../fakes/practice-world.js';

const RUNS = 800;

/** A live session of ada's, so that hostile requests have something to hit. */
async function inhabited(): Promise<{ world: PracticeWorld; start: Started }> {
  const world = await PracticeWorld.open({ PRACTICE_RATE_LIMIT: '0', PRACTICE_DAILY_LIMITS: 'free=100000' });
  return { world, start: await world.start() };
}

/** Whatever was asked, the answer is one the protocol knows, and betrays nothing. */
async function assertDecent(world: PracticeWorld, request: Request): Promise<void> {
  const asked = `${request.method} ${request.url}`;
  const response = await world.backend.handler(request);
  const text = await response.text();
  if (request.method === 'OPTIONS') return assert.equal(response.status, 204);
  assert.ok(response.status < 500, `${asked}: ${response.status} ${text}`);
  assert.equal(response.headers.get('cache-control'), 'no-store');
  const body = JSON.parse(text) as Record<string, unknown>;
  assert.doesNotMatch(text, /\bat \S+ \(|\.ts:\d|node:internal|canary|SQLITE/);
  if (response.ok) assert.equal(body['protocol'], 1, asked);
  else assert.ok(isProblemCode(body['code']) && body['status'] === response.status, `${asked}: ${text}`);
}

/** Strings that have broken something somewhere before. */
const nasty = fc.constantFrom(
  ...['', ' ', '\0', '%', '%00', '%ff', '../..', '__proto__', 'constructor', 'toString', 'null', 'undefined', 'NaN'],
  ...["' OR 1=1 --", '<script>', '\ud800', '\u202e', '🙂', 'x'.repeat(300), '9'.repeat(400), '{}', '[]', '.', '..'],
  ...['2026-11-22T10:00:00+05', '2026-02-31T10:00:00Z', '+275760-09-13T00:00:00.001Z', '0000-01-01 00:00:00Z'],
);
const text = fc.oneof(nasty, fc.string({ unit: 'binary', maxLength: 40 }));
const number = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.constantFrom(0, -0, 1, 1e308, 2 ** 53, 2 ** 53 - 1, -1, Infinity, NaN),
);
const anything = fc.oneof(text, number, fc.constant(null), fc.boolean(), fc.jsonValue({ maxDepth: 4 }));

/** The id of the session, another one, or none at all. */
const ids = (start: Started) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(start.id) }, fc.uuid(), text.map(encodeLoosely));
const encodeLoosely = (value: string): string => {
  try {
    return encodeURIComponent(value);
  } catch {
    return '%ED%A0%80';
  }
};

/** An object of the agreed form in which some fields are anything, missing or unknown. */
const halfBroken = (fields: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 6, arbitrary: fc.record(loose(fields), { requiredKeys: [] }) },
    { weight: 1, arbitrary: anything },
  );
const loose = (fields: Record<string, fc.Arbitrary<unknown>>) => ({
  ...Object.fromEntries(
    Object.entries(fields).map(([name, good]) => [
      name,
      fc.oneof({ weight: 4, arbitrary: good }, { weight: 1, arbitrary: anything }),
    ]),
  ),
  ['__proto__']: anything,
});

const moment = fc.constantFrom('2026-11-22T10:00:00.000Z', '2026-11-22T09:59:30Z', '2026-11-22T11:00:00+01:00');

function bodies(start: Started) {
  const sealed = fc.constantFrom(start.offer.offer, start.body.leaveTicket, 'a.b', `${start.offer.offer}x`);
  const fact = halfBroken({
    n: fc.integer({ min: 1, max: 12 }),
    type: fc.constantFrom(
      ...['opened', 'cancelled', 'confirmed', 'queued', 'joined', 'paused', 'feedback'],
      ...['completed', 'abandoned', 'failed'],
    ),
    at: moment,
    sessionId: fc.oneof(fc.constant(start.id), fc.uuid()),
    courseId: fc.constantFrom('spanish-101', 'nowhere'),
    data: halfBroken({ accuracyScore: number, rating: number, comment: text, reason: text, code: text }),
  });
  return {
    start: halfBroken({
      courseId: fc.constantFrom('spanish-101', 'quick-check'),
      ttl: fc.integer({ min: 1, max: 5000 }),
      offer: sealed,
      confirmedAt: moment,
      consent: fc.array(halfBroken({ id: text, version: text, at: moment })),
      metadata: halfBroken({ confirmationDelay: number, userAgent: text, deviceType: text }),
    }),
    resume: halfBroken({ confirmedAt: moment }),
    end: halfBroken({ cause: text }),
    heartbeat: halfBroken({ visible: fc.boolean(), seen: moment, ticket: sealed }),
    events: halfBroken({ writer: fc.constantFrom('a', 'b', 'c'), events: fc.array(fact, { maxLength: 8 }) }),
  };
}

const toText = (value: unknown): string => JSON.stringify(value) ?? '';

describe('A hostile request', () => {
  it('with a half-broken body never gets more than a refusal', async () => {
    const { world, start } = await inhabited();
    const body = bodies(start);
    const id = ids(start);
    const asked = fc.oneof(
      fc.tuple(
        fc.constant('PUT'),
        id.map((each) => `/sessions/${each}`),
        body.start,
      ),
      fc.tuple(
        fc.constant('PUT'),
        fc.tuple(id, id).map(([each, run]) => `/sessions/${each}/runs/${run}`),
        body.resume,
      ),
      fc.tuple(
        fc.constant('POST'),
        id.map((each) => `/sessions/${each}/end`),
        body.end,
      ),
      fc.tuple(
        fc.constant('POST'),
        id.map((each) => `/sessions/${each}/heartbeat`),
        body.heartbeat,
      ),
      fc.tuple(fc.constant('POST'), fc.constant('/events'), body.events),
    );
    const learner = fc.constantFrom('ada', 'ben', 'staff');
    await fc.assert(
      fc.asyncProperty(asked, learner, async ([method, path, sent], who) => {
        const request = new Request(`http://localhost:8787/api/practice${path}`, {
          method,
          headers: { host: 'localhost', cookie: `practice-demo=${who}`, 'content-type': 'application/json' },
          body: toText(sent),
        });
        await assertDecent(world, request);
      }),
      { numRuns: 3 * RUNS, seed: 20261122 },
    );
    assert.equal(world.logged.filter(({ event }) => event === 'problem').length, 0);
    const tags = world.billed.map(({ name }) => name);
    assert.equal(new Set(tags).size, tags.length);
  });

  it('to any path in any method never gets more than a refusal', async () => {
    const { world, start } = await inhabited();
    const part = fc.oneof(
      fc.constantFrom('sessions', 'courses', 'events', 'leave', 'webhooks', 'tavus', 'runs', 'end', 'extend', start.id),
      text.map(encodeLoosely),
    );
    const method = fc.constantFrom('GET', 'PUT', 'POST', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS', 'PROPFIND');
    await fc.assert(
      fc.asyncProperty(method, fc.array(part, { maxLength: 5 }), text, async (verb, parts, query) => {
        if (verb === 'HEAD') return;
        const url = `http://localhost:8787/api/practice/${parts.join('/')}?${encodeLoosely(query)}`;
        await assertDecent(world, new Request(url, { method: verb, headers: { host: 'localhost' } }));
      }),
      { numRuns: RUNS, seed: 20261122 },
    );
  });

  it('with strange headers never gets more than a refusal', async () => {
    const { world } = await inhabited();
    const value = fc.oneof(
      fc.constantFrom(
        '',
        'Bearer',
        'Bearer a.b.c',
        'null',
        'localhost',
        'practice-demo=',
        'practice-demo=%',
        '-1',
        '1e9',
      ),
      fc.string({ unit: 'grapheme-ascii', maxLength: 60 }),
    );
    const name = fc.constantFrom(
      ...['authorization', 'cookie', 'origin', 'host', 'content-type', 'accept', 'content-length', 'x-forwarded-for'],
      ...['access-control-request-headers', 'access-control-request-method'],
    );
    const headers = fc.dictionary(name, value, { maxKeys: 5 });
    const verb = fc.constantFrom('GET', 'POST', 'OPTIONS');
    await fc.assert(
      fc.asyncProperty(headers, verb, async (given, method) => {
        const url = `http://localhost:8787/api/practice/${method === 'GET' ? 'courses/spanish-101' : 'events'}`;
        const body = method === 'POST' ? '{"writer":"w","events":[]}' : null;
        await assertDecent(world, new Request(url, { method, headers: { host: 'localhost', ...given }, body }));
      }),
      { numRuns: RUNS, seed: 20261122 },
    );
  });

  it('of raw bytes never gets more than a refusal', async () => {
    const { world, start } = await inhabited();
    const path = fc.constantFrom('/events', '/leave', `/sessions/${start.id}`, `/sessions/${start.id}/end`);
    await fc.assert(
      fc.asyncProperty(path, fc.uint8Array({ maxLength: 200 }), async (to, body) => {
        const method = to === `/sessions/${start.id}` ? 'PUT' : 'POST';
        const headers = { host: 'localhost', 'content-type': 'application/json' };
        await assertDecent(world, new Request(`http://localhost:8787/api/practice${to}`, { method, headers, body }));
      }),
      { numRuns: RUNS, seed: 20261122 },
    );
  });

  it('nested deeper than any stack never gets more than a refusal', async () => {
    const { world, start } = await inhabited();
    const deep = `${'{"a":'.repeat(12_000)}1${'}'.repeat(12_000)}`.slice(0, 65_000);
    for (const body of ['['.repeat(65_000), deep, `${'['.repeat(32_000)}${']'.repeat(32_000)}`])
      for (const [method, path] of [
        ['POST', '/events'],
        ['PUT', `/sessions/${start.id}`],
        ['POST', `/sessions/${start.id}/end`],
      ] as const) {
        const headers = { host: 'localhost', 'content-type': 'application/json' };
        await assertDecent(world, new Request(`http://localhost:8787/api/practice${path}`, { method, headers, body }));
      }
  });

  it('that breaks off in the middle leaves no trace', async () => {
    const { world } = await inhabited();
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('{"writer":"w",'));
        controller.error(new Error('the connection broke'));
      },
    });
    const init = {
      method: 'POST',
      headers: { host: 'localhost', 'content-type': 'application/json' },
      body,
      duplex: 'half',
    };
    const response = await world.backend.handler(
      new Request('http://localhost:8787/api/practice/events', init as RequestInit),
    );
    assert.equal(response.status, 400);
  });
});
