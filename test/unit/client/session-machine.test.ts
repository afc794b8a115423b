import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  INITIAL_MACHINE_STATE,
  type Effect,
  type Input,
  type MachineState,
} from '../../../src/client/machine-state.js';
import type { Confirmation } from '../../../src/client/billing-gate.js';
import type { Phase } from '../../../src/client/practice-state.js';
import { sessionMachine } from '../../../src/client/session-machine.js';
import {
  isSettled,
  PracticeError,
  STATUSES,
  type Offer,
  type SessionStatus,
  type TavusSession,
} from '../../../src/protocol/index.js';

const EARLY = '2026-11-22T09:00:00.000Z';
const LATE = '2026-11-22T09:05:00.000Z';
const JOIN = { url: 'https://tavus.daily.co/room', token: 'token' };
const FORBIDDEN_JOIN = { url: 'https://elsewhere.example/room' };
const CONFIRMATION = { id: 'mine' };
const RESUMPTION = { id: 'another' };
const NETWORK = new PracticeError('network');

const sessionOf = (status: SessionStatus, id = 'mine'): TavusSession => ({
  id,
  userId: 'ada',
  courseId: 'course',
  status,
  confirmedAt: EARLY,
  expiresAt: '2026-11-22T09:10:00.000Z',
  ttl: 600,
  remaining: 600,
  runs: 1,
  scorePending: false,
  late: [],
});

const offerOf = (change: Partial<Offer> = {}): Offer => ({
  protocol: 1,
  serverTime: EARLY,
  course: { id: 'course', title: 'Course', tips: [] },
  availability: { canStart: true, remaining: 1, limit: 3 },
  policy: { ttl: 600, warnAt: [60, 20], canPause: true, resumeWithin: 0, onTimeLimit: 'expire', extension: null },
  features: { confirmation: true, timeLimit: true, offlineQueue: true },
  frameOrigins: ['https://*.daily.co'],
  completion: null,
  activeSession: null,
  ...change,
});

const NO_DIALOG = { confirmation: false, timeLimit: true, offlineQueue: true };
const wordOf = (status: SessionStatus, serverTime = LATE, join?: typeof JOIN) => ({
  session: sessionOf(status),
  serverTime,
  ...(join ? { join } : {}),
});

const answered = (status: SessionStatus, join?: typeof JOIN | typeof FORBIDDEN_JOIN): Input => ({
  type: 'start-ended',
  outcome: {
    type: 'answered',
    answer: { protocol: 1, session: sessionOf(status), serverTime: EARLY, ...(join ? { join } : {}) },
  },
});

const PHASES: readonly Phase[] = [
  'idle',
  'confirming',
  'queued',
  'starting',
  'live',
  'paused',
  'ending',
  'completed',
  'abandoned',
  'expired',
  'failed',
];

/** One of everything that can happen, and the variants that matter. */
const INPUTS: readonly Input[] = [
  { type: 'open', at: 0, confirmation: null },
  { type: 'open', at: 0, confirmation: CONFIRMATION },
  { type: 'confirm', at: 1000, confirmation: CONFIRMATION },
  { type: 'resume', confirmation: RESUMPTION, serverNow: Date.parse(LATE) },
  { type: 'resume', confirmation: RESUMPTION, serverNow: Date.parse('2026-11-22T10:00:00.000Z') },
  ...(['dismiss', 'retry', 'rejoin', 'frame-loaded', 'stay', 'leave', 'pause'] as const).map((type) => ({ type })),
  { type: 'finish' },
  { type: 'finish', accuracyScore: 180 },
  { type: 'offer-arrived', offer: offerOf() },
  { type: 'offer-arrived', offer: offerOf({ features: NO_DIALOG }) },
  { type: 'offer-arrived', offer: offerOf({ activeSession: sessionOf('paused') }) },
  { type: 'offer-arrived', offer: offerOf({ activeSession: sessionOf('started') }) },
  { type: 'offer-arrived', offer: offerOf({ availability: { canStart: false, remaining: 0, limit: 3 } }) },
  { type: 'offer-failed', problem: NETWORK },
  { type: 'start-progressed', step: 'waking' },
  { type: 'start-progressed', step: 'slow' },
  answered('started', JOIN),
  answered('started', FORBIDDEN_JOIN),
  answered('started'),
  answered('paused'),
  answered('failed'),
  { type: 'start-ended', outcome: { type: 'refused', problem: new PracticeError('offer_expired') } },
  { type: 'start-ended', outcome: { type: 'refused', problem: new PracticeError('out_of_credits') } },
  { type: 'start-ended', outcome: { type: 'refused', problem: new PracticeError('session_active') } },
  { type: 'start-ended', outcome: { type: 'gave-up', problem: NETWORK } },
  { type: 'start-ended', outcome: { type: 'offline' } },
  { type: 'start-ended', outcome: { type: 'called-off', session: null } },
  { type: 'start-ended', outcome: { type: 'called-off', session: sessionOf('paused') } },
  { type: 'start-ended', outcome: { type: 'called-off', session: sessionOf('started') } },
  { type: 'network-returned', mayStart: true },
  { type: 'network-returned', mayStart: false },
  ...STATUSES.map((status): Input => ({ type: 'came-back', answer: wordOf(status), offer: offerOf() })),
  { type: 'came-back', answer: wordOf('in_progress', LATE, JOIN), offer: offerOf() },
  { type: 'found-elsewhere', sessionId: 'mine', title: 'Another page' },
  { type: 'taken-over', sessionId: 'mine', title: 'Another page' },
  { type: 'taken-over', sessionId: 'other', title: 'Another page' },
  ...STATUSES.map((status): Input => ({ type: 'session-read', answer: wordOf(status), rejoin: false })),
  { type: 'session-read', answer: wordOf('in_progress', EARLY), rejoin: false },
  { type: 'session-read', answer: wordOf('in_progress', LATE, JOIN), rejoin: false },
  { type: 'session-read', answer: wordOf('in_progress', LATE, JOIN), rejoin: true },
  { type: 'session-read', answer: wordOf('in_progress'), rejoin: true },
  { type: 'session-read', answer: { session: sessionOf('completed', 'other'), serverTime: LATE }, rejoin: false },
  { type: 'read-failed', problem: NETWORK, rejoin: false, failures: 1 },
  { type: 'read-failed', problem: NETWORK, rejoin: true, failures: 2 },
  { type: 'read-failed', problem: new PracticeError('not_found'), rejoin: false, failures: 1 },
  {
    type: 'fact-rejected',
    fact: { type: 'completed', at: EARLY, courseId: 'course', sessionId: 'mine' },
    code: 'not_found',
  },
  { type: 'ticked', secondsLeft: 600, limited: true },
  { type: 'ticked', secondsLeft: 15, limited: true },
  { type: 'ticked', secondsLeft: 15, limited: false },
  { type: 'ticked', secondsLeft: 0, limited: true },
  { type: 'connection-changed', online: false },
  { type: 'page-returned' },
  { type: 'page-left' },
  { type: 'page-restored' },
];

function assertLegal(state: MachineState): void {
  const { phase, session, ending } = state;
  const live = phase === 'live';
  assert.equal(state.join !== null, live, 'the frame is there exactly while live');
  assert.equal(ending !== null, phase === 'ending', 'ending says why, and nothing else does');
  assert.ok(live || (!state.joined && !state.askingToLeave && state.secondsLeft === null && state.warning === null));
  assert.ok(state.elsewhere === null || (phase === 'confirming' && session !== null));
  if (['confirming', 'queued', 'starting', 'live'].includes(phase))
    assert.ok(state.open, 'never behind a closed dialog');
  if (phase === 'queued') assert.ok(state.confirmation && !session);
  if (phase === 'starting') assert.ok(state.confirmation && (!session || session.status === 'paused'));
  assert.equal(state.starting !== null, phase === 'starting' || ending === 'called-off');
  assert.ok(!state.loading || phase === 'confirming' || phase === 'paused');
  assert.ok(phase !== 'idle' || (!state.open && session === null));
  if (live) assert.ok(session && (session.status === 'started' || session.status === 'in_progress'));
  if (phase === 'ending') assert.ok(session || ending === 'called-off');
  if (phase === 'paused' || phase === 'completed' || phase === 'abandoned' || phase === 'expired') {
    assert.equal(session?.status, phase, 'the page claims only what the server said');
  }
}

interface Transition {
  state: MachineState;
  input: Input;
  next: MachineState;
  effects: readonly Effect[];
}

/** What decides how a state goes on; the rest is only shown. */
const essenceOf = ({ offer, session, trouble, joinedRun, asOf, ...state }: MachineState): string =>
  JSON.stringify({
    ...state,
    offline: undefined,
    reported: undefined,
    secondsLeft: state.secondsLeft !== null,
    offer: offer && [offer.features.confirmation, offer.availability.canStart],
    session: session?.status,
    trouble: trouble?.code,
    joinedRun: joinedRun !== '',
    asOf: asOf > 0,
  });

/** Every input in every state that can be reached. */
function* transitions(): Generator<Transition> {
  const known = new Set([essenceOf(INITIAL_MACHINE_STATE)]);
  const waiting = [INITIAL_MACHINE_STATE];
  for (let state = waiting.pop(); state; state = waiting.pop()) {
    for (const input of INPUTS) {
      const { state: next, effects } = sessionMachine(state, input);
      yield { state, input, next, effects };
      const essence = essenceOf(next);
      if (known.has(essence)) continue;
      known.add(essence);
      waiting.push(next);
    }
  }
}

describe('The session machine', () => {
  const all = [...transitions()];

  it('takes every event in every reachable state, and never reaches an illegal one', () => {
    for (const { state, input, next } of all) {
      try {
        assertLegal(next);
      } catch (error) {
        throw new Error(`${JSON.stringify(state)} + ${JSON.stringify(input)}`, { cause: error });
      }
    }
    const reached = [...new Set(all.map(({ state }) => state.phase))].sort();
    assert.deepEqual(reached, [...PHASES].sort());
  });

  it('starts only from an open question, by a confirmation, with an offer that allows it', () => {
    for (const { state, input, next, effects } of all) {
      if (!effects.some(({ type }) => type === 'start')) continue;
      assert.equal(state.phase, 'confirming');
      assert.equal(next.phase, 'starting');
      assert.ok(input.type === 'confirm' || (input.type === 'offer-arrived' && state.confirmation !== null));
      assert.ok(next.offer?.availability.canStart);
      assert.equal(next.session, null);
      if (input.type !== 'confirm') assert.equal(next.offer.features.confirmation, false);
    }
  });

  it('resumes only a paused session that has not lapsed, by a confirmation of its own', () => {
    for (const { state, input, next, effects } of all) {
      if (!effects.some(({ type }) => type === 'resume')) continue;
      assert.equal(input.type, 'resume');
      assert.equal(state.phase, 'paused');
      assert.equal(next.phase, 'starting');
      assert.equal(next.confirmation, RESUMPTION);
      assert.ok(input.type === 'resume' && input.serverNow < Date.parse(state.session?.expiresAt ?? ''));
    }
  });

  it('starts again only what waits, under its own confirmation, and withdraws whatever stops waiting', () => {
    for (const { state, input, next, effects } of all) {
      for (const effect of effects) {
        if (effect.type !== 'start-again' && effect.type !== 'withdraw') continue;
        assert.equal(state.phase, 'queued');
        assert.equal(effect.confirmation, state.confirmation);
      }
      if (state.phase !== 'queued' || next.phase === 'queued') continue;
      const goesOn = effects.some(({ type }) => type === 'start-again' || type === 'withdraw');
      assert.ok(goesOn, JSON.stringify(input));
    }
  });

  it('is asked again where the learner could not see a start that waited', () => {
    for (const { state, input, next } of all) {
      if (state.phase !== 'queued' || input.type !== 'network-returned' || input.mayStart) continue;
      assert.equal(next.phase, 'confirming');
      assert.equal(next.trouble?.code, 'offer_expired');
    }
  });

  it('never lets a conversation go without ending it or hearing that it ended', () => {
    for (const { state, input, next, effects } of all) {
      if (state.phase !== 'live' || next.phase === 'live') continue;
      const isTold = ['session-read', 'ticked', 'taken-over'].includes(input.type);
      assert.ok(isTold || effects.some(({ type }) => type === 'end'), JSON.stringify(input));
    }
  });

  it('leaves a settled session only when the learner opens the dialog again', () => {
    for (const { state, input, next } of all) {
      if (!state.session || !isSettled(state.session.status) || state.phase === 'failed') continue;
      if (next.phase !== state.phase) assert.equal(input.type, 'open');
      assert.equal(next.phase === state.phase ? next.session : state.session, state.session);
    }
  });

  it('never shows a finished practice as paused on its way', () => {
    for (const { state, input, next } of all) {
      if (state.ending !== 'finished' || input.type !== 'session-read') continue;
      assert.notEqual(next.phase, 'paused');
    }
  });

  it('shows an outcome that came behind a closed dialog before it asks anything', () => {
    for (const { state, input, next, effects } of all) {
      if (!state.unseen || !state.session || !isSettled(state.session.status) || input.type !== 'open') continue;
      assert.equal(next.phase, state.phase);
      assert.ok(next.open && !next.unseen);
      assert.ok(effects.every(({ type }) => type === 'announce'));
    }
  });

  it('remembers what it is in, and forgets what has settled', () => {
    for (const { state, next, effects } of all) {
      const types = effects.map(({ type }) => type);
      if (types.includes('start') || (next.phase === 'live' && state.phase !== 'live')) {
        assert.ok(types.includes('remember'));
      }
      if (next.phase !== state.phase && next.session && isSettled(next.session.status)) {
        assert.ok(types.includes('forget'));
      }
    }
  });

  it('says nothing twice', () => {
    for (const { effects } of all) {
      const told = effects.flatMap((effect) => (effect.type === 'announce' ? [effect.announcement.type] : []));
      assert.equal(new Set(told).size, told.length);
    }
  });

  it('does not let a late answer undo a newer one', () => {
    const newer = { ...sessionOf('in_progress'), remaining: 100 };
    const inputs = [
      { type: 'open', at: 0, confirmation: null },
      { type: 'offer-arrived', offer: offerOf() },
      { type: 'confirm', at: 0, confirmation: CONFIRMATION },
      answered('started', JOIN),
      { type: 'session-read', answer: { session: newer, serverTime: LATE }, rejoin: false },
      { type: 'session-read', answer: wordOf('paused', EARLY), rejoin: false },
    ] satisfies Input[];
    const last = inputs.reduce(
      (state: MachineState, input) => sessionMachine(state, input).state,
      INITIAL_MACHINE_STATE,
    );
    assert.equal(last.phase, 'live');
    assert.equal(last.session, newer);
  });

  it('goes back to a conversation whose time turned out not to be over', () => {
    const live = [
      { type: 'open', at: 0, confirmation: null },
      { type: 'offer-arrived', offer: offerOf() },
      { type: 'confirm', at: 0, confirmation: CONFIRMATION },
      answered('started', JOIN),
      { type: 'ticked', secondsLeft: 0, limited: true },
      { type: 'session-read', answer: wordOf('in_progress', LATE, JOIN), rejoin: false },
    ] satisfies Input[];
    const last = live.reduce((state: MachineState, input) => sessionMachine(state, input).state, INITIAL_MACHINE_STATE);
    assert.equal(last.phase, 'live');
  });
});

/** Keeps the books the gate and the server keep: which confirmations are used, and what a session may become. */
interface Books {
  used: Set<Confirmation>;
  waiting: Confirmation | null;
  clicks: number;
}

class Happening implements fc.Command<Books, { state: MachineState }> {
  readonly #input: Input;

  constructor(input: Input) {
    this.#input = input;
  }

  check(): boolean {
    return true;
  }

  run(books: Books, real: { state: MachineState }): void {
    const input = clicked(this.#input, books);
    const before = real.state;
    const { state, effects } = sessionMachine(before, input);
    real.state = state;
    assertLegal(state);
    for (const effect of effects) {
      if (effect.type === 'start' || effect.type === 'resume') {
        assert.ok(!books.used.has(effect.confirmation), 'a confirmation is used once');
        books.used.add(effect.confirmation);
      } else if (effect.type === 'start-again' || effect.type === 'withdraw') {
        assert.equal(effect.confirmation, books.waiting, 'only what waits starts again, or is withdrawn');
      }
    }
    if (before.phase !== 'queued' && state.phase === 'queued') books.waiting = state.confirmation;
    if (before.phase === 'queued' && state.phase !== 'queued') books.waiting = null;
    if (isShownAsSettled(before)) {
      assert.ok(state.session === before.session || input.type === 'open', 'what has settled does not change');
    }
  }

  toString(): string {
    return JSON.stringify(this.#input);
  }
}

const isShownAsSettled = ({ phase, session }: MachineState): boolean =>
  session !== null && isSettled(session.status) && phase === session.status && phase !== 'failed';

/** Every click makes a confirmation of its own. */
function clicked(input: Input, books: Books): Input {
  const isClick = (input.type === 'open' && input.confirmation) || input.type === 'confirm' || input.type === 'resume';
  return isClick ? { ...input, confirmation: { id: `click ${++books.clicks}` } } : input;
}

describe('The session machine, over long random lives', () => {
  it('keeps every promise', () => {
    const happening = fc.constantFrom(...INPUTS).map((input) => new Happening(input));
    // What leads somewhere comes more often than chance would have it.
    const likely = INPUTS.filter(
      (input) =>
        (input.type === 'offer-arrived' && input.offer.availability.canStart && !input.offer.activeSession) ||
        ['open', 'confirm', 'resume', 'network-returned'].includes(input.type) ||
        (input.type === 'start-ended' && ['answered', 'offline'].includes(input.outcome.type)),
    );
    const leading = fc.constantFrom(...likely).map((input) => new Happening(input));
    const lives = fc.commands([happening, leading], { maxCommands: 200, size: 'max' });
    fc.assert(
      fc.property(lives, (commands) => {
        const setup = () => ({
          model: { used: new Set<Confirmation>(), waiting: null, clicks: 0 },
          real: { state: INITIAL_MACHINE_STATE },
        });
        fc.modelRun(setup, commands);
      }),
      { numRuns: 1000 },
    );
  });
});
