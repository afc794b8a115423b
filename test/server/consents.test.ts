import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PracticeWorld, type StartWish } from '../fakes/practice-world.js';

const COURSES = JSON.stringify([
  {
    id: 'spanish-101',
    title: 'Spanish',
    palId: 'p',
    consent: [
      { id: 'recording', version: '2', text: 'This is recorded.', required: true },
      { id: 'age', version: '1', text: 'I am over 16.', required: true },
      { id: 'research', version: '1', text: 'Researchers may see it.' },
    ],
  },
  { id: 'open', title: 'Nothing is asked for', palId: 'p' },
]);
const open = () => PracticeWorld.open({ PRACTICE_COURSES: COURSES });

const at = '2026-11-22T09:59:00.000Z';
const [recording, age, research] = [
  { id: 'recording', version: '2', at },
  { id: 'age', version: '1', at },
  { id: 'research', version: '1', at },
];

describe('A start of a course that requires consents', () => {
  const refused: [name: string, wish: StartWish, detail: RegExp][] = [
    ['none', {}, /recording \(version 2\), age \(version 1\)/],
    ['an empty list', { consent: [] }, /recording \(version 2\), age \(version 1\)/],
    ['only one of two', { consent: [recording] }, /requires age \(version 1\)$/],
    ['only the optional one', { consent: [research] }, /recording.*age/],
  ];
  for (const [name, wish, detail] of refused)
    it(`is refused with ${name} given, and costs nothing`, async () => {
      const world = await open();
      const { offer } = await world.offer();
      const { id, status, body } = await world.start('ada', { offer, ...wish });
      assert.deepEqual([status, body.code], [400, 'invalid_request']);
      assert.match(String((body as { detail?: string }).detail), detail);
      assert.equal((await world.read(id)).status, 404);
      assert.equal(world.calls('create'), 0);
      assert.equal((await world.offer()).availability.remaining, 3);
      const again = await world.start('ada', { id, offer, consent: [recording, age] });
      assert.equal(again.status, 201, 'neither the offer nor the id was used up');
    });

  it('asks again for what was agreed to in the words of before', async () => {
    const world = await open();
    const consent = [{ ...recording, version: '1' }, age];
    const { status, body } = await world.start('ada', { consent });
    assert.deepEqual([status, body.code], [410, 'offer_expired']);
    assert.equal(world.calls('create'), 0);
  });

  it('keeps what was given in the record, optional ones too', async () => {
    const world = await open();
    const { id, body } = await world.start('ada', { consent: [research, age, recording] });
    assert.deepEqual(body.session.consent, [recording, age, research]);
    assert.deepEqual((await world.read(id)).body.session.consent, [recording, age, research]);
  });

  it('keeps nothing the course does not ask for, and nothing twice', async () => {
    const world = await open();
    const twice = { ...age, at: '2026-11-22T09:59:59.000Z' };
    const outdated = { ...research, version: '0' };
    const consent = [recording, age, twice, outdated, { id: 'newsletter', version: '1', at }];
    assert.deepEqual((await world.start('ada', { consent })).body.session.consent, [recording, age]);
  });

  it('is checked after the offer and before what is in the way', async () => {
    const world = await open();
    await world.start('ada', { consent: [recording, age] });
    assert.equal((await world.start('ada', { offer: 'bad' })).body.code, 'offer_expired');
    assert.equal((await world.start()).body.code, 'invalid_request');
    assert.equal((await world.start('ada', { consent: [recording, age] })).body.code, 'session_active');
  });

  it('is repeated by its id alone', async () => {
    const world = await open();
    const start = await world.start('ada', { consent: [recording, age] });
    const { consent: _, ...without } = start.request;
    const again = await world.ask('ada', 'PUT', `/sessions/${start.id}`, without);
    assert.deepEqual([again.status, again.body.session.consent], [200, [recording, age]]);
  });
});

describe('A start of a course that asks for no consent', () => {
  it('keeps what the page asked for by itself', async () => {
    const world = await open();
    const { body } = await world.start('ada', { courseId: 'open', consent: [research] });
    assert.deepEqual(body.session.consent, [research]);
    assert.equal((await world.start('ben', { courseId: 'open' })).body.session.consent, undefined);
  });
});
