import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Backend } from '../../../src/client/backend.js';
import { BillingGate, type StartOutcome } from '../../../src/client/billing-gate.js';
import { ScriptedBackend } from '../../fakes/scripted-backend.js';
import { VirtualEnvironment } from '../../fakes/virtual-environment.js';

const click = (): Event => ({ isTrusted: true }) as Event;
const terms = (validFor = Infinity) => ({ validFor, mayWait: false, onStep: () => {} });
const BODY = { courseId: 'spanish-101', offer: 'signed', confirmedAt: '2026-11-22T09:00:00.000Z' };

function door() {
  const world = new VirtualEnvironment();
  const scripted = new ScriptedBackend(world);
  const config = {
    backend: 'https://lms.example/api/practice',
    courseId: 'spanish-101',
    credentials: 'same-origin',
  } as const;
  const backend = new Backend(
    world,
    () => ({ ...config, confirmation: true, timeLimit: true, offlineQueue: true }),
    () => {},
  );
  const gate = new BillingGate(world, backend);
  const outcomes: StartOutcome[] = [];
  const start = (validFor = Infinity): void => {
    const confirmation = gate.confirm(click());
    assert.ok(confirmation);
    void gate.start(confirmation, BODY, terms(validFor)).then((outcome) => outcomes.push(outcome));
  };
  return { world, scripted, gate, outcomes, start };
}

const lost = () => Promise.reject(new TypeError('Failed to fetch'));
const silence = () => new Promise<Response>(() => {});

describe('The billing gate', () => {
  it('opens for nobody but a person', () => {
    const { gate } = door();
    assert.equal(gate.confirm(new Event('click')), null);
  });

  it('takes each gesture and each confirmation once', async () => {
    const { gate, world } = door();
    const gesture = click();
    const confirmation = gate.confirm(gesture);
    assert.ok(confirmation);
    assert.equal(gate.confirm(gesture), null);
    void gate.start(confirmation, BODY, terms());
    await assert.rejects(gate.start(confirmation, BODY, terms()), TypeError);
    await world.settle();
    assert.equal(world.requests.length, 1);
  });

  it('does not honour a confirmation somebody else made up', async () => {
    await assert.rejects(door().gate.start({ id: 'forged' }, BODY, terms()), TypeError);
  });

  it('repeats the same request until the outcome is known, and never another', async () => {
    const { world, scripted, start, outcomes } = door();
    scripted.twist('start', lost);
    scripted.twist('start', () => new Response('Bad gateway', { status: 502 }));
    scripted.twist('start', () => new Response('<html>', { status: 200 }));
    scripted.twist('start', () => scripted.problem('rate_limited', { retryAfter: 2 }));
    start();
    await world.advance(40_000);
    assert.equal(outcomes[0]?.type, 'answered');
    const requests = scripted.requests('start');
    assert.equal(requests.length, 5);
    assert.equal(new Set(requests.map(({ url, body }) => url.href + body)).size, 1);
    assert.ok(requests[4]!.at - requests[3]!.at >= 2000, 'never before the backend asked to be asked');
    assert.equal(scripted.requests('end').length, 0);
  });

  it('takes a refusal as it is', async () => {
    for (const code of [
      'quota_exceeded',
      'offer_expired',
      'provider_busy',
      'unauthenticated',
      'id_conflict',
    ] as const) {
      const { world, scripted, start, outcomes } = door();
      scripted.twist('start', () => scripted.problem(code));
      start();
      await world.advance(60_000);
      assert.equal(outcomes[0]?.type === 'refused' && outcomes[0].problem.code, code);
      assert.equal(world.requests.length, 1);
    }
  });

  it('ends what an unheard request may have bought when a later one is refused', async () => {
    const { world, scripted, start, outcomes } = door();
    scripted.twist('start', lost);
    scripted.twist('start', () => scripted.problem('forbidden'));
    start();
    await world.advance(20_000);
    assert.equal(outcomes[0]?.type, 'refused');
    assert.equal(scripted.requests('end').length, 1);
  });

  it('gives up within 45 seconds and ends whatever was bought, late answers included', async () => {
    const { world, scripted, start, outcomes } = door();
    scripted.twist('start', silence, 2);
    let answer = (): void => {};
    scripted.twist('start', () => new Promise<void>((resolve) => (answer = resolve)).then(() => undefined as never));
    start();
    await world.advance(45_000);
    assert.equal(outcomes[0]?.type, 'gave-up');
    assert.equal(scripted.requests('end').length, 1);
    answer();
    await world.advance(1000);
    assert.equal([...scripted.sessions.values()][0]?.status, 'paused');
    await world.advance(600_000);
    assert.equal(scripted.requests('start').length, 3);
    assert.equal(world.timers, 0);
  });

  it('never asks beyond the end of the offer', async () => {
    const { world, scripted, start, outcomes } = door();
    scripted.twist('start', lost, 100);
    start(5000);
    await world.advance(60_000);
    assert.equal(outcomes[0]?.type, 'gave-up');
    assert.ok(scripted.requests('start').every(({ at }) => at <= 5000));
  });

  it('retries the end until somebody heard it', async () => {
    const { world, scripted, start, gate, outcomes } = door();
    scripted.twist('start', silence);
    scripted.twist('end', lost, 4);
    start();
    await world.settle();
    gate.callOff();
    await world.advance(15_000);
    assert.equal(scripted.requests('end').length, 5);
    assert.deepEqual(outcomes, [], 'the request is still under way');
    await world.advance(10_000);
    assert.deepEqual(outcomes, [{ type: 'called-off', session: null }]);
    assert.equal(scripted.requests('end').length, 6);
  });

  it('ends again when its end overtook the request, even if the answer to that is lost', async () => {
    const { world, scripted, start, gate, outcomes } = door();
    scripted.twist('start', async (request) => {
      await new Promise<void>((resolve) => world.setTimer(1000, resolve));
      scripted.reach(request);
      return lost();
    });
    start();
    await world.settle();
    gate.callOff();
    await world.advance(5000);
    assert.equal([...scripted.sessions.values()][0]?.status, 'paused');
    assert.equal(outcomes[0]?.type === 'called-off' && outcomes[0].session?.status, 'paused');
  });

  it('leaves at most one conversation and none running unheard, whatever the network does', async () => {
    const fault = fc.constantFrom('fine', 'lost', 'lost-after', 'garbled', '502', 'busy', 'silence', 'late');
    const plan = fc.record({ faults: fc.array(fault, { maxLength: 6 }), callOffAt: fc.option(fc.nat(50_000)) });
    await fc.assert(
      fc.asyncProperty(plan, async ({ faults, callOffAt }) => {
        const { world, scripted, start, gate, outcomes } = door();
        for (const kind of faults) {
          scripted.twist('start', (request) => {
            switch (kind) {
              case 'lost':
                return lost();
              case 'lost-after':
                scripted.reach(request);
                return lost();
              case 'garbled':
                return new Response('{', { status: 200 });
              case '502':
                return new Response('', { status: 502 });
              case 'busy':
                return scripted.problem('provider_busy');
              case 'silence':
                return silence();
              case 'late':
                return new Promise<void>((resolve) => world.setTimer(15_000, resolve)).then(() =>
                  scripted.reach(request),
                );
              default:
                return undefined;
            }
          });
        }
        start();
        if (callOffAt !== null) world.setTimer(callOffAt, () => gate.callOff());
        await world.advance(300_000);
        const sessions = [...scripted.sessions.values()];
        assert.ok(sessions.length <= 1);
        assert.equal(outcomes.length, 1);
        if (outcomes[0]?.type !== 'answered')
          assert.ok(sessions.every(({ status }) => status === 'paused' || status === 'expired'));
      }),
      { numRuns: 150 },
    );
  });
});
