import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { PROBLEM_DOCUMENTS, PracticeError, isProblemCode } from '../../src/protocol/index.js';
import type { Fault } from '../../src/simulator/faults.js';
import { PracticeWorld } from '../fakes/practice-world.js';

describe('What Tavus refuses', () => {
  const refusals: [kind: string, fault: Omit<Fault, 'call'>, code: string, advice: RegExp][] = [
    ['a wrong key', { fail: 'unauthorized' }, 'provider_misconfigured', /TAVUS_API_KEY/],
    ['an unknown persona', { fail: 'status', status: 404 }, 'provider_misconfigured', /PRACTICE_COURSES/],
    ['an account without credits', { fail: 'credits' }, 'out_of_credits', /credits/],
    ['one conversation too many', { fail: 'concurrency' }, 'provider_busy', /concurrency/],
    ['one request too many', { fail: 'rate_limited' }, 'provider_busy', /rate limit/],
  ];
  for (const [kind, fault, code, advice] of refusals)
    it(`for ${kind} tells the operator in one line what to do`, async () => {
      const world = await PracticeWorld.open();
      world.fail({ call: 'create', ...fault });
      const { id, body } = await world.start();
      assert.equal(body.code, code);
      const told = world.logged.filter(({ event }) => event === 'create');
      assert.equal(told.length, 1);
      assert.deepEqual([told[0]!['session'], told[0]!['code'], told[0]!['page']], [id, code, `docs/errors/${code}.md`]);
      assert.match(String(told[0]!['advice']), advice);
      assert.match(await readFile(String(told[0]!['page']), 'utf8'), new RegExp(`^# \`${code}\``));
    });

  it('is told to the learner as worth another try only where it is', async () => {
    const retryable = ['provider_busy', 'provider_unavailable', 'out_of_credits', 'provider_misconfigured'].map(
      (code) => isProblemCode(code) && new PracticeError(code).retryable,
    );
    assert.deepEqual(retryable, [true, true, false, false]);
  });

  it('because the room may not be framed names the setting', async () => {
    const world = await PracticeWorld.open({ PRACTICE_FRAME_ORIGINS: 'https://rooms.example' });
    assert.equal((await world.start()).body.code, 'provider_unavailable');
    assert.match(JSON.stringify(world.logged), /PRACTICE_FRAME_ORIGINS/);
  });
});

describe('Every code', () => {
  it('has a page of its own, and no page is left over', async () => {
    const pages = (await readdir('docs/errors')).sort();
    assert.deepEqual(
      pages,
      Object.keys(PROBLEM_DOCUMENTS)
        .map((code) => `${code}.md`)
        .sort(),
    );
  });

  for (const [code, { status }] of Object.entries(PROBLEM_DOCUMENTS))
    it(`is explained for who meets it: ${code}`, async () => {
      const page = await readFile(`docs/errors/${code}.md`, 'utf8');
      assert.deepEqual(page.match(/^#+ .*$/gm), [
        `# \`${code}\``,
        '## What it means',
        '## Why it happens',
        '## What the host does',
        '## What the learner sees',
      ]);
      assert.match(page, status === 0 ? /^client only/m : new RegExp(`^${status}, `, 'm'));
      assert.ok(page.split('\n').length < 40, 'short');
    });
});
