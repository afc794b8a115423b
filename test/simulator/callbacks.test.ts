import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import type { DeliveryMode } from '../../src/simulator/callbacks.js';
import { serveSimulator } from '../../src/simulator/serve-simulator.js';
import { START, VirtualSimulator } from './virtual-simulator.js';

const HOOK = 'http://host.test/hook?token=t';
const CAPS = { max_call_duration: 600, participant_left_timeout: 30, participant_absent_timeout: 60 };

const JOINED = ['system.pal_joined', 'system.replica_joined'];
const ENDED = ['system.shutdown', 'application.transcription_ready', 'application.perception_analysis'];

/** A whole call with somebody in it, told in the given way. Its callbacks, in the order they came. */
const wholeCall = async (mode: DeliveryMode) => {
  const world = new VirtualSimulator();
  world.simulator.setConditions({ callbacks: mode });
  const id = await world.create({ face_id: 'f1', callback_url: HOOK, properties: CAPS });
  await world.stay(id, await world.join(id), 2);
  await world.call('POST', `/v2/conversations/${id}/end`);
  world.travel(600);
  return { id, world, types: world.delivered.map(({ body }) => body.event_type) };
};

describe('callbacks', () => {
  it('tell the joining under both namings, then the end, the transcript and the analysis', async () => {
    const { id, world, types } = await wholeCall('once');
    assert.deepEqual(types, [...JOINED, ...ENDED]);
    assert.deepEqual(world.delivered[0], {
      seconds: 0.5,
      url: HOOK,
      body: {
        conversation_id: id,
        webhook_url: HOOK,
        event_type: 'system.pal_joined',
        message_type: 'system',
        timestamp: new Date(START).toISOString(),
        properties: { face_id: 'f1' },
      },
    });
    const [, replica, shutdown, transcription, perception] = world.delivered.map(({ body }) => body);
    assert.deepEqual(replica?.properties, { replica_id: 'f1' });
    assert.deepEqual(shutdown?.properties, { shutdown_reason: 'end_conversation_endpoint_hit' });
    assert.equal(transcription?.message_type, 'application');
    const [line] = transcription?.properties['transcript'] as { role: string; seconds_from_start: number }[];
    assert.deepEqual([line?.role, line?.seconds_from_start], ['assistant', 1]);
    assert.equal(typeof perception?.properties['analysis'], 'string');
  });

  it('tell neither transcript nor analysis when nobody came, and the absence as the reason', async () => {
    const world = new VirtualSimulator();
    await world.create({ callback_url: HOOK, properties: CAPS });
    world.travel(61);
    assert.deepEqual(
      world.delivered.map(({ body }) => body.event_type),
      [...JOINED, 'system.shutdown'],
    );
    assert.deepEqual(world.delivered[2]?.body.properties, { shutdown_reason: 'participant_absent_timeout reached' });
    assert.deepEqual(world.delivered[2]?.seconds, 60.5);
  });

  it('tell a leaving without the word "reached"', async () => {
    const world = new VirtualSimulator();
    const id = await world.create({ callback_url: HOOK, properties: CAPS });
    await world.leave(id, await world.join(id));
    world.travel(60);
    const shutdown = world.delivered.find(({ body }) => body.event_type === 'system.shutdown');
    assert.deepEqual(shutdown?.body.properties, { shutdown_reason: 'participant_left_timeout' });
  });

  it('come twice when switched to it', async () => {
    const { types } = await wholeCall('twice');
    for (const type of [...JOINED, ...ENDED]) assert.equal(types.filter((other) => other === type).length, 2);
  });

  it('come out of order when switched to it, each once', async () => {
    const { types } = await wholeCall('shuffled');
    assert.notDeepEqual(types, [...JOINED, ...ENDED]);
    assert.deepEqual([...types].sort(), [...JOINED, ...ENDED].sort());
    assert.ok(types.indexOf('application.perception_analysis') < types.indexOf('system.pal_joined'));
  });

  it('come a minute late when switched to it', async () => {
    const { world, types } = await wholeCall('delayed');
    assert.deepEqual(types, [...JOINED, ...ENDED]);
    assert.equal(world.delivered[0]?.seconds, 60);
  });

  it('do not come when switched off, nor without an address, nor in test mode', async () => {
    assert.deepEqual((await wholeCall('none')).types, []);
    const world = new VirtualSimulator();
    await world.create({});
    await world.create({ callback_url: HOOK, test_mode: true });
    world.travel(1000);
    assert.deepEqual(world.delivered, []);
  });

  it('are lost when they cannot be delivered, which the ledger notes', async () => {
    const deliver = () => {
      throw new Error('nobody listens');
    };
    const world = new VirtualSimulator({ deliver });
    await world.create({ callback_url: HOOK });
    world.travel(1);
    await Promise.resolve();
    const outcomes = world.simulator.ledger.callbacks.map(({ eventType, outcome }) => [eventType, outcome]);
    assert.deepEqual(
      outcomes,
      JOINED.map((type) => [type, 'Error: nobody listens']),
    );
  });

  it('are really posted', async () => {
    const receiver = createServer();
    const heard = new Promise<{ method: string | undefined; type: string | undefined; body: string }>((resolve) => {
      receiver.on('request', (request, response) => {
        let body = '';
        request.on('data', (chunk: Buffer) => (body += chunk.toString()));
        request.on('end', () => {
          response.end();
          resolve({ method: request.method, type: request.headers['content-type'], body });
        });
      });
    });
    receiver.listen(0, '127.0.0.1');
    const served = await serveSimulator();
    const callback_url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
    const body = JSON.stringify({ pal_id: 'p1', callback_url });
    await fetch(`${served.url}/v2/conversations`, { method: 'POST', headers: { 'x-api-key': 'any' }, body });
    const { method, type, body: text } = await heard;
    assert.deepEqual([method, type], ['POST', 'application/json']);
    assert.equal((JSON.parse(text) as { event_type: string }).event_type, 'system.pal_joined');
    await served.close();
    receiver.closeAllConnections();
    receiver.close();
  });
});
