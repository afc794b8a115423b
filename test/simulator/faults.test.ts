import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Fault } from '../../src/simulator/faults.js';
import { ConnectionReset } from '../../src/simulator/faults.js';
import type { ServedSimulator } from '../../src/simulator/serve-simulator.js';
import { serveSimulator } from '../../src/simulator/serve-simulator.js';
import { START, VirtualSimulator } from './virtual-simulator.js';

const faulty = (...faults: Fault[]) => {
  const world = new VirtualSimulator();
  world.simulator.setConditions({ faults });
  return world;
};
const create = (world: VirtualSimulator) => world.call('POST', '/v2/conversations', { pal_id: 'p1' });
const created = (world: VirtualSimulator) => world.simulator.ledger.conversations.length;

describe('faults', () => {
  it('can fail a create before it happens, and after', async () => {
    for (const [when, count] of [
      ['before', 0],
      ['after', 1],
    ] as const) {
      const world = faulty({ call: 'create', fail: 'status', status: 500, when });
      assert.equal((await create(world)).status, 500);
      assert.equal(created(world), count);
    }
  });

  it('can break the connection before the create happens, and after', async () => {
    for (const [when, count] of [
      ['before', 0],
      ['after', 1],
    ] as const) {
      const world = faulty({ call: 'create', fail: 'reset', when });
      await assert.rejects(create(world), ConnectionReset);
      assert.equal(created(world), count);
      assert.equal(world.simulator.ledger.calls[0]?.status, 'reset');
    }
  });

  it('can answer 200 with something unreadable although the conversation was created', async () => {
    const unreadable = { garbled: SyntaxError, truncated: SyntaxError };
    for (const [fail, error] of Object.entries(unreadable)) {
      const world = faulty({ call: 'create', fail: fail as keyof typeof unreadable, when: 'after' });
      await assert.rejects(create(world), error);
      assert.equal(created(world), 1);
      assert.equal(world.simulator.ledger.calls[0]?.status, 200);
    }
    const world = faulty({ call: 'create', fail: 'nonsense', when: 'after' });
    assert.deepEqual((await create(world)).json, { ok: true });
    assert.equal(created(world), 1);
  });

  const refusals: [Fault['fail'], number, unknown][] = [
    ['unauthorized', 401, { message: 'Invalid access token' }],
    ['credits', 402, { message: 'The user is out of conversational credits' }],
    ['concurrency', 400, { message: 'User has reached maximum concurrent conversations' }],
    ['rate_limited', 429, { message: 'Too many requests' }],
  ];
  for (const [fail, status, body] of refusals) {
    it(`can refuse with ${status}, ${String(fail)}`, async () => {
      const world = faulty({ call: 'create', fail });
      const answer = await create(world);
      assert.deepEqual([answer.status, answer.json], [status, body]);
      assert.equal(created(world), 0);
    });
  }

  it('can delay before the call has its effect, or after', async () => {
    for (const [when, at] of [
      ['before', START + 20_000],
      ['after', START],
    ] as const) {
      const world = faulty({ call: 'create', delay: 20_000, when });
      let answered = false;
      const answer = create(world).finally(() => (answered = true));
      await settle();
      world.travel(19.999);
      await settle();
      assert.equal(answered, false);
      world.travel(0.001);
      assert.equal((await answer).status, 200);
      assert.equal(world.simulator.ledger.conversations[0]?.createdAt, at);
    }
  });

  it('do not let a delayed call reach over a reset', async () => {
    const world = faulty({ call: 'create', delay: 5000 });
    const answer = create(world);
    await settle();
    world.simulator.reset();
    world.travel(5);
    assert.equal((await answer).status, 200);
    assert.deepEqual(world.simulator.ledger.calls, []);
    assert.equal(created(world), 0);
  });

  it('can delay and then fail', async () => {
    const world = faulty({ call: 'create', delay: 5000, fail: 'status' });
    const answer = create(world);
    await settle();
    world.travel(5);
    assert.equal((await answer).status, 503);
  });

  it('strike once by default, so often as asked, or always, one after the other', async () => {
    const world = faulty(
      { call: 'create', fail: 'status', status: 500 },
      { call: 'create', fail: 'status', status: 502, times: 2 },
    );
    const statuses = [];
    for (let count = 0; count < 4; count++) statuses.push((await create(world)).status);
    assert.deepEqual(statuses, [500, 502, 502, 200]);

    const hopeless = faulty({ call: 'create', fail: 'status', times: 'always' });
    for (let count = 0; count < 5; count++) assert.equal((await create(hopeless)).status, 503);
  });

  it('strike only the call they are meant for', async () => {
    const world = faulty(
      { call: 'end', fail: 'status', when: 'after' },
      { call: 'get', fail: 'garbled' },
      { call: 'list', fail: 'reset' },
    );
    const id = await world.create();
    await assert.rejects(world.call('GET', `/v2/conversations/${id}`), SyntaxError);
    await assert.rejects(world.call('GET', '/v2/conversations'), ConnectionReset);
    assert.equal(world.bill(id).reason, null);
    assert.equal((await world.call('POST', `/v2/conversations/${id}/end`)).status, 503);
    assert.equal(world.bill(id).reason, 'end_conversation_endpoint_hit');
  });

  it('can lose what a room page says, so that it leaves as a ghost', async () => {
    const world = faulty({ call: 'leave', fail: 'reset' });
    const id = await world.create({ properties: { participant_left_timeout: 0 } });
    await assert.rejects(world.leave(id, await world.join(id)), ConnectionReset);
    world.travel(100);
    assert.equal(world.bill(id).seconds, 20);
  });
});

describe('the control calls over HTTP', () => {
  let served: ServedSimulator;

  before(async () => {
    served = await serveSimulator();
  });
  after(() => served.close());
  afterEach(() => served.simulator.reset());

  const control = (method: string, path: string, body?: unknown, origin?: string) =>
    fetch(`${served.url}/_simulator/${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(origin !== undefined && { headers: { origin } }),
    });
  const createOverHttp = () =>
    fetch(`${served.url}/v2/conversations`, {
      method: 'POST',
      headers: { 'x-api-key': 'any' },
      body: '{"pal_id":"p1"}',
    });

  it('switch faults on, show what is still to come, and really break connections', async () => {
    const conditions = { faults: [{ call: 'create', fail: 'reset', when: 'after' }], callbacks: 'twice' };
    assert.deepEqual(await (await control('PUT', 'faults', conditions)).json(), conditions);
    await assert.rejects(createOverHttp(), TypeError);
    assert.deepEqual(await (await control('GET', 'faults')).json(), { faults: [], callbacks: 'twice' });
    assert.equal((await createOverHttp()).status, 200);
  });

  it('refuse faults they do not understand, and change nothing', async () => {
    const wrong = [
      null,
      { faults: {} },
      { faults: [{}] },
      { faults: [{ call: 'buy' }] },
      { faults: [{ call: 'create', fail: 'explode' }] },
      { faults: [{ call: 'create', fail: 'status', status: 200 }] },
      { faults: [{ call: 'create', times: 0 }] },
      { faults: [{ call: 'create', delay: -1 }] },
      { callbacks: 'sometimes' },
    ];
    for (const conditions of wrong) assert.equal((await control('PUT', 'faults', conditions)).status, 400);
    assert.deepEqual(served.simulator.conditions, { faults: [], callbacks: 'once' });
  });

  it('show the ledger, without counting themselves, and forget everything on reset', async () => {
    await createOverHttp();
    const ledger = (await (await control('GET', 'ledger')).json()) as typeof served.simulator.ledger;
    assert.deepEqual([ledger.conversations.length, ledger.calls.length], [1, 1]);
    assert.equal((await control('POST', 'reset')).status, 204);
    assert.deepEqual(served.simulator.ledger, { paidSeconds: 0, conversations: [], calls: [], callbacks: [] });
  });

  it('serve pages of this machine only', async () => {
    const page = 'http://localhost:8787';
    assert.equal(
      (await control('OPTIONS', 'faults', undefined, page)).headers.get('access-control-allow-origin'),
      page,
    );
    assert.equal((await control('GET', 'ledger', undefined, page)).headers.get('access-control-allow-origin'), page);
    for (const origin of ['https://elsewhere.test', 'null', 'https://localhost.elsewhere.test']) {
      assert.equal((await control('POST', 'reset', undefined, origin)).status, 403);
    }
  });

  it('do not know other paths', async () => {
    assert.equal((await control('GET', 'money')).status, 404);
  });
});

/** Lets everything that can go on without time passing go on. */
const settle = () => new Promise((resolve) => setImmediate(resolve));
