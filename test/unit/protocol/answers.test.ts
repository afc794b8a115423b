import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { eventsAnswerShape, offerShape, problemShape, sessionAnswerShape } from '../../../src/protocol/index.js';

const common = { protocol: 1, serverTime: '2026-11-22T09:00:00.000Z' };

/** The least a core backend sends. */
const offer = {
  ...common,
  course: { id: 'c', title: 'Spanish' },
  availability: { canStart: true, remaining: 1, limit: 3 },
  policy: { ttl: 600 },
  frameOrigins: ['https://*.daily.co'],
};
const session = { id: 's', userId: 'ada', courseId: 'c', status: 'paused', confirmedAt: common.serverTime, ttl: 600 };

describe('An answer', () => {
  it('may leave out the abilities a backend does not have', () => {
    const { policy, features, course, completion, activeSession, learner } = offerShape(offer);
    assert.deepEqual(policy, {
      ttl: 600,
      warnAt: [60, 20],
      canPause: false,
      resumeWithin: 0,
      onTimeLimit: 'expire',
      extension: null,
    });
    assert.deepEqual(features, { confirmation: true, timeLimit: true, offlineQueue: true });
    assert.deepEqual(course.tips, []);
    assert.deepEqual([completion, activeSession, learner], [null, null, undefined]);
    const read = sessionAnswerShape({ ...common, session });
    assert.deepEqual(read.session, { ...session, remaining: 0, runs: 1, scorePending: false, late: [] });
    assert.deepEqual(eventsAnswerShape({ ...common, ack: 3 }), { ...common, ack: 3, rejected: [], sessions: [] });
  });

  it('may say more than this version knows', () => {
    const read = sessionAnswerShape({ ...common, session: { ...session, mood: 'good' }, more: [1] });
    assert.ok(!('more' in read) && !('mood' in read.session));
  });

  it('keeps what a fact that came late was about', () => {
    const late = [{ n: 4, type: 'completed', at: 'then', data: { accuracyScore: 80 } }];
    assert.deepEqual(sessionAnswerShape({ ...common, session: { ...session, late } }).session.late, late);
  });

  const moments = ['2026-11-22T09:00:00Z', '2026-11-22T09:00:00.123456Z', '2026-11-22T10:00:00+01:00'];
  for (const serverTime of moments)
    it(`may tell the time as ${serverTime}`, () => {
      assert.equal(eventsAnswerShape({ protocol: 1, serverTime, ack: 0 }).serverTime, serverTime);
    });

  const broken: [string, () => unknown][] = [
    ['another version', () => offerShape({ ...offer, protocol: 2 })],
    ['no time', () => eventsAnswerShape({ protocol: 1, ack: 0 })],
    ['a time without zone', () => eventsAnswerShape({ ...common, serverTime: '2026-11-22T09:00:00', ack: 0 })],
    ['a time that never was', () => eventsAnswerShape({ ...common, serverTime: '2026-11-99T09:00:00Z', ack: 0 })],
    ['a status of its own', () => sessionAnswerShape({ ...common, session: { ...session, status: 'lost' } })],
    ['no session', () => sessionAnswerShape(common)],
    ['null where a record belongs', () => sessionAnswerShape({ ...common, session: null })],
    ['an empty list of origins', () => offerShape({ ...offer, frameOrigins: [] })],
    ['an object for a list', () => offerShape({ ...offer, frameOrigins: { 0: 'https://x' } })],
    ['no time at all to practise', () => offerShape({ ...offer, policy: { ttl: 0 } })],
    ['a number as text', () => eventsAnswerShape({ ...common, ack: '3' })],
    ['more than all percent', () => sessionAnswerShape({ ...common, session: { ...session, accuracyScore: 101 } })],
    ['a page of HTML', () => problemShape('<html>')],
    ['nothing', () => problemShape(undefined)],
  ];
  for (const [what, read] of broken)
    it(`with ${what} is not the protocol`, () => {
      assert.throws(read, TypeError);
    });
});
