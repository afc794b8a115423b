import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PracticeWorld } from '../fakes/practice-world.js';

const COURSES = JSON.stringify([
  { id: 'spanish-101', title: 'Spanish', palId: 'p', faceId: 'f', ttl: 600, extension: { seconds: 120, times: 2 } },
  { id: 'short', title: 'Short', palId: 'p', ttl: 60 },
  { id: 'endless', title: 'Longer than the plan', palId: 'p', ttl: 9000, extension: { seconds: 60, times: 3 } },
  { id: 'nearly', title: 'Nearly the plan', palId: 'p', ttl: 3500, extension: { seconds: 60, times: 3 } },
]);

const open = (env: Record<string, string> = {}) => PracticeWorld.open({ PRACTICE_COURSES: COURSES, ...env });

describe('An offer', () => {
  it('says what the learner would get, and never asks Tavus', async () => {
    const world = await open();
    const offer = await world.offer();
    assert.equal(offer.course.title, 'Spanish');
    assert.deepEqual(offer.availability, { canStart: true, remaining: 3, limit: 3, accountType: 'premium' });
    assert.equal(offer.policy.ttl, 600);
    assert.deepEqual(offer.policy.extension, { seconds: 120, times: 2 });
    assert.deepEqual(offer.features, { confirmation: true, timeLimit: true, offlineQueue: true });
    assert.deepEqual(offer.frameOrigins, ['http://localhost:8788']);
    assert.equal(offer.completion, null);
    assert.equal(offer.activeSession, null);
    assert.equal(Date.parse(offer.offerExpiresAt ?? '') - world.clock.now, 600_000);
    assert.equal(world.tavus.ledger.calls.length, 0);
  });

  it('is cut to what the plan of Tavus honours', async () => {
    const world = await open();
    const endless = await world.offer('ada', 'endless');
    assert.deepEqual([endless.policy.ttl, endless.policy.extension], [3600, null]);
    const nearly = await world.offer('ada', 'nearly');
    assert.deepEqual([nearly.policy.ttl, nearly.policy.extension], [3500, { seconds: 60, times: 1 }]);
  });

  it('names the live session, or else the paused one, and only a live one is in the way', async () => {
    const world = await open();
    const { id } = await world.start();
    const live = await world.offer();
    assert.equal(live.activeSession?.id, id);
    assert.deepEqual([live.availability.canStart, live.availability.reason], [false, 'session_active']);
    await world.end(id);
    const paused = await world.offer();
    assert.deepEqual([paused.activeSession?.id, paused.activeSession?.status], [id, 'paused']);
    assert.equal(paused.availability.canStart, true);
  });
});

describe('A start', () => {
  it('answers 201 with the session, the room and a leave ticket', async () => {
    const world = await open();
    const { id, status, body } = await world.start('ada', {
      metadata: { confirmationDelay: 1200, userAgent: 'A', deviceType: 'phone' },
      consent: [{ id: 'rec', version: '1', at: world.time }],
    });
    assert.equal(status, 201);
    assert.equal(body.session.id, id);
    assert.equal(body.session.status, 'started');
    assert.equal(body.session.confirmedAt, world.time);
    assert.equal(body.session.startedAt, world.time);
    assert.equal(Date.parse(body.session.expiresAt ?? '') - world.clock.now, 600_000);
    assert.deepEqual([body.session.ttl, body.session.remaining, body.session.runs], [600, 600, 1]);
    assert.deepEqual(body.session.metadata, { confirmationDelay: 1200, userAgent: 'A', deviceType: 'phone' });
    assert.equal(body.session.consent?.[0]?.id, 'rec');
    assert.equal(body.join?.url, `http://localhost:8788/rooms/${world.billed[0]?.id}`);
    assert.ok(body.join?.token);
    assert.ok(body.leaveTicket);
    assert.equal(body.retryAfter, undefined);
  });

  it('never trusts the clock of the page', async () => {
    const world = await open();
    const { body } = await world.start('ada', { confirmedAt: '1999-01-01T00:00:00Z' });
    assert.equal(body.session.confirmedAt, world.time);
  });

  it('sends Tavus every cap where Tavus reads it', async () => {
    const world = await open();
    await world.start();
    const { terms, request } = world.billed[0]!;
    assert.deepEqual(
      {
        call: terms.max_call_duration,
        absent: terms.participant_absent_timeout,
        left: terms.participant_left_timeout,
        auth: terms.require_auth,
        places: terms.max_participants,
      },
      { call: 600 + 2 * 120 + 15, absent: 300, left: 30, auth: true, places: 3 },
    );
    assert.deepEqual(Object.keys((request as { properties: object }).properties).sort(), [
      'enable_closed_captions',
      'max_call_duration',
      'participant_absent_timeout',
      'participant_left_timeout',
    ]);
  });

  it('never asks for a longer call than the plan has', async () => {
    const world = await open({ TAVUS_MAX_CALL_SECONDS: '3610' });
    await world.start('ada', { courseId: 'endless' });
    const { properties } = world.billed[0]!.request as { properties: { max_call_duration: number } };
    assert.equal(properties.max_call_duration, 3610);
  });

  it('keeps the room token no longer than the session', async () => {
    const world = await open();
    const start = await world.start('ada', { courseId: 'short' });
    assert.equal(world.billed[0]!.terms.participant_absent_timeout, 60);
    assert.equal(world.billed[0]!.terms.max_call_duration, 75);
    assert.equal(start.body.session.ttl, 60);
  });

  it('grants a shorter time when the page asks for one', async () => {
    const world = await open();
    const { body } = await world.start('ada', { ttl: 200 });
    assert.deepEqual([body.session.ttl, body.session.remaining], [200, 200]);
    assert.equal(world.billed[0]!.terms.max_call_duration, 200 + 240 + 15);
    assert.equal(world.billed[0]!.terms.participant_absent_timeout, 200);
  });

  it('lowers a longer time to what was offered', async () => {
    const world = await open();
    const { body } = await world.start('ada', { ttl: 9999 });
    assert.equal(body.session.ttl, 600);
  });

  it('ends a conversation whose room is outside the agreed origins, and gives the quota back', async () => {
    const world = await open({ PRACTICE_FRAME_ORIGINS: 'https://*.daily.co' });
    const start = await world.start();
    assert.deepEqual([start.status, start.body.code], [502, 'provider_unavailable']);
    assert.equal((await world.read(start.id)).body.session.status, 'failed');
    assert.equal(world.billed[0]!.reason, 'end_conversation_endpoint_hit');
    assert.equal(world.billed[0]!.seconds, 0);
    assert.equal((await world.offer()).availability.remaining, 3);
    assert.equal((await world.repeat(start)).body.code, 'provider_unavailable');
    assert.equal(world.calls('create'), 1);
  });
});

describe('A repeated start', () => {
  it('answers 200 with the room while the conversation runs, and creates nothing', async () => {
    const world = await open();
    const start = await world.start();
    const again = await world.repeat(start);
    assert.equal(again.status, 200);
    assert.deepEqual(again.body.join, start.body.join);
    assert.notEqual(again.body.leaveTicket, start.body.leaveTicket);
    assert.equal(world.calls('create'), 1);
  });

  it('goes on answering when its offer has long expired', async () => {
    const world = await open({ PRACTICE_OFFER_SECONDS: '1' });
    const start = await world.start();
    await world.clock.pass(10);
    assert.equal((await world.repeat(start)).status, 200);
  });

  it('has no room once the token no longer admits', async () => {
    const world = await open({ PRACTICE_REJOIN_SECONDS: '30' });
    const start = await world.start();
    await world.clock.pass(29);
    assert.ok((await world.repeat(start)).body.join);
    await world.clock.pass(1);
    const late = await world.repeat(start);
    assert.deepEqual([late.status, late.body.join, late.body.leaveTicket], [200, undefined, undefined]);
    assert.equal(late.body.session.status, 'started');
  });

  it('has no room once the conversation has ended', async () => {
    const world = await open();
    const start = await world.start();
    await world.end(start.id);
    const again = await world.repeat(start);
    assert.deepEqual([again.status, again.body.join, again.body.session.status], [200, undefined, 'paused']);
  });

  it('answers the problem that refused it', async () => {
    const world = await open();
    world.fail({ call: 'create', fail: 'credits' });
    const start = await world.start();
    assert.deepEqual([start.status, start.body.code], [503, 'out_of_credits']);
    const again = await world.repeat(start);
    assert.deepEqual([again.status, again.body.code], [503, 'out_of_credits']);
    assert.equal(world.calls('create'), 1);
  });

  it('is the same one when two arrive at once', async () => {
    const world = await open();
    const id = crypto.randomUUID();
    const { offer } = await world.offer();
    const request = { courseId: 'spanish-101', offer, confirmedAt: world.time };
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => world.ask('ada', 'PUT', `/sessions/${id}`, request)),
    );
    assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 202, 202, 202, 202, 202, 202, 202]);
    assert.equal(world.calls('create'), 1);
    assert.equal((await world.offer()).availability.remaining, 2);
  });

  it('with another course or time is a conflict', async () => {
    const world = await open();
    const start = await world.start();
    for (const change of [{ courseId: 'short' }, { ttl: 60 }, { courseId: 'no such course' }]) {
      const other = await world.ask('ada', 'PUT', `/sessions/${start.id}`, { ...start.request, ...change });
      assert.deepEqual([other.status, other.body.code], [422, 'id_conflict'], JSON.stringify(change));
    }
  });

  it('under somebody else’s name is a conflict', async () => {
    const world = await open();
    const start = await world.start();
    const { body, status } = await world.start('ben', { id: start.id });
    assert.deepEqual([status, body.code], [422, 'id_conflict']);
    assert.equal(body.session, undefined);
    assert.equal((await world.offer('ben')).availability.remaining, 1);
  });

  it('is known to a new process over the same store', async () => {
    const world = await open();
    const start = await world.start();
    world.restart();
    assert.equal((await world.repeat(start)).status, 200);
    assert.equal(world.calls('create'), 1);
  });
});

describe('The offer that a start needs', () => {
  const refused = async (world: PracticeWorld, learner: string, request: object) => {
    const { status, body } = await world.ask(learner, 'PUT', `/sessions/${crypto.randomUUID()}`, request);
    return [status, body.code];
  };

  it('may not be missing, empty or null', async () => {
    const world = await open();
    for (const offer of [undefined, '', null, 5])
      assert.deepEqual(await refused(world, 'ada', { courseId: 'spanish-101', confirmedAt: world.time, offer }), [
        400,
        'invalid_request',
      ]);
  });

  it('may not be expired, used, altered, borrowed or of another course', async () => {
    const world = await open();
    const confirmedAt = world.time;
    const request = { courseId: 'spanish-101', confirmedAt };
    const offer = (await world.offer()).offer!;
    const [payload = '', signature = ''] = offer.split('.');
    const richer = Buffer.from(payload, 'base64url').toString().replace('"ttl":600', '"ttl":900');
    const gone = [410, 'offer_expired'];
    assert.match(richer, /"ttl":900/);
    for (const bad of [
      'nonsense',
      payload,
      `${offer}x`,
      `${offer}.x`,
      offer.slice(0, -1),
      `${Buffer.from(richer).toString('base64url')}.${signature}`,
    ])
      assert.deepEqual(await refused(world, 'ada', { ...request, offer: bad }), gone, bad);
    assert.deepEqual(await refused(world, 'ben', { ...request, offer }), gone);
    assert.deepEqual(await refused(world, 'ada', { ...request, courseId: 'short', offer }), gone);

    const late = (await world.offer()).offer;
    await world.clock.pass(600);
    assert.deepEqual(await refused(world, 'ada', { ...request, offer: late }), gone);

    const { id, request: used } = await world.start();
    await world.abandon(id);
    assert.deepEqual(await refused(world, 'ada', used), gone);
    assert.equal(world.calls('create'), 1);
  });

  it('may not be a ticket', async () => {
    const world = await open();
    const { body } = await world.start();
    const answer = await refused(world, 'ada', {
      courseId: 'spanish-101',
      confirmedAt: world.time,
      offer: body.leaveTicket,
    });
    assert.deepEqual(answer, [410, 'offer_expired']);
  });

  it('is used up even by a start that Tavus refused', async () => {
    const world = await open();
    world.fail({ call: 'create', fail: 'credits' });
    const { request } = await world.start();
    assert.deepEqual(await refused(world, 'ada', request), [410, 'offer_expired']);
  });

  it('survives a restart', async () => {
    const world = await open();
    const { offer } = await world.offer();
    world.restart();
    assert.equal((await world.start('ada', { offer })).status, 201);
  });

  it('can start one session only, even when two arrive at once', async () => {
    const world = await open();
    const { offer } = await world.offer();
    const answers = await Promise.all([world.start('ada', { offer }), world.start('ada', { offer })]);
    assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 410]);
    assert.equal(world.calls('create'), 1);
  });
});

describe('The checks before a start', () => {
  it('come in the agreed order', async () => {
    const world = await open({ PRACTICE_DAILY_LIMITS: 'free=1,premium=1' });
    const put = async (path: string, body: unknown, headers = {}) =>
      (await world.ask('ada', 'PUT', path, body, headers)).body.code;
    const known = await world.start();
    const fresh = () => `/sessions/${crypto.randomUUID()}`;
    const request = { courseId: 'spanish-101', offer: (await world.offer()).offer, confirmedAt: world.time };

    assert.equal(await put('/sessions/no-uuid', {}, { cookie: 'practice-demo=!!' }), 'unauthenticated');
    assert.equal(await put(`/sessions/${known.id}`, { courseId: 'unknown' }), 'invalid_request');
    assert.equal(await put('/sessions/no-uuid', request), 'invalid_request');
    assert.equal(await put(`/sessions/${known.id}`, { ...request, courseId: 'unknown' }), 'id_conflict');
    assert.equal(await put(fresh(), { ...request, courseId: 'unknown', offer: 'bad' }), 'not_found');
    assert.equal(await put(fresh(), { ...request, offer: 'bad' }), 'offer_expired');
    assert.equal(await put(fresh(), request), 'session_active', 'although the quota is used up as well');
    await world.abandon(known.id);
    assert.equal(await put(fresh(), request), 'quota_exceeded');
  });

  it('name the session that is in the way', async () => {
    const world = await open();
    const first = await world.start();
    const second = await world.start();
    assert.deepEqual([second.status, second.body.code, second.body.activeSessionId], [409, 'session_active', first.id]);
    assert.equal(world.calls('create'), 1);
    assert.equal((await world.offer()).availability.remaining, 2);
    assert.equal((await world.read(second.id)).status, 404);
  });

  it('let one of many simultaneous starts through', async () => {
    const world = await open();
    const starts = await Promise.all(Array.from({ length: 6 }, () => world.start()));
    assert.deepEqual(starts.map(({ status }) => status).sort(), [201, 409, 409, 409, 409, 409]);
    assert.equal(world.calls('create'), 1);
    assert.equal((await world.offer()).availability.remaining, 2);
  });

  it('let different learners start at the same time', async () => {
    const world = await open();
    const starts = await Promise.all([world.start('ada'), world.start('ben'), world.start('cem')]);
    assert.deepEqual(
      starts.map(({ status }) => status),
      [201, 201, 201],
    );
  });
});
