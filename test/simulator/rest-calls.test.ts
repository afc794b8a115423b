import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { ServedSimulator } from '../../src/simulator/serve-simulator.js';
import { serveSimulator } from '../../src/simulator/serve-simulator.js';

describe('the REST interface over HTTP', () => {
  let served: ServedSimulator;

  before(async () => {
    served = await serveSimulator({ apiKey: 'secret', plan: { concurrency: 3, maxCallSeconds: 1800 } });
  });
  after(() => served.close());
  afterEach(() => served.simulator.reset());

  const call = (method: string, path: string, body?: unknown, key = 'secret') =>
    fetch(served.url + path, {
      method,
      headers: { 'x-api-key': key, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  const json = async (response: Response) => (await response.json()) as Record<string, unknown>;
  const create = async (body: object = {}) =>
    json(await call('POST', '/v2/conversations', { pal_id: 'p1', face_id: 'f1', ...body }));
  const end = (id: unknown) => call('POST', `/v2/conversations/${String(id)}/end`);
  const list = async (query: string) => {
    const { data, total_count } = await json(await call('GET', `/v2/conversations?${query}`));
    return { names: (data as Record<string, unknown>[]).map((one) => one['conversation_name']), total_count };
  };
  const terms = () => served.simulator.ledger.conversations.at(-1)?.terms;

  describe('creating', () => {
    it('answers with the conversation, its room and no token when the room is public', async () => {
      const answer = await create({ conversation_name: 'Tapas', callback_url: 'http://127.0.0.1:9/hook' });
      const id = String(answer['conversation_id']);
      assert.match(id, /^c[0-9a-z]+$/);
      assert.ok(Math.abs(Date.parse(String(answer['created_at'])) - Date.now()) < 5000);
      delete answer['created_at'];
      assert.deepEqual(answer, {
        conversation_id: id,
        conversation_name: 'Tapas',
        conversation_url: `${served.url}/rooms/${id}`,
        status: 'active',
        callback_url: 'http://127.0.0.1:9/hook',
      });
    });

    it('adds a meeting token when require_auth is set, at the top or in properties', async () => {
      assert.equal(typeof (await create({ require_auth: true }))['meeting_token'], 'string');
      assert.equal(typeof (await create({ properties: { require_auth: true } }))['meeting_token'], 'string');
    });

    it('names a nameless conversation "New Conversation" and the time', async () => {
      assert.match(String((await create())['conversation_name']), /^New Conversation \d{13}$/);
    });

    for (const naming of [{ pal_id: 'x' }, { face_id: 'x' }, { persona_id: 'x' }, { replica_id: 'x' }]) {
      it(`takes ${Object.keys(naming)[0]} alone`, async () => {
        assert.equal((await call('POST', '/v2/conversations', naming)).status, 200);
      });
    }

    it('reads the old names as the new ones', async () => {
      await call('POST', '/v2/conversations', { persona_id: 'p9', replica_id: 'f9' });
      assert.deepEqual([terms()?.pal_id, terms()?.face_id], ['p9', 'f9']);
    });

    it('honours the caps inside properties and lowers the longest call to the plan without a word', async () => {
      await create({
        properties: { max_call_duration: 9999, participant_left_timeout: 0, participant_absent_timeout: 60 },
      });
      assert.equal(terms()?.max_call_duration, 1800);
      assert.equal(terms()?.participant_left_timeout, 0);
      assert.equal(terms()?.participant_absent_timeout, 60);
    });

    it('ignores what it does not know and what is in the wrong place', async () => {
      const body = {
        ttl: 180,
        max_call_duration: 240,
        metadata: { a: 1 },
        properties: { ttl: 5, max_participants: 2 },
      };
      assert.equal((await create(body))['status'], 'active');
      assert.equal(terms()?.max_call_duration, 1800);
      assert.equal(terms()?.max_participants, null);
      const request = served.simulator.ledger.conversations[0]?.request;
      assert.deepEqual(request, { pal_id: 'p1', face_id: 'f1', ...body });
    });

    it('makes a conversation in test mode that has ended, costs nothing and takes no slot', async () => {
      for (let count = 0; count < 5; count++) assert.equal((await create({ test_mode: true }))['status'], 'ended');
      const { paidSeconds, conversations } = served.simulator.ledger;
      assert.equal(paidSeconds, 0);
      assert.deepEqual([conversations.length, conversations[0]?.reason], [5, 'test_mode']);
      assert.equal((await create())['status'], 'active');
    });

    const refused: [string, object, RegExp][] = [
      ['both names of a pal', { pal_id: 'a', persona_id: 'a' }, /Cannot have both persona_id and pal_id/],
      ['both names of a face', { face_id: 'a', replica_id: 'a' }, /Cannot have both replica_id and face_id/],
      ['neither a pal nor a face', { conversation_name: 'x' }, /required/],
      ['fewer than two participants', { pal_id: 'a', max_participants: 1 }, /max_participants/],
      ['a cap that is not a number', { pal_id: 'a', properties: { max_call_duration: '240' } }, /max_call_duration/],
      ['a negative cap', { pal_id: 'a', properties: { participant_left_timeout: -1 } }, /participant_left_timeout/],
    ];
    for (const [what, body, why] of refused) {
      it(`refuses ${what} with 400 and creates nothing`, async () => {
        const response = await call('POST', '/v2/conversations', body);
        assert.equal(response.status, 400);
        assert.match(String((await json(response))['error']), why);
        assert.equal(served.simulator.ledger.conversations.length, 0);
      });
    }

    it('refuses a body that is not JSON', async () => {
      const headers = { 'x-api-key': 'secret' };
      const response = await fetch(`${served.url}/v2/conversations`, { method: 'POST', headers, body: '{"pal' });
      assert.equal(response.status, 400);
    });

    it('refuses one conversation too many with 400, until one has ended', async () => {
      const first = await create();
      await create();
      await create();
      const response = await call('POST', '/v2/conversations', { pal_id: 'p1' });
      assert.equal(response.status, 400);
      assert.deepEqual(await json(response), { message: 'User has reached maximum concurrent conversations' });
      await end(first['conversation_id']);
      assert.equal((await create())['status'], 'active');
    });
  });

  it('refuses a missing or wrong key with 401, whatever is asked', async () => {
    for (const [method, path] of [
      ['POST', '/v2/conversations'],
      ['GET', '/v2/conversations'],
      ['GET', '/v2/conversations/c1'],
      ['POST', '/v2/conversations/c1/end'],
      ['DELETE', '/v2/conversations/c1'],
    ] as const) {
      for (const key of ['', 'wrong']) {
        const response = await call(method, path, undefined, key);
        assert.equal(response.status, 401);
        assert.deepEqual(await json(response), { message: 'Invalid access token' });
      }
    }
  });

  it('answers unknown ids with 400, not 404', async () => {
    for (const [method, path] of [
      ['GET', '/v2/conversations/c1'],
      ['POST', '/v2/conversations/c1/end'],
      ['DELETE', '/v2/conversations/c1'],
    ] as const) {
      const response = await call(method, path);
      assert.equal(response.status, 400);
      assert.deepEqual(await json(response), { error: 'Invalid conversation_id' });
    }
  });

  it('ends with 200 and an empty body, as often as asked', async () => {
    const { conversation_id } = await create();
    for (let count = 0; count < 3; count++) {
      const response = await end(conversation_id);
      assert.equal(response.status, 200);
      assert.equal(await response.text(), '');
    }
    const [entry] = served.simulator.ledger.conversations;
    assert.equal(entry?.reason, 'end_conversation_endpoint_hit');
    assert.equal((await list('status=active')).total_count, 0);
  });

  it('deletes with 204: the call ends, the id is unknown from then on, the bill remains', async () => {
    const { conversation_id } = await create();
    assert.equal((await call('DELETE', `/v2/conversations/${String(conversation_id)}?hard=true`)).status, 204);
    assert.equal((await end(conversation_id)).status, 400);
    assert.equal((await list('')).total_count, 0);
    const [entry] = served.simulator.ledger.conversations;
    assert.deepEqual([entry?.deleted, entry?.reason], [true, 'daily_room_has_been_deleted']);
  });

  it('lists newest first, ten at a time, by status', async () => {
    for (let count = 1; count <= 12; count++) {
      const { conversation_id } = await create({ conversation_name: `n${count}` });
      if (count <= 10) await end(conversation_id);
    }
    const first = await list('');
    assert.deepEqual([first.names.length, first.names[0], first.total_count], [10, 'n12', 12]);
    assert.deepEqual(await list('page=2'), { names: ['n2', 'n1'], total_count: 12 });
    assert.deepEqual(await list('limit=2&page=2'), { names: ['n10', 'n9'], total_count: 12 });
    assert.deepEqual(await list('status=active'), { names: ['n12', 'n11'], total_count: 2 });
    assert.deepEqual((await list('status=ended&limit=1')).total_count, 10);
  });

  it('reads under both namings, without the meeting token, and tells events only when verbose', async () => {
    const { conversation_id } = await create({ require_auth: true });
    const path = `/v2/conversations/${String(conversation_id)}`;
    const plain = await json(await call('GET', path));
    assert.deepEqual(
      [plain['pal_id'], plain['persona_id'], plain['face_id'], plain['replica_id']],
      ['p1', 'p1', 'f1', 'f1'],
    );
    assert.deepEqual(
      [plain['meeting_token'], plain['events'], plain['shutdown_reason']],
      [undefined, undefined, undefined],
    );

    await end(conversation_id);
    const verbose = await json(await call('GET', `${path}?verbose=true`));
    assert.equal(verbose['status'], 'ended');
    assert.equal(verbose['shutdown_reason'], 'end_conversation_endpoint_hit');
    const events = verbose['events'] as { event_type: string; properties: object }[];
    const types = events.map(({ event_type }) => event_type);
    assert.deepEqual(types, ['system.pal_joined', 'system.replica_joined', 'system.shutdown']);
    assert.deepEqual(events[2]?.properties, { reason: 'end_conversation_endpoint_hit' });
  });

  it('does not know other paths', async () => {
    assert.equal((await call('GET', '/v2/usage')).status, 404);
    assert.equal((await call('PATCH', '/v2/conversations/c1')).status, 404);
  });

  it('writes down every call, without the query', async () => {
    const { conversation_id } = await create();
    await end(conversation_id);
    await list('page=1');
    await call('GET', '/v2/conversations/c1');
    const calls = served.simulator.ledger.calls.map(({ call: name, method, path, status }) => ({
      name,
      method,
      path,
      status,
    }));
    assert.deepEqual(calls, [
      { name: 'create', method: 'POST', path: '/v2/conversations', status: 200 },
      { name: 'end', method: 'POST', path: `/v2/conversations/${String(conversation_id)}/end`, status: 200 },
      { name: 'list', method: 'GET', path: '/v2/conversations', status: 200 },
      { name: 'get', method: 'GET', path: '/v2/conversations/c1', status: 400 },
    ]);
  });
});
