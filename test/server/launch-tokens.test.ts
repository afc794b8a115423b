import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { generateKeyPair, SignJWT, type JWTPayload } from 'jose';
import { PracticeWorld } from '../fakes/practice-world.js';

const SECRET = 'a secret of sixteen or more';
const key = new TextEncoder().encode(SECRET);
const rsa = generateKeyPair('RS256');

const open = (env: Record<string, string> = {}) =>
  PracticeWorld.open({ PRACTICE_JWT_SECRET: SECRET, PRACTICE_SECRET: 'another secret of sixteen', ...env });

/** Expires one hour after the tests begin; the clock of the world decides, not that of the machine. */
const EXPIRES = Date.parse('2026-11-22T11:00:00Z') / 1000;

const sign = (payload: JWTPayload, alg = 'HS256', signedBy: Parameters<SignJWT['sign']>[0] = key): Promise<string> =>
  new SignJWT(payload).setProtectedHeader({ alg }).sign(signedBy);
const learner = (more: JWTPayload = {}) => sign({ sub: 'ada', exp: EXPIRES, ...more });
const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

const id = crypto.randomUUID();
const ROUTES: [method: string, path: string, body?: object][] = [
  ['GET', '/courses/spanish-101'],
  ['PUT', `/sessions/${id}`, { courseId: 'spanish-101', offer: 'x', confirmedAt: '2026-11-22T10:00:00Z' }],
  ['GET', `/sessions/${id}`],
  ['PUT', `/sessions/${id}/runs/${id}`, { confirmedAt: '2026-11-22T10:00:00Z' }],
  ['POST', `/sessions/${id}/end`, {}],
  ['POST', `/sessions/${id}/extend`],
  ['POST', `/sessions/${id}/heartbeat`, { visible: true, seen: '2026-11-22T10:00:00Z' }],
  ['POST', '/events', { writer: 'w', events: [] }],
];

const ask = (world: PracticeWorld, token: string | null, [method, path, body]: (typeof ROUTES)[number]) =>
  world.ask('ada', method, path, body, token === null ? {} : { authorization: token });

const BAD: [name: string, token: () => Promise<string | null> | string | null][] = [
  ['none', () => null],
  ['an empty one', () => 'Bearer '],
  ['another scheme', async () => `Basic ${await learner()}`],
  ['no scheme', () => learner()],
  ['two tokens', async () => `Bearer ${await learner()} ${await learner()}`],
  ['nonsense', () => 'Bearer nonsense'],
  ['three dots', () => 'Bearer a.b.c'],
  ['an expired one', async () => `Bearer ${await learner({ exp: EXPIRES - 3601 })}`],
  ['one that is not valid yet', async () => `Bearer ${await learner({ nbf: EXPIRES })}`],
  ['one without exp', async () => `Bearer ${await sign({ sub: 'ada' })}`],
  ['one with a wrong exp', async () => `Bearer ${await sign({ sub: 'ada', exp: 'never' as never })}`],
  ['one without sub', async () => `Bearer ${await sign({ exp: EXPIRES })}`],
  ['an empty sub', async () => `Bearer ${await learner({ sub: '' })}`],
  ['a sub that is a number', async () => `Bearer ${await learner({ sub: 5 as never })}`],
  ['a sub that is an object', async () => `Bearer ${await learner({ sub: { a: 1 } as never })}`],
  ['a sub that is a list', async () => `Bearer ${await learner({ sub: ['ada'] as never })}`],
  ['a very long sub', async () => `Bearer ${await learner({ sub: 'x'.repeat(201) })}`],
  ['an account that is no text', async () => `Bearer ${await learner({ account: 5 })}`],
  ['an unknown role', async () => `Bearer ${await learner({ role: 'admin' })}`],
  ['a role that is no text', async () => `Bearer ${await learner({ role: ['staff'] })}`],
  ...[0, 0.99, -1.5, 10.01, 1e308, '1.5', '', true, null, [2], {}].map((extraTime): (typeof BAD)[number] => [
    `an extra time of ${JSON.stringify(extraTime)}`,
    async () => `Bearer ${await learner({ extraTime })}`,
  ]),
  ['another key', async () => `Bearer ${await sign({ sub: 'ada', exp: EXPIRES }, 'HS256', new Uint8Array(32))}`],
  ['HS384', async () => `Bearer ${await sign({ sub: 'ada', exp: EXPIRES }, 'HS384')}`],
  ['HS512', async () => `Bearer ${await sign({ sub: 'ada', exp: EXPIRES }, 'HS512')}`],
  ['RS256', async () => `Bearer ${await sign({ sub: 'ada', exp: EXPIRES }, 'RS256', (await rsa).privateKey)}`],
  ['no algorithm', () => `Bearer ${encode({ alg: 'none' })}.${encode({ sub: 'ada', exp: EXPIRES })}.`],
  [
    'a claim changed after signing',
    async () => {
      const [header, , signature] = (await learner()).split('.');
      return `Bearer ${header}.${encode({ sub: 'staff', exp: EXPIRES })}.${signature}`;
    },
  ],
  ['a claim set that is no object', async () => `Bearer ${(await learner()).replace(/\.[^.]+\./, `.${encode([])}.`)}`],
];

describe('A launch token', () => {
  for (const [name, token] of BAD)
    it(`is refused on every route: ${name}`, async () => {
      const world = await open();
      const bad = await token();
      for (const route of ROUTES) {
        const { status, body, headers } = await ask(world, bad, route);
        assert.deepEqual([status, body.code], [401, 'unauthenticated'], route.slice(0, 2).join(' '));
        assert.equal(headers.get('www-authenticate'), 'Bearer');
      }
    });

  it('lets its learner in, with the account it names', async () => {
    const world = await open();
    const { body } = await ask(world, `Bearer ${await learner({ account: 'premium' })}`, ROUTES[0]!);
    assert.deepEqual([body.availability.accountType, body.availability.limit], ['premium', 3]);
    const plain = await ask(world, `bearer ${await learner()}`, ROUTES[0]!);
    assert.equal(plain.body.availability.accountType, 'free');
  });

  it('gives its learner the extra time it names', async () => {
    const world = await open();
    for (const [extraTime, ttl] of [
      [undefined, 600],
      [1, 600],
      [1.25, 750],
      [6, 3600],
      [10, 3600],
    ] as const) {
      const more = extraTime === undefined ? {} : { extraTime };
      const { body } = await ask(world, `Bearer ${await learner(more)}`, ROUTES[0]!);
      assert.equal(body.policy.ttl, ttl, `${extraTime}`);
    }
  });

  it('makes the demo cookie worthless', async () => {
    const world = await open();
    assert.equal((await ask(world, null, ROUTES[0]!)).status, 401);
    assert.equal((await ask(world, 'Bearer ada', ROUTES[0]!)).status, 401);
  });

  it('expires by the clock of the server', async () => {
    const world = await open();
    const token = `Bearer ${await learner()}`;
    await world.clock.pass(3599);
    assert.equal((await ask(world, token, ROUTES[0]!)).status, 200);
    await world.clock.pass(1);
    assert.equal((await ask(world, token, ROUTES[0]!)).status, 401);
  });

  it('has to be for our audience where one is set', async () => {
    const world = await open({ PRACTICE_JWT_AUDIENCE: 'practice' });
    const status = async (more: JWTPayload) => (await ask(world, `Bearer ${await learner(more)}`, ROUTES[0]!)).status;
    assert.equal(await status({ aud: 'practice' }), 200);
    assert.equal(await status({ aud: ['lms', 'practice'] }), 200);
    for (const more of [{}, { aud: 'lms' }, { aud: [] }, { aud: 'Practice' }, { aud: '' }])
      for (const route of ROUTES)
        assert.equal((await ask(world, `Bearer ${await learner(more)}`, route)).status, 401, JSON.stringify(more));
  });

  it('of staff does not open a learner’s session', async () => {
    const world = await open();
    const staff = `Bearer ${await learner({ sub: 'teacher', role: 'staff' })}`;
    assert.equal((await ask(world, staff, ROUTES[0]!)).status, 200);
    assert.equal((await ask(world, staff, ROUTES[2]!)).status, 404);
  });

  it('is not needed for leaving and callbacks, which carry their own capability', async () => {
    const world = await open();
    assert.equal((await world.ask('ada', 'POST', '/leave', 'x')).status, 200);
    assert.equal((await world.ask('ada', 'POST', '/webhooks/tavus/x', {})).status, 404);
  });
});
