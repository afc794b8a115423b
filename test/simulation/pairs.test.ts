import assert from 'node:assert/strict';
import { test } from 'node:test';
import { comparable, withAndWithoutCallbacks, withRightAndWrongClocks, type Pair } from './pairs.js';

const PAIRS = 40;
/** Seconds a conversation may be paid for longer in one world than in the other: one look, one sweep. */
const LOOK = 12;

async function compare(make: (seed: number) => Promise<Pair>, pairs: number): Promise<void> {
  let conversations = 0;
  for (let seed = 1; seed <= pairs; seed++) {
    const { one, other } = await make(seed);
    assert.equal(one.violation, null, `seed ${seed}`);
    assert.equal(other.violation, null, `seed ${seed}`);
    assert.deepEqual(comparable(other), comparable(one), `seed ${seed}`);
    assert.equal(other.conversations, one.conversations, `seed ${seed}`);
    // Knowing sooner may only make it cheaper.
    assert.ok(other.paidSeconds <= one.paidSeconds + LOOK * one.conversations, `seed ${seed}`);
    conversations += one.conversations;
  }
  assert.ok(conversations > pairs, 'these worlds are about something');
}

test('callbacks in any number and order, forged ones included, change nothing but when something is noticed', () =>
  compare(withAndWithoutCallbacks, PAIRS));

test('clocks that are a day off, and jump, change nothing', () => compare(withRightAndWrongClocks, PAIRS));
