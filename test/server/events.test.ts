import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PracticeWorld } from '../fakes/practice-world.js';

const opened = (n: number) => ({ n, type: 'opened' });
const upTo = (last: number) => Array.from({ length: last }, (_, i) => opened(i + 1));

/** A world in which ada talks. */
async function talking(env: Record<string, string> = {}): Promise<{ world: PracticeWorld; id: string }> {
  const world = await PracticeWorld.open(env);
  world.tavus.setConditions({ callbacks: 'none' });
  const { id } = await world.start();
  return { world, id };
}

describe('The numbers of a writer', () => {
  it('are acknowledged from 1 on', async () => {
    const world = await PracticeWorld.open();
    const { status, body } = await world.facts('ada', 'w', upTo(3));
    assert.deepEqual([status, body.ack, body.rejected, body.sessions], [200, 3, [], []]);
  });

  it('can be asked for with an empty batch', async () => {
    const world = await PracticeWorld.open();
    assert.equal((await world.facts('ada', 'w', [])).body.ack, 0);
    await world.facts('ada', 'w', upTo(2));
    assert.equal((await world.facts('ada', 'w', [])).body.ack, 2);
  });

  it('may come in any order within a batch', async () => {
    const world = await PracticeWorld.open();
    const { body } = await world.facts('ada', 'w', [opened(3), opened(1), opened(2)]);
    assert.equal(body.ack, 3);
  });

  it('that were acknowledged before are skipped', async () => {
    const { world, id } = await talking();
    const facts = [{ n: 1, type: 'feedback', sessionId: id, data: { rating: 1 } }];
    await world.facts('ada', 'w', facts);
    const { body } = await world.facts('ada', 'w', [
      { ...facts[0], data: { rating: 5 } },
      { n: 2, type: 'feedback', sessionId: id, data: { rating: 2 } },
    ]);
    assert.equal(body.ack, 2);
    assert.equal(body.sessions[0]?.feedback?.rating, 2);
    const again = await world.facts('ada', 'w', facts);
    assert.deepEqual([again.status, again.body.ack, again.body.sessions], [200, 2, []]);
    assert.equal((await world.read(id)).body.session.feedback?.rating, 2);
  });

  it('that come twice in one batch count once', async () => {
    const { world, id } = await talking();
    const { body } = await world.facts('ada', 'w', [
      { n: 1, type: 'feedback', sessionId: id, data: { rating: 1 } },
      { n: 1, type: 'feedback', sessionId: id, data: { rating: 5 } },
    ]);
    assert.deepEqual([body.ack, body.sessions[0]?.feedback?.rating], [1, 1]);
  });

  it('with a hole are a gap that names the newest applied one', async () => {
    const world = await PracticeWorld.open();
    const { status, body } = await world.facts('ada', 'w', [opened(2)]);
    assert.deepEqual([status, body.code, body.ack, body.retryable], [409, 'sequence_gap', 0, true]);
    assert.equal((await world.facts('ada', 'w', upTo(2))).body.ack, 2);
  });

  it('are applied up to a hole, and not beyond it', async () => {
    const { world, id } = await talking();
    const { status, body } = await world.facts('ada', 'w', [
      { n: 1, type: 'joined', sessionId: id },
      opened(2),
      { n: 4, type: 'completed', sessionId: id },
    ]);
    assert.deepEqual([status, body.code, body.ack], [409, 'sequence_gap', 2]);
    assert.equal((await world.read(id)).body.session.status, 'in_progress');
    const { body: rest } = await world.facts('ada', 'w', [opened(3), { n: 4, type: 'completed', sessionId: id }]);
    assert.deepEqual([rest.ack, rest.sessions[0]?.status], [4, 'completed']);
  });

  it('end the conversation although the batch has a hole behind that', async () => {
    const { world, id } = await talking();
    const { status } = await world.facts('ada', 'w', [{ n: 1, type: 'paused', sessionId: id }, opened(3)]);
    assert.equal(status, 409);
    assert.equal(world.billed[0]!.reason, 'end_conversation_endpoint_hit');
  });

  it('belong to one learner and one writer', async () => {
    const world = await PracticeWorld.open();
    await world.facts('ada', 'w', upTo(2));
    assert.equal((await world.facts('ben', 'w', upTo(1))).body.ack, 1);
    assert.equal((await world.facts('ada', 'other', upTo(1))).body.ack, 1);
    assert.equal((await world.facts('ada', 'w', [])).body.ack, 2);
  });

  it('survive a restart', async () => {
    const world = await PracticeWorld.open();
    await world.facts('ada', 'w', upTo(2));
    world.restart();
    assert.equal((await world.facts('ada', 'w', [])).body.ack, 2);
  });

  it('count once when the same batch arrives many times at once', async () => {
    const { world, id } = await talking();
    const batch = [
      { n: 1, type: 'joined', sessionId: id },
      { n: 2, type: 'completed', sessionId: id, data: { accuracyScore: 70 } },
      { n: 3, type: 'paused', sessionId: id },
    ];
    const answers = await Promise.all(Array.from({ length: 5 }, () => world.facts('ada', 'w', batch)));
    assert.deepEqual(
      answers.map(({ status, body }) => [status, body.ack]),
      Array(5).fill([200, 3]),
    );
    const { session } = (await world.read(id)).body;
    assert.deepEqual(
      session.late.map(({ n }) => n),
      [3],
    );
  });

  it('never skip one, whichever part of a queue arrives first', async () => {
    const world = await PracticeWorld.open();
    const parts = [upTo(6).slice(4), upTo(2), upTo(6).slice(2, 4)];
    const answers = await Promise.all(parts.map((part) => world.facts('ada', 'w', part)));
    assert.deepEqual(
      answers.map(({ status, body }) => [status, body.ack]),
      [
        [409, 0],
        [200, 2],
        [200, 4],
      ],
    );
  });
});

describe('An envelope', () => {
  it('holds at most 200 facts', async () => {
    const world = await PracticeWorld.open();
    assert.equal((await world.facts('ada', 'w', upTo(201))).body.code, 'invalid_request');
    assert.equal((await world.facts('ada', 'w', upTo(200))).body.ack, 200);
  });

  it('of another form is refused as a whole', async () => {
    const world = await PracticeWorld.open();
    const wrong = [
      { events: [] },
      { writer: '', events: [] },
      { writer: 'w'.repeat(65), events: [] },
      { writer: 5, events: [] },
      { writer: 'w' },
      { writer: 'w', events: {} },
      { writer: 'w', events: [null] },
      { writer: 'w', events: [{ type: 'opened' }] },
      { writer: 'w', events: [{ n: 0, type: 'opened' }] },
      { writer: 'w', events: [{ n: 1.5, type: 'opened' }] },
      { writer: 'w', events: [{ n: '1', type: 'opened' }] },
      [],
      null,
    ];
    for (const body of wrong) {
      const answer = await world.ask('ada', 'POST', '/events', body);
      assert.deepEqual([answer.status, answer.body.code], [400, 'invalid_request'], JSON.stringify(body));
    }
  });

  it('may have a writer of 64 characters, and fields nobody knows', async () => {
    const world = await PracticeWorld.open();
    const body = {
      writer: 'w'.repeat(64),
      more: 1,
      events: [{ ...opened(1), at: world.time, courseId: 'spanish-101', x: 1 }],
    };
    assert.deepEqual((await world.ask('ada', 'POST', '/events', body)).body.rejected, []);
  });
});

describe('A fact that makes no sense', () => {
  it('is rejected and passed by, whatever is wrong in it', async () => {
    const { world, id } = await talking();
    const wrong: [fact: object, code: string][] = [
      [{ type: 'jumped' }, 'invalid_request'],
      [{ type: null }, 'invalid_request'],
      [{ type: 'opened', at: 'yesterday' }, 'invalid_request'],
      [{ type: 'opened', at: undefined }, 'invalid_request'],
      [{ type: 'opened', courseId: undefined }, 'invalid_request'],
      [{ type: 'opened', courseId: 'no such course' }, 'not_found'],
      [{ type: 'cancelled', courseId: '__proto__' }, 'not_found'],
      [{ type: 'completed' }, 'invalid_request'],
      [{ type: 'completed', sessionId: 'no uuid' }, 'invalid_request'],
      [{ type: 'completed', sessionId: crypto.randomUUID() }, 'not_found'],
      [{ type: 'completed', sessionId: id, data: { accuracyScore: 100.1 } }, 'invalid_request'],
      [{ type: 'completed', sessionId: id, data: { accuracyScore: -1 } }, 'invalid_request'],
      [{ type: 'completed', sessionId: id, data: { accuracyScore: '90' } }, 'invalid_request'],
      [{ type: 'completed', sessionId: id, data: 'done' }, 'invalid_request'],
      [{ type: 'failed', sessionId: id }, 'invalid_request'],
      [{ type: 'feedback', sessionId: id, data: { rating: 6 } }, 'invalid_request'],
      [{ type: 'feedback', sessionId: id, data: { rating: 0 } }, 'invalid_request'],
      [{ type: 'feedback', sessionId: id, data: { rating: 3.5 } }, 'invalid_request'],
      [{ type: 'feedback', sessionId: id, data: { rating: 3, comment: 'x'.repeat(2001) } }, 'invalid_request'],
    ];
    const facts = wrong.map(([fact], i) => ({ ...fact, n: i + 1 }));
    const { status, body } = await world.facts('ada', 'w', [...facts, opened(wrong.length + 1)]);
    assert.deepEqual([status, body.ack], [200, wrong.length + 1]);
    assert.deepEqual(
      body.rejected,
      wrong.map(([, code], i) => ({ n: i + 1, code })),
    );
    assert.equal((await world.read(id)).body.session.status, 'started');
  });

  it('is rejected even when it is nested deeper than anything can be written down', async () => {
    const world = await PracticeWorld.open();
    const deep = `${'['.repeat(30_000)}${']'.repeat(30_000)}`;
    for (const type of ['opened', 'failed', 'jumped']) {
      const fact = `{"n":1,"type":"${type}","at":"${world.time}","courseId":"spanish-101","data":${deep}}`;
      const { status, body } = await world.ask('ada', 'POST', '/events', `{"writer":"${type}","events":[${fact}]}`);
      assert.deepEqual([status, body.ack], [200, 1], type);
    }
  });

  it('about somebody else’s session is as unknown as one about none', async () => {
    const { world, id } = await talking();
    for (const type of ['joined', 'paused', 'completed', 'abandoned', 'feedback']) {
      const data = type === 'feedback' ? { rating: 5 } : {};
      const { body } = await world.facts('ben', type, [
        { n: 1, type, sessionId: id, data },
        { n: 2, type, sessionId: crypto.randomUUID(), data },
      ]);
      assert.deepEqual(
        body.rejected.map(({ code }) => code),
        ['not_found', 'not_found'],
      );
      assert.deepEqual(body.sessions, []);
    }
    const { session } = (await world.read(id)).body;
    assert.deepEqual([session.status, session.feedback], ['started', undefined]);
  });
});

describe('The facts of a conversation', () => {
  it('move it from started to in progress to completed', async () => {
    const { world, id } = await talking();
    await world.clock.pass(10);
    const joined = await world.facts('ada', 'w', [{ n: 1, type: 'joined', sessionId: id }]);
    assert.equal(joined.body.sessions[0]?.status, 'in_progress');
    assert.equal(joined.body.sessions[0]?.joinedAt, world.time);
    await world.clock.pass(20);
    const { body } = await world.facts('ada', 'w', [
      { n: 2, type: 'completed', sessionId: id, data: { accuracyScore: 82.5 } },
    ]);
    const session = body.sessions[0]!;
    assert.deepEqual(
      [session.status, session.endReason, session.accuracyScore, session.scoreSource, session.completedAt],
      ['completed', 'finished', 82.5, 'page', world.time],
    );
    assert.equal(world.billed[0]!.seconds, 30, 'Tavus is told at once');
  });

  const endings: [type: string, data: object, status: string, reason: string][] = [
    ['paused', {}, 'paused', 'paused'],
    ['completed', {}, 'completed', 'finished'],
    ['abandoned', { reason: 'bored' }, 'abandoned', 'bored'],
    ['failed', { code: 'blocked_by_page' }, 'failed', 'failed'],
  ];
  for (const [type, data, status, reason] of endings)
    it(`end it as ${status} when the learner’s page says ${type}`, async () => {
      const { world, id } = await talking();
      const { body } = await world.facts('ada', 'w', [{ n: 1, type, sessionId: id, data }]);
      assert.deepEqual([body.sessions[0]?.status, body.sessions[0]?.endReason], [status, reason]);
      assert.equal(world.billed[0]!.reason, 'end_conversation_endpoint_hit');
      assert.equal((await world.offer()).availability.canStart, true);
    });

  it('of a failure the page has found itself do not trouble a repeated start', async () => {
    const world = await PracticeWorld.open();
    const start = await world.start();
    await world.facts('ada', 'w', [{ n: 1, type: 'failed', sessionId: start.id, data: { code: 'network' } }]);
    // A process that died right after the create has handed the room to nobody.
    await world.store.transaction(async (transaction) => {
      const session = (await transaction.session(start.id))!;
      delete session.runs[0]!.handedOut;
      await transaction.saveSession(session);
    });
    const again = await world.repeat(start);
    assert.deepEqual([again.status, again.body.session.status, again.body.join], [200, 'failed', undefined]);
  });

  it('settle a paused session', async () => {
    for (const [type, status] of [
      ['completed', 'completed'],
      ['abandoned', 'abandoned'],
      ['failed', 'abandoned'],
    ] as const) {
      const { world, id } = await talking();
      await world.end(id);
      const data = type === 'failed' ? { code: 'network' } : {};
      const { body } = await world.facts('ada', 'w', [{ n: 1, type, sessionId: id, data }]);
      assert.equal(body.sessions[0]?.status, status);
    }
  });

  it('count after the server was away, as long as the lease holds', async () => {
    const { world, id } = await talking();
    await world.clock.pass(44);
    const { body } = await world.facts('ada', 'w', [{ n: 1, type: 'completed', sessionId: id }]);
    assert.deepEqual([body.sessions[0]?.status, body.sessions[0]?.endReason], ['completed', 'finished']);
  });

  it('still complete a session whose conversation was interrupted', async () => {
    const { world, id } = await talking();
    await world.sweepFor(100);
    const { body } = await world.facts('ada', 'w', [{ n: 1, type: 'completed', sessionId: id }]);
    assert.deepEqual([body.sessions[0]?.status, body.sessions[0]?.endReason], ['completed', 'lease']);
  });

  it('that come after it settled are kept as late and change nothing', async () => {
    const { world, id } = await talking({ TAVUS_DEFAULT_TTL: '600' });
    await world.facts('ada', 'w', [{ n: 1, type: 'abandoned', sessionId: id, data: {} }]);
    const at = '2026-11-22T09:00:00.000Z';
    const { body } = await world.facts('ada', 'w', [
      { n: 2, type: 'joined', sessionId: id, at },
      { n: 3, type: 'completed', sessionId: id, at, data: { accuracyScore: 90 } },
    ]);
    assert.deepEqual([body.ack, body.rejected], [3, []]);
    const session = body.sessions[0]!;
    assert.deepEqual([session.status, session.accuracyScore, session.joinedAt], ['abandoned', undefined, undefined]);
    assert.deepEqual(session.late, [
      { n: 2, type: 'joined', at },
      { n: 3, type: 'completed', at, data: { accuracyScore: 90 } },
    ]);
    assert.equal((await world.offer()).completion, null);
  });

  it('never complete an expired session', async () => {
    const world = await PracticeWorld.open();
    const { id } = await world.start('ada', { courseId: 'quick-check' });
    await world.heartbeat(id, { visible: false });
    await world.clock.pass(60);
    const { body } = await world.facts('ada', 'w', [{ n: 1, type: 'completed', sessionId: id }]);
    assert.deepEqual([body.sessions[0]?.status, body.sessions[0]?.late.length], ['expired', 1]);
  });

  it('take feedback also after it settled, the newest one', async () => {
    const { world, id } = await talking();
    await world.facts('ada', 'w', [
      { n: 1, type: 'completed', sessionId: id },
      { n: 2, type: 'feedback', sessionId: id, data: { rating: 2 } },
      { n: 3, type: 'feedback', sessionId: id, data: { rating: 4, comment: 'x'.repeat(2000) } },
    ]);
    const { session } = (await world.read(id)).body;
    assert.deepEqual([session.status, session.feedback?.rating, session.late], ['completed', 4, []]);
  });
});
