import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { PROFILES } from './profiles.js';
import { scheduleOf } from './schedule.js';
import { World } from './world.js';

/** Schedules lived through with every run of the tests; `npm run simulate` looks at as many as you like. */
const SEEDS = 1000;

/** Every seed that ever failed, with the profile it failed in and what it taught. */
const KEPT: readonly [seed: number, profile: string, lesson: string][] = [
  [316, 'tavus-timeouts-off', 'a 200 with a body does not confirm an end'],
  [12, 'browser-end-off', 'a page’s lease begins when its ticket is made'],
  [35, 'everything', 'facts another tab has sent are not waited for'],
];

test(`${SEEDS} worlds go wrong in every way, and every promise is kept`, () => {
  const args = ['--import', 'tsx', 'test/simulation/simulate.ts', `--seeds=${SEEDS}`];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 2 ** 28 });
  console.log(stdout.trimEnd().split('\n').at(-1));
  assert.equal(status, 0, stdout.slice(-4000) + stderr.slice(-2000));
});

for (const [seed, name, lesson] of KEPT) {
  test(`seed ${seed} of ${name} stays mended: ${lesson}`, async () => {
    const profile = PROFILES.find((each) => each.name === name);
    assert.ok(profile);
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
