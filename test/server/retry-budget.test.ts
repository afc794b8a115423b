import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { createRetryBudget } from '../../src/server/retry-budget.js';

describe('A retry budget', () => {
  it('has ten retries to begin with, and no more', () => {
    const budget = createRetryBudget();
    const granted = Array.from({ length: 20 }, () => budget.withdraw()).filter(Boolean);
    assert.equal(granted.length, 10);
  });

  it('grows by one retry for five calls, to no more than ten', () => {
    const budget = createRetryBudget();
    while (budget.withdraw());
    for (let i = 0; i < 5; i++) budget.deposit();
    assert.deepEqual([budget.withdraw(), budget.withdraw()], [true, false]);
    for (let i = 0; i < 10_000; i++) budget.deposit();
    assert.equal(Array.from({ length: 20 }, () => budget.withdraw()).filter(Boolean).length, 10);
  });

  it('never grants more than ten and a fifth of the calls, whatever the order', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 500 }), (steps) => {
        const budget = createRetryBudget();
        let [calls, retries] = [0, 0];
        for (const isCall of steps) {
          if (isCall) budget.deposit();
          calls += isCall ? 1 : 0;
          if (!isCall && budget.withdraw()) retries++;
          assert.ok(retries <= 10 + calls / 5 + 1e-9);
        }
      }),
    );
  });
});
