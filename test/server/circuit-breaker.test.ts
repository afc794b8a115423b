import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { createCircuitBreaker } from '../../src/server/circuit-breaker.js';

/** A breaker with a clock in seconds, and what it told about itself. */
function breaker(random = () => 0) {
  const clock = { seconds: 0 };
  const told: string[] = [];
  const tested = createCircuitBreaker({ now: () => clock.seconds * 1000, random }, (state) => told.push(state));
  const fail = (times: number) => {
    for (let i = 0; i < times; i++) tested.failed();
  };
  return { tested, clock, told, fail };
}

describe('A circuit breaker', () => {
  it('stays closed while failures are not five in a row', () => {
    const { tested, fail, told } = breaker();
    for (let i = 0; i < 10; i++) {
      fail(4);
      tested.succeeded();
    }
    assert.deepEqual([tested.state, tested.admit(), tested.retryAfter, told], ['closed', true, 0, []]);
  });

  it('opens at the fifth, for a second at least', () => {
    const { tested, fail, clock, told } = breaker();
    fail(5);
    assert.deepEqual([tested.state, tested.admit(), tested.retryAfter, told], ['open', false, 1, ['open']]);
    clock.seconds = 0.99;
    assert.equal(tested.state, 'open');
    clock.seconds = 1;
    assert.equal(tested.state, 'half-open');
  });

  it('lets one question through when half-open, and closes when it is answered', () => {
    const { tested, fail, clock, told } = breaker();
    fail(5);
    clock.seconds = 1;
    assert.deepEqual([tested.admit(), tested.admit(), tested.admit()], [true, false, false]);
    tested.succeeded();
    assert.deepEqual([tested.state, tested.admit(), told], ['closed', true, ['open', 'closed']]);
    fail(4);
    assert.equal(tested.state, 'closed', 'and starts counting anew');
  });

  it('opens for twice as long each time that question fails, up to fifteen seconds and as many by chance', () => {
    const { tested, fail, clock, told } = breaker();
    fail(5);
    const waits = Array.from({ length: 8 }, () => {
      const wait = tested.retryAfter;
      clock.seconds += wait;
      assert.ok(tested.admit());
      tested.failed();
      return wait;
    });
    assert.deepEqual(waits, [1, 2, 4, 8, 15, 15, 15, 15]);
    assert.deepEqual(told, ['open'], 'said once, not again and again');
  });

  it('closes at any answer, also to something that was asked all the same', () => {
    const { tested, fail } = breaker();
    fail(5);
    tested.succeeded();
    assert.equal(tested.state, 'closed');
  });

  it('is not kept open by what was asked before', () => {
    const { tested, fail, clock } = breaker();
    fail(50);
    clock.seconds = 1;
    assert.equal(tested.state, 'half-open');
  });

  it('grants the rest that is asked for at once, and more when more is asked for', () => {
    const { tested, clock } = breaker();
    tested.failed(20);
    assert.equal(tested.state, 'open');
    clock.seconds = 10;
    tested.failed(20);
    clock.seconds = 29.9;
    assert.equal(tested.state, 'open');
  });

  it('never lets anything through earlier than asked for', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 300 }), fc.double({ min: 0, max: 0.999, noNaN: true }), (asked, chance) => {
        const { tested, clock } = breaker(() => chance);
        tested.failed(asked);
        clock.seconds = asked - 0.001;
        assert.equal(tested.admit(), false);
        clock.seconds = asked + 2;
        assert.equal(tested.admit(), true);
      }),
    );
  });
});
