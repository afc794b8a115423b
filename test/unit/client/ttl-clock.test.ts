import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ServerClock } from '../../../src/client/server-clock.js';
import { TtlClock } from '../../../src/client/ttl-clock.js';
import { VirtualEnvironment } from '../../fakes/virtual-environment.js';

const DAY = 86_400_000;

function countdown() {
  const world = new VirtualEnvironment();
  const shown: number[] = [];
  const server = new ServerClock(world);
  const clock = new TtlClock(world, server, (seconds) => shown.push(seconds));
  const moment = (fromNow: number): string => new Date(world.trueTime + fromNow).toISOString();
  /** An answer written now, whose request took `out` ms to get there and `back` ms to return. */
  const sync = (out = 0, back = 0): void => {
    const now = world.monotonic();
    server.sync({ serverTime: moment(0), sentAt: now - out, receivedAt: now + back });
  };
  return { world, server, clock, shown, moment, sync };
}

describe('The TTL clock', () => {
  it('counts whole seconds down to zero, then rests', async () => {
    const { world, clock, shown, moment, sync } = countdown();
    sync();
    clock.watch(moment(3500));
    await world.advance(10_000);
    assert.deepEqual(shown, [4, 3, 2, 1, 0]);
    assert.equal(world.timers, 0);
  });

  it('has one timer at a time, and none when stopped', () => {
    const { world, clock, moment, sync } = countdown();
    sync();
    clock.watch(moment(3500));
    clock.watch(moment(9500));
    sync();
    assert.equal(world.timers, 1);
    clock.watch(null);
    assert.equal(world.timers, 0);
  });

  it('says zero at once when the moment has passed', () => {
    const { clock, shown, moment, sync } = countdown();
    sync();
    clock.watch(moment(-1));
    assert.deepEqual(shown, [0]);
  });

  it('does not care what the learner’s clock says', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: -DAY, max: DAY }), { maxLength: 5 }), async (jumps) => {
        const { world, clock, shown, moment, sync } = countdown();
        sync();
        clock.watch(moment(5000));
        for (const jump of jumps) {
          world.wallClockError = jump;
          await world.advance(700);
        }
        await world.advance(10_000);
        assert.deepEqual(shown, [5, 4, 3, 2, 1, 0]);
      }),
      { numRuns: 20 },
    );
  });

  it('is never further off than the latest round trip took', () => {
    const trip = fc.record({ out: fc.nat(20_000), back: fc.nat(20_000) });
    fc.assert(
      fc.property(fc.array(trip, { minLength: 1 }), (trips) => {
        const { world, server, sync } = countdown();
        for (const { out, back } of trips) {
          sync(out, back);
          assert.ok(Math.abs(server.now() - world.trueTime) <= out + back);
        }
      }),
    );
  });

  it('keeps a good reading when a slow answer comes', () => {
    const { world, server, sync } = countdown();
    sync(20, 20);
    sync(15_000, 0);
    assert.ok(Math.abs(server.now() - world.trueTime) <= 20);
  });

  it('moves the countdown when the machine has slept', async () => {
    const { world, server, clock, shown, moment } = countdown();
    const now = world.monotonic();
    server.sync({ serverTime: moment(0), sentAt: now, receivedAt: now });
    clock.watch(moment(60_000));
    // Half a minute passed for the server, none for the monotonic clock.
    server.sync({ serverTime: moment(30_000), sentAt: now, receivedAt: now });
    assert.deepEqual(shown, [60, 30]);
  });
});
