import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { ServedSimulator } from '../../src/simulator/serve-simulator.js';
import { serveSimulator } from '../../src/simulator/serve-simulator.js';
import { VirtualSimulator } from './virtual-simulator.js';

const privateRoom = async (world: VirtualSimulator, wish: object = {}) => {
  const { json } = await world.call('POST', '/v2/conversations', { pal_id: 'p1', require_auth: true, ...wish });
  return { id: String(json?.['conversation_id']), token: String(json?.['meeting_token']) };
};

describe('a room', () => {
  it('admits with its token, and says 403 to a wrong one and to none', async () => {
    const world = new VirtualSimulator();
    const { id, token } = await privateRoom(world);
    assert.equal((await world.call('GET', `/rooms/${id}?t=${token}`)).status, 200);
    for (const query of ['', '?t=', '?t=other']) {
      const page = await world.call('GET', `/rooms/${id}${query}`);
      assert.equal(page.status, 403);
      assert.match(page.text, /The meeting token is not valid/);
    }
    const join = await world.call('POST', `/rooms/${id}/join`, { token: 'other' });
    assert.deepEqual(join.json, { error: 'exp-token' });
    assert.deepEqual(world.simulator.ledger.conversations[0]?.joins, []);
  });

  it('lets the token expire with the absent time-out, although the call goes on', async () => {
    const world = new VirtualSimulator();
    const { id, token } = await privateRoom(world, { properties: { participant_absent_timeout: 60 } });
    const person = await world.join(id, token);
    await world.stay(id, person, 59);
    assert.equal((await world.call('GET', `/rooms/${id}?t=${token}`)).status, 200);
    await world.stay(id, person, 2);
    assert.equal((await world.call('GET', `/rooms/${id}?t=${token}`)).status, 403);
    assert.deepEqual((await world.call('POST', `/rooms/${id}/join`, { token })).json, { error: 'exp-token' });
    assert.deepEqual((await world.call('POST', `/rooms/${id}/alive`, { participant: person })).json, {});
  });

  it('needs no token when it is public', async () => {
    const world = new VirtualSimulator();
    const id = await world.create();
    assert.equal((await world.call('GET', `/rooms/${id}`)).status, 200);
    assert.match(await world.join(id), /^id/);
  });

  it('says that the meeting has ended, to newcomers and to those inside', async () => {
    const world = new VirtualSimulator();
    const id = await world.create();
    const person = await world.join(id);
    await world.call('POST', `/v2/conversations/${id}/end`);
    const page = await world.call('GET', `/rooms/${id}`);
    assert.equal(page.status, 410);
    assert.match(page.text, /Meeting has ended/);
    for (const call of ['join', 'alive', 'leave']) {
      const answer = await world.call('POST', `/rooms/${id}/${call}`, { participant: person });
      assert.deepEqual(answer.json, { error: 'ejected' });
    }
  });

  it('is not there when it never was, or was deleted', async () => {
    const world = new VirtualSimulator();
    const id = await world.create();
    await world.call('DELETE', `/v2/conversations/${id}`);
    for (const room of [id, 'c0']) {
      assert.equal((await world.call('GET', `/rooms/${room}`)).status, 404);
      assert.deepEqual((await world.call('POST', `/rooms/${room}/join`, {})).json, { error: 'no-room' });
    }
  });

  it('counts the face, and the ghost of a page that went without a word, among its participants', async () => {
    const world = new VirtualSimulator();
    const id = await world.create({ max_participants: 2, properties: { participant_left_timeout: 60 } });
    const reloaded = await world.join(id);
    const refused = await world.call('POST', `/rooms/${id}/join`, {});
    assert.deepEqual(refused.json, { error: 'meeting-full' });

    world.travel(20);
    assert.match(await world.join(id), /^id/);
    const tooLate = await world.call('POST', `/rooms/${id}/alive`, { participant: reloaded });
    assert.deepEqual(tooLate.json, { error: 'connection-error' });
  });

  it('gives a place free at once when a page says that it leaves', async () => {
    const world = new VirtualSimulator();
    const id = await world.create({ max_participants: 2 });
    await world.leave(id, await world.join(id));
    assert.match(await world.join(id), /^id/);
  });

  it('takes a silent page back when there is still a place', async () => {
    const world = new VirtualSimulator();
    const id = await world.create({ max_participants: 2, properties: { participant_left_timeout: 60 } });
    const person = await world.join(id);
    world.travel(70);
    await world.alive(id, person);
    world.travel(70);
    assert.equal(world.bill(id).reason, null);
  });

  it('does not take back a page that has left', async () => {
    const world = new VirtualSimulator();
    const id = await world.create();
    const person = await world.join(id);
    await world.leave(id, person);
    const answer = await world.call('POST', `/rooms/${id}/alive`, { participant: person });
    assert.deepEqual(answer.json, { error: 'connection-error' });
  });
});

describe('the page of a room over HTTP', () => {
  let served: ServedSimulator;
  let page: Response;
  let html: string;

  before(async () => {
    served = await serveSimulator();
    const init = { method: 'POST', headers: { 'x-api-key': 'any' }, body: JSON.stringify({ pal_id: 'p1' }) };
    const created = (await (await fetch(`${served.url}/v2/conversations`, init)).json()) as {
      conversation_url: string;
    };
    page = await fetch(created.conversation_url);
    html = await page.text();
  });
  after(() => served.close());

  it('may be framed by anybody and runs nothing inline', () => {
    const policy = page.headers.get('content-security-policy') ?? '';
    assert.match(policy, /frame-ancestors \*/);
    assert.match(policy, /default-src 'none'/);
    assert.doesNotMatch(policy, /unsafe/);
    assert.equal(page.headers.get('x-frame-options'), null);
    assert.doesNotMatch(html, /<style|style=|\son[a-z]+=|<script>/);
  });

  it('brings its own style and script', async () => {
    const paths = [...html.matchAll(/(?:href|src)="(\/[^"]+)"/g)].map(([, path]) => path);
    assert.deepEqual(paths, ['/assets/room.css', '/assets/room.js']);
    const [style, script] = await Promise.all(paths.map((path) => fetch(served.url + path)));
    assert.match(style?.headers.get('content-type') ?? '', /^text\/css/);
    assert.match(script?.headers.get('content-type') ?? '', /^text\/javascript/);
    new Function(`return async () => {${await script?.text()}}`);
  });

  it('says that nobody is really there', () => {
    assert.match(html, /Simulated partner/);
    assert.match(html, /Nobody is really here/);
  });
});
