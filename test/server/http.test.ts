import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { PracticeError, PROBLEM_DOCUMENTS, type ProblemCode } from '../../src/protocol/index.js';
import { serveSimulator } from '../../src/simulator/serve-simulator.js';
import { servePractice, type ServedPractice } from '../fakes/served-practice.js';

const LMS = 'https://lms.example';
const JSON_TYPE = { 'content-type': 'application/json' };

let served: ServedPractice;
let cross: ServedPractice;
before(async () => {
  served = await servePractice({ PRACTICE_DAILY_LIMITS: 'free=50' });
  cross = await servePractice({
    PRACTICE_ALLOWED_ORIGINS: LMS,
    PRACTICE_JWT_SECRET: 'a secret of sixteen or more',
    PRACTICE_SECRET: 'another secret of sixteen or more',
  });
});
after(() => Promise.all([served.close(), cross.close()]));

/** A request of a learner that is somebody else each time, unless named. */
const ask = (method: string, path: string, body?: BodyInit | null, headers: Record<string, string> = {}) =>
  fetch(served.url + path, { method, body: body ?? null, headers: { cookie: 'practice-demo=ben', ...headers } });

const post = (path: string, body: unknown, learner = 'ben') =>
  ask('POST', path, JSON.stringify(body), { ...JSON_TYPE, cookie: `practice-demo=${learner}` });

async function start(learner: string): Promise<{ id: string; leaveTicket: string; response: Response }> {
  const cookie = `practice-demo=${learner}`;
  const offer = (await (await ask('GET', '/courses/spanish-101', null, { cookie })).json()) as { offer: string };
  const id = crypto.randomUUID();
  const body = { courseId: 'spanish-101', offer: offer.offer, confirmedAt: new Date().toISOString() };
  const response = await ask('PUT', `/sessions/${id}`, JSON.stringify(body), { ...JSON_TYPE, cookie });
  const { leaveTicket } = (await response.clone().json()) as { leaveTicket: string };
  return { id, leaveTicket, response };
}

async function assertProblem(response: Response, code: ProblemCode): Promise<Record<string, unknown>> {
  const problem = (await response.json()) as Record<string, unknown>;
  assert.equal(problem['code'], code, JSON.stringify(problem));
  const { status, title } = PROBLEM_DOCUMENTS[code];
  const { retryable } = new PracticeError(code);
  assert.equal(response.status, status);
  assert.match(response.headers.get('content-type') ?? '', /^application\/problem\+json/);
  assert.equal(response.headers.get('cache-control'), 'no-store');
  assert.deepEqual([problem['status'], problem['title'], problem['retryable']], [status, title, retryable]);
  assert.match(String(problem['reference']), /^[0-9a-f]{8}$/);
  assert.doesNotMatch(JSON.stringify(problem), /\bat .*\.ts|node:|canary|stack/);
  return problem;
}

/** Sends raw text over one connection, in chunks, without a length. */
const sendChunked = (chunks: string[]): Promise<{ status: number | undefined; text: string }> =>
  new Promise((resolve, reject) => {
    const sending = httpRequest(`${served.url}/events`, { method: 'POST', headers: JSON_TYPE }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () => resolve({ status: response.statusCode, text }));
    });
    sending.on('error', reject);
    for (const chunk of chunks) sending.write(chunk);
    sending.end();
  });

/** An envelope of exactly so many bytes. */
const envelope = (bytes: number): string => {
  const frame = JSON.stringify({ writer: 'size', events: [], padding: '' });
  return frame.replace('"padding":""', `"padding":"${'x'.repeat(bytes - frame.length)}"`);
};

describe('Every success', () => {
  it('carries protocol and serverTime, and is kept by no cache', async () => {
    const { id, leaveTicket, response } = await start('common');
    const answers = [
      response,
      await ask('GET', '/courses/spanish-101'),
      await ask('GET', `/sessions/${id}`, null, { cookie: 'practice-demo=common' }),
      await post(`/sessions/${id}/heartbeat`, { visible: true, seen: new Date().toISOString() }, 'common'),
      await post('/events', { writer: 'w', events: [] }),
      await ask('POST', '/leave', leaveTicket, { 'content-type': 'text/plain' }),
      await post(`/sessions/${id}/extend`, {}, 'common'),
      await post(`/sessions/${id}/end`, {}, 'common'),
    ];
    for (const answer of answers) {
      assert.ok(answer.ok, `${answer.url}: ${answer.status}`);
      const { protocol, serverTime } = (await answer.json()) as { protocol: number; serverTime: string };
      assert.equal(protocol, 1);
      assert.match(serverTime, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      assert.ok(Math.abs(Date.parse(serverTime) - Date.now()) < 10_000);
      assert.equal(answer.headers.get('cache-control'), 'no-store');
      assert.match(answer.headers.get('content-type') ?? '', /^application\/json/);
    }
  });

  it('may have a slash or a query behind its path', async () => {
    assert.equal((await ask('GET', '/courses/spanish-101/')).status, 200);
    assert.equal((await ask('GET', '/courses/spanish-101?x=1')).status, 200);
    assert.equal((await ask('GET', '/courses/spanish%2D101')).status, 200);
  });

  it('may have an end without a body', async () => {
    const { id } = await start('bodiless');
    const answer = await ask('POST', `/sessions/${id}/end`, null, { cookie: 'practice-demo=bodiless' });
    assert.equal(answer.status, 200);
  });
});

describe('A body', () => {
  it('that is not JSON by its type is refused', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'application/jsonx'])
      await assertProblem(
        await ask('POST', '/events', '{"writer":"w","events":[]}', { 'content-type': type }),
        'unsupported_media_type',
      );
    const untyped = new Blob(['{"writer":"w","events":[]}']);
    await assertProblem(await ask('POST', '/events', untyped), 'unsupported_media_type');
  });

  it('may have a charset behind its type', async () => {
    const type = { 'content-type': 'Application/JSON; charset=utf-8' };
    assert.equal((await ask('POST', '/events', '{"writer":"w","events":[]}', type)).status, 200);
  });

  it('that is not JSON by its content is refused', async () => {
    for (const body of ['{', 'nonsense', '{"writer":"w"', '\u0000', '[1,]'])
      await assertProblem(await ask('POST', '/events', body, JSON_TYPE), 'invalid_request');
  });

  it('that is missing is refused where something is required', async () => {
    await assertProblem(await ask('POST', '/events'), 'invalid_request');
    await assertProblem(await ask('PUT', `/sessions/${crypto.randomUUID()}`, '', JSON_TYPE), 'invalid_request');
  });

  it('says which field is wrong', async () => {
    const problem = await assertProblem(await post('/events', { writer: 5, events: [] }), 'invalid_request');
    assert.match(String(problem['detail']), /^writer: /);
  });

  it('of 64 KiB is taken, of one byte more it is too large', async () => {
    assert.equal((await ask('POST', '/events', envelope(65_536), JSON_TYPE)).status, 200);
    await assertProblem(await ask('POST', '/events', envelope(65_537), JSON_TYPE), 'too_large');
  });

  it('without a length is measured all the same', async () => {
    const halves = (bytes: number) => [envelope(bytes).slice(0, 30_000), envelope(bytes).slice(30_000)];
    assert.equal((await sendChunked(halves(65_536))).status, 200);
    const refused = await sendChunked(halves(65_537));
    assert.equal(refused.status, 413);
    assert.match(refused.text, /"code":"too_large"/);
  });

  it('that was too large does not spoil what comes after it', async () => {
    for (let i = 0; i < 5; i++) {
      await assertProblem(await ask('POST', '/events', envelope(1_000_000), JSON_TYPE), 'too_large');
      assert.equal((await ask('GET', '/courses/spanish-101')).status, 200);
    }
  });
});

describe('An address', () => {
  it('that nobody serves is not found', async () => {
    for (const path of [
      '',
      '/',
      '/nothing',
      '/courses',
      '/courses/a/b',
      '/sessions',
      '/events/1',
      '/users',
      '/webhooks/tavus',
    ])
      await assertProblem(await ask('GET', path), 'not_found');
    await assertProblem(await fetch(`http://127.0.0.1:${served.port}/api/practiced`), 'not_found');
    await assertProblem(await fetch(`http://127.0.0.1:${served.port}/`), 'not_found');
  });

  it('of an unknown course, or of one that is badly written, is not found', async () => {
    for (const course of ['unknown', '__proto__', 'constructor', '%', '%ff', 'x'.repeat(5000), '%00', '..%2f'])
      await assertProblem(await ask('GET', `/courses/${course}`), 'not_found');
  });

  it('names the methods it would answer', async () => {
    const id = crypto.randomUUID();
    const wrong: [method: string, path: string, allow: string][] = [
      ['POST', '/courses/spanish-101', 'GET'],
      ['DELETE', `/sessions/${id}`, 'PUT, GET'],
      ['GET', '/events', 'POST'],
      ['PATCH', '/events', 'POST'],
      ['GET', `/sessions/${id}/end`, 'POST'],
      ['POST', `/sessions/${id}/runs/${id}`, 'PUT'],
      ['GET', '/leave', 'POST'],
      ['GET', '/webhooks/tavus/x', 'POST'],
    ];
    for (const [method, path, allow] of wrong) {
      const response = await ask(method, path);
      assert.equal(response.headers.get('allow'), allow, path);
      await assertProblem(response, 'method_not_allowed');
    }
  });
});

describe('Leaving', () => {
  it('is answered 200 whatever it says, in any type and of any size', async () => {
    const { leaveTicket } = await start('leaver');
    const bodies = [leaveTicket, '', 'nonsense', '{"json":true}', 'x'.repeat(100_000), '.'.repeat(1000)];
    for (const body of bodies)
      for (const type of ['text/plain', 'text/plain;charset=UTF-8', 'application/json'])
        assert.equal((await ask('POST', '/leave', body, { 'content-type': type })).status, 200, body.slice(0, 20));
  });
});

describe('What is somebody else’s', () => {
  it('is answered like what does not exist, byte for byte', async () => {
    const { id } = await start('owner');
    const beat = { visible: true, seen: new Date().toISOString() };
    const requests: [method: string, path: (id: string) => string, body: unknown][] = [
      ['GET', (id) => `/sessions/${id}`, undefined],
      ['POST', (id) => `/sessions/${id}/end`, {}],
      ['POST', (id) => `/sessions/${id}/extend`, undefined],
      ['POST', (id) => `/sessions/${id}/heartbeat`, beat],
      ['PUT', (id) => `/sessions/${id}/runs/${crypto.randomUUID()}`, { confirmedAt: beat.seen }],
    ];
    const seen = async (method: string, path: string, body: unknown) => {
      const response = await ask(method, path, body === undefined ? null : JSON.stringify(body), JSON_TYPE);
      const headers = [...response.headers].filter(([name]) => !['date'].includes(name));
      const text = (await response.text()).replace(/"reference":"\w{8}"/, '');
      return JSON.stringify([response.status, headers, text]);
    };
    for (const [method, path, body] of requests) {
      const theirs = await seen(method, path(id), body);
      assert.equal(theirs, await seen(method, path(crypto.randomUUID()), body), path('ID'));
      assert.match(theirs, /not_found/);
    }
  });
});

describe('Demo learners', () => {
  const raw = (headers: Record<string, string>, path = '/courses/spanish-101') =>
    new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
      httpRequest(served.url + path, { headers }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => (text += part));
        response.on('end', () => resolve({ status: response.statusCode, text }));
      })
        .on('error', reject)
        .end();
    });

  it('are ada unless the cookie says otherwise', async () => {
    const account = async (headers: Record<string, string>) =>
      (JSON.parse((await raw(headers)).text) as { availability: { accountType: string } }).availability.accountType;
    assert.equal(await account({}), 'premium');
    assert.equal(await account({ cookie: 'a=b; practice-demo=ben; c=d' }), 'free');
    assert.equal(await account({ cookie: 'practice-demo=anybody' }), 'free');
    assert.equal(await account({ authorization: 'Bearer ada', cookie: 'practice-demo=ben' }), 'premium');
  });

  it('may not be reached by a name that is not loopback', async () => {
    for (const host of [
      'evil.example',
      'localhost.evil.example',
      '127.0.0.1.evil.example',
      '192.168.0.1:8787',
      '[::2]',
    ]) {
      const { status, text } = await raw({ host });
      assert.deepEqual([status, (JSON.parse(text) as { code: string }).code], [403, 'forbidden'], host);
    }
    for (const host of ['localhost', 'LOCALHOST:1', '127.0.0.1:80', '[::1]:8787'])
      assert.equal((await raw({ host })).status, 200, host);
  });

  it('may not be used by a page from somewhere else', async () => {
    for (const origin of ['https://evil.example', 'null', 'http://localhost.evil.example', 'file://', 'localhost'])
      assert.equal((await raw({ origin })).status, 403, origin);
    for (const origin of ['http://localhost:3000', 'http://127.0.0.1:8787', 'http://[::1]'])
      assert.equal((await raw({ origin })).status, 200, origin);
  });

  it('have names of letters, digits, dots, dashes and underscores', async () => {
    for (const name of ['a b', '<x>', 'x'.repeat(65), '%41', '"ada"'])
      assert.equal((await raw({ cookie: `practice-demo=${name}` })).status, 401, name);
    assert.equal((await raw({ cookie: 'practice-demo=' })).status, 401);
  });
});

describe('A page of another origin', () => {
  const from = (origin: string | null, method: string, path: string, headers: Record<string, string> = {}) =>
    fetch(cross.url + path, { method, headers: { ...(origin !== null && { origin }), ...headers } });

  it('that is allowed may read successes and problems, and when to try again', async () => {
    for (const [path, method] of [
      ['/leave', 'POST'],
      ['/courses/spanish-101', 'GET'],
      ['/nothing', 'GET'],
    ] as const) {
      const { headers } = await from(LMS, method, path);
      assert.equal(headers.get('access-control-allow-origin'), LMS, path);
      assert.equal(headers.get('access-control-allow-credentials'), 'true');
      assert.match(headers.get('access-control-expose-headers') ?? '', /retry-after/i);
      assert.match(headers.get('vary') ?? '', /origin/i);
    }
  });

  it('that is not allowed may not', async () => {
    for (const origin of ['https://evil.example', 'null', `${LMS}.evil.example`, 'http://lms.example'])
      for (const path of ['/leave', '/nothing']) {
        const { headers } = await from(origin, 'POST', path);
        assert.equal(headers.get('access-control-allow-origin'), null);
        assert.match(headers.get('vary') ?? '', /origin/i);
      }
  });

  it('asks before it sends, and gets what it asks for', async () => {
    const asked = {
      'access-control-request-method': 'PUT',
      'access-control-request-headers': 'content-type,x-csrf-token',
    };
    const { status, headers } = await from(LMS, 'OPTIONS', `/sessions/${crypto.randomUUID()}`, asked);
    assert.equal(status, 204);
    assert.equal(headers.get('access-control-allow-origin'), LMS);
    assert.match(headers.get('access-control-allow-methods') ?? '', /PUT/);
    assert.equal(headers.get('access-control-allow-headers'), 'content-type,x-csrf-token');
    const refused = await from('https://evil.example', 'OPTIONS', '/events', asked);
    assert.equal(refused.headers.get('access-control-allow-origin'), null);
    assert.equal(refused.headers.get('access-control-allow-methods'), null);
  });

  it('is given nothing when no origin is allowed', async () => {
    const { headers } = await ask('GET', '/courses/spanish-101', null, { origin: 'http://localhost:3000' });
    assert.equal(headers.get('access-control-allow-origin'), null);
  });
});

describe('A learner who asks too often', () => {
  it('is told when to come back, and nobody else is', async () => {
    const limited = await servePractice({ PRACTICE_RATE_LIMIT: '3' });
    try {
      const get = (learner: string) =>
        fetch(`${limited.url}/courses/spanish-101`, { headers: { cookie: `practice-demo=${learner}` } });
      // Two minutes may be touched, so twice the limit and one more is always too many.
      let response = await get('ada');
      for (let i = 0; i < 6 && response.ok; i++) response = await get('ada');
      const retryAfter = Number(response.headers.get('retry-after'));
      const problem = await assertProblem(response, 'rate_limited');
      assert.ok(Number.isInteger(retryAfter) && retryAfter >= 1 && retryAfter <= 60);
      assert.equal(problem['retryAfter'], retryAfter);
      assert.equal((await get('ben')).status, 200);
    } finally {
      await limited.close();
    }
  });
});

describe('A Tavus behind real HTTP', () => {
  it('that resets the connection leaves the outcome unknown, and is looked at', async () => {
    served.simulator.simulator.setConditions({ faults: [{ call: 'create', fail: 'reset', when: 'after' }] });
    const { id, response } = await start('unlucky');
    assert.equal(response.status, 202);
    const { retryAfter } = (await response.json()) as { retryAfter: number };
    assert.ok(retryAfter > 0);
    const { session } = (await (
      await ask('GET', `/sessions/${id}`, null, { cookie: 'practice-demo=unlucky' })
    ).json()) as { session: { status: string } };
    assert.equal(session.status, 'failed');
    const { conversations } = served.simulator.simulator.ledger;
    assert.ok(conversations.some(({ name, endedAt }) => name.includes(id) && endedAt !== null));
  });

  it('that nobody serves is certainly refused', async () => {
    const gone = await serveSimulator();
    await gone.close();
    const alone = await servePractice({ TAVUS_API_URL: gone.url });
    const before = served;
    try {
      served = alone;
      await assertProblem((await start('ada')).response, 'provider_unavailable');
    } finally {
      served = before;
      await alone.close();
    }
  });
});
