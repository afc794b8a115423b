import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { openSqliteStore } from '../../src/server/index.js';
import { PROFILES } from './profiles.js';
import { scheduleOf } from './schedule.js';
import { World } from './world.js';

/** Schedules lived through with every run of the tests; `npm run simulate` looks at as many as you like. */
const SEEDS = 20_000;
const TIMEOUT = { timeout: 15 * 60_000 };

/** Seeds in which something was found, or would be found again, with the profile and what it taught. */
const KEPT: readonly [seed: number, profile: string, lesson: string][] = [
  [316, 'tavus-timeouts-off', 'a 200 with a body does not confirm an end'],
  [12, 'browser-end-off', 'a page’s lease begins when its ticket is made'],
  [35, 'everything', 'facts another tab has sent are not waited for'],
  [124, 'storage', 'an outbox does not wait for a storage that hangs'],
  [677, 'storage', 'after a log-out the next fact is sent again'],
  [7282, 'storage', 'who waits for an aborted transaction is told'],
];

const profileOf = (name: string) => {
  const profile = PROFILES.find((each) => each.name === name);
  assert.ok(profile, name);
  return profile;
};

test(`${SEEDS} worlds go wrong in every way, and every promise is kept`, TIMEOUT, () => {
  const args = ['--import', 'tsx', 'test/simulation/simulate.ts', `--seeds=${SEEDS}`];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 2 ** 28 });
  console.log(stdout.trimEnd().split('\n').at(-1));
  assert.equal(status, 0, stdout.slice(-4000) + stderr.slice(-2000));
});

for (const [seed, name, lesson] of KEPT) {
  test(`seed ${seed} of ${name} stays mended: ${lesson}`, async () => {
    const profile = profileOf(name);
    const { violation } = await World.live(seed, profile, scheduleOf(seed, profile));
    assert.equal(violation, null);
  });
}

test('the same seed lives through the same world again, to the letter', async () => {
  for (const profile of PROFILES) {
    const [one, other] = [
      await World.live(77, profile, scheduleOf(77, profile)),
      await World.live(77, profile, scheduleOf(77, profile)),
    ];
    assert.ok(one.trace.length > 10);
    assert.equal(one.hash, other.hash, profile.name);
  }
});

test('a world over SQLite is the same world as one over its twin in memory', async () => {
  for (const profile of PROFILES) {
    const schedule = scheduleOf(78, profile);
    const inMemory = await World.live(78, profile, schedule);
    const inSqlite = await World.live(78, profile, schedule, await openSqliteStore(':memory:'));
    assert.equal(inSqlite.hash, inMemory.hash, profile.name);
  }
});
