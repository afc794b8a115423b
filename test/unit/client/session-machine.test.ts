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
import { missingConsent, type Phase } from '../../../src/client/practice-state.js';
import type { PageCheck } from '../../../src/client/page-check.js';
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
const PAGE: PageCheck = { obstacle: null, declined: false, keeps: true, address: '' };
const BLOCKED: PageCheck = { ...PAGE, obstacle: { kind: 'https', needs: '' } };

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
  course: { id: 'course', title: 'Course', tips: [], consent: [], recorded: false },
  availability: { canStart: true, remaining: 1, limit: 3 },
  policy: { ttl: 600, warnAt: [60, 20], canPause: true, resumeWithin: 0, onTimeLimit: 'expire', extension: null },
  features: { confirmation: true, timeLimit: true, offlineQueue: true },
  frameOrigins: ['https://*.daily.co'],
  completion: null,
  activeSession: null,
  ...change,
});

const RECORDING = { id: 'recording', version: '2', text: 'It may be recorded.', required: true };
const RESEARCH = { id: 'research', version: '1', text: 'It may be studied.', required: false };
const ASKING = offerOf({ course: { ...offerOf().course, consent: [RESEARCH, RECORDING], recorded: true } });
const EXTENSIBLE = offerOf({ policy: { ...offerOf().policy, extension: { seconds: 120, times: 2 } } });
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
  ...(['dismiss', 'retry', 'rejoin', 'frame-loaded', 'stay', 'leave', 'pause', 'extend'] as const).map((type) => ({
    type,
  })),
  { type: 'finish' },
  { type: 'finish', accuracyScore: 180 },
  { type: 'offer-arrived', offer: offerOf(), page: PAGE },
  { type: 'offer-arrived', offer: offerOf({ features: NO_DIALOG }), page: PAGE },
  { type: 'offer-arrived', offer: offerOf({ activeSession: sessionOf('paused') }), page: PAGE },
  { type: 'offer-arrived', offer: offerOf({ activeSession: sessionOf('started') }), page: PAGE },
  { type: 'offer-arrived', offer: offerOf({ availability: { canStart: false, remaining: 0, limit: 3 } }), page: PAGE },
  { type: 'offer-arrived', offer: ASKING, page: PAGE },
  { type: 'offer-arrived', offer: EXTENSIBLE, page: PAGE },
  { type: 'offer-arrived', offer: offerOf(), page: BLOCKED },
  { type: 'offer-arrived', offer: offerOf({ activeSession: sessionOf('paused') }), page: BLOCKED },
  { type: 'offer-failed', problem: NETWORK, page: PAGE },
  { type: 'consent', id: 'recording', given: true, at: EARLY },
  { type: 'consent', id: 'recording', given: false, at: EARLY },
  { type: 'extended', sessionId: 'mine', result: { answer: { protocol: 1, ...wordOf('in_progress') } } },
  { type: 'extended', sessionId: 'mine', result: { problem: NETWORK } },
  { type: 'extended', sessionId: 'mine', result: { problem: new PracticeError('session_ended') } },
  { type: 'feedback', rating: 4, comment: 'Good' },
  { type: 'synced', unsent: 'memory' },
  { type: 'synced', unsent: null },
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
  assert.ok(live || (!state.joined && !state.askingToLeave && state.warning === null && state.extending === null));
  assert.ok(live || phase === 'failed' || state.secondsLeft === null);
  assert.ok(state.elsewhere === null || (phase === 'confirming' && session !== null));
  if (['confirming', 'queued', 'starting', 'live'].includes(phase))
    assert.ok(state.open, 'never behind a closed dialog');
  if (phase === 'queued') assert.ok(state.confirmation && !session);
  if (phase === 'starting') assert.ok(state.confirmation && (!session || session.status === 'paused'));
  assert.equal(state.starting !== null, phase === 'starting' || ending === 'called-off');
  assert.ok(!state.loading || phase === 'confirming' || phase === 'paused');
  assert.ok(phase !== 'idle' || (!state.open && session === null));
  if (state.feedbackGiven) assert.ok(session && isSettled(session.status));
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
    offer: offer && [
      offer.features.confirmation,
      offer.availability.canStart,
      offer.course.consent.length,
      offer.policy.extension?.times,
    ],
    unsent: undefined,
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
      assert.equal(next.page?.obstacle ?? null, null);
      assert.equal(missingConsent(next), undefined);
      if (input.type !== 'confirm') assert.equal(next.offer.features.confirmation, false);
    }
  });

  it('resumes only a paused session that has not lapsed, by a confirmation of its own', () => {
    for (const { state, input, next, effects } of all) {
      if (!effects.some(({ type }) => type === 'resume')) continue;
      assert.equal(input.type, 'resume');
      assert.equal(state.phase, 'paused');
      assert.equal(next.phase, 'starting');
      assert.equal(state.page?.obstacle ?? null, null);
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

  it('asks for more time once at a time, and never for what is spent', () => {
    for (const { state, next, effects } of all) {
      if (!effects.some(({ type }) => type === 'extend')) continue;
      assert.equal(state.phase, 'live');
      assert.notEqual(state.extending, 'asked');
      assert.ok(state.offer?.policy.extension?.times);
      assert.equal(next.extending, 'asked');
    }
  });

  it('takes feedback once, and about settled sessions only', () => {
    for (const { state, effects } of all) {
      const isGiven = effects.some((effect) => effect.type === 'record' && effect.fact.type === 'feedback');
      if (isGiven) assert.ok(!state.feedbackGiven && state.session && isSettled(state.session.status));
    }
  });

  it('does not let a late answer undo a newer one', () => {
    const newer = { ...sessionOf('in_progress'), remaining: 100 };
    const inputs = [
      { type: 'open', at: 0, confirmation: null },
      { type: 'offer-arrived', offer: offerOf(), page: PAGE },
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
      { type: 'offer-arrived', offer: offerOf(), page: PAGE },
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

const lifeOf = (...inputs: Input[]): MachineState =>
  inputs.reduce((state: MachineState, input) => sessionMachine(state, input).state, INITIAL_MACHINE_STATE);

describe('Consent', () => {
  const asked = lifeOf(
    { type: 'open', at: 0, confirmation: null },
    { type: 'offer-arrived', offer: ASKING, page: PAGE },
  );
  const agree = (id: string, given = true): Input => ({ type: 'consent', id, given, at: EARLY });
  const press: Input = { type: 'confirm', at: 0, confirmation: CONFIRMATION };
  const from = (state: MachineState, ...inputs: Input[]) =>
    inputs.reduce((before, input) => sessionMachine(before, input).state, state);

  it('is never given in advance, and a start without a required one leads to it', () => {
    assert.deepEqual(asked.consent, []);
    const pressed = from(asked, agree('research'), press);
    assert.equal(pressed.phase, 'confirming');
    assert.equal(pressed.consentMissing, 'recording');
  });

  it('stays with what was asked for while the learner makes up for it, and then goes on', () => {
    const made = from(asked, press, agree('recording'));
    assert.equal(made.consentMissing, 'recording');
    assert.deepEqual(made.consent, [{ id: 'recording', version: '2', at: EARLY }]);
    assert.equal(from(made, press).phase, 'starting');
    assert.equal(from(made, agree('recording', false), press).phase, 'confirming');
  });

  it('given to another wording is none', () => {
    const newer = { ...ASKING, course: { ...ASKING.course, consent: [{ ...RECORDING, version: '3' }] } };
    const changed = from(asked, agree('recording'), { type: 'offer-arrived', offer: newer, page: PAGE });
    assert.equal(from(changed, press).phase, 'confirming');
  });

  it('outlives a refreshed offer, and a new dialog asks afresh', () => {
    const refreshed = from(asked, agree('recording'), { type: 'offer-arrived', offer: ASKING, page: PAGE });
    assert.equal(refreshed.consent.length, 1);
    assert.deepEqual(from(refreshed, { type: 'dismiss' }, { type: 'open', at: 9, confirmation: null }).consent, []);
  });

  it('is asked for in the dialog where a press would have confirmed', () => {
    const offer = { ...ASKING, features: NO_DIALOG };
    const opened = lifeOf(
      { type: 'open', at: 0, confirmation: CONFIRMATION },
      { type: 'offer-arrived', offer, page: PAGE },
    );
    assert.equal(opened.phase, 'confirming');
    assert.equal(opened.confirmation, null);
    assert.equal(opened.consentMissing, null);
  });
});

describe('More time', () => {
  const live = lifeOf(
    { type: 'open', at: 0, confirmation: null },
    { type: 'offer-arrived', offer: EXTENSIBLE, page: PAGE },
    { type: 'confirm', at: 0, confirmation: CONFIRMATION },
    answered('started', JOIN),
    { type: 'ticked', secondsLeft: 15, limited: true },
    { type: 'extend' },
  );
  const granted: Input = {
    type: 'extended',
    sessionId: 'mine',
    result: { answer: { protocol: 1, ...wordOf('in_progress') } },
  };
  const after = (...inputs: Input[]) => inputs.reduce((state, input) => sessionMachine(state, input).state, live);

  it('is there when the backend says so, and warnings start anew', () => {
    assert.equal(live.extending, 'asked');
    const longer = after(granted, { type: 'ticked', secondsLeft: 135, limited: true });
    assert.equal(longer.extending, 'granted');
    assert.equal(longer.warning, null);
    assert.equal(longer.offer?.policy.extension?.times, 1);
    const { state, effects } = sessionMachine(longer, { type: 'ticked', secondsLeft: 60, limited: true });
    assert.deepEqual(effects, [{ type: 'announce', announcement: { type: 'practice-warning', secondsLeft: 60 } }]);
    assert.equal(state.extending, null);
  });

  it('is not offered any more once the budget is used up', () => {
    const used = after(granted, { type: 'extend' }, granted);
    assert.equal(used.offer?.policy.extension?.times, 0);
    assert.deepEqual(sessionMachine(used, { type: 'extend' }).effects, []);
  });

  it('may be asked for again after a lost connection', () => {
    const failed = after({ type: 'extended', sessionId: 'mine', result: { problem: NETWORK } });
    assert.equal(failed.extending, 'failed');
    assert.deepEqual(sessionMachine(failed, { type: 'extend' }).effects, [{ type: 'extend', sessionId: 'mine' }]);
  });

  it('that is spent is said, and the session is looked at', () => {
    const refused: Input = {
      type: 'extended',
      sessionId: 'mine',
      result: { problem: new PracticeError('session_ended') },
    };
    const { state, effects } = sessionMachine(live, refused);
    assert.equal(state.extending, 'spent');
    assert.equal(state.offer?.policy.extension?.times, 0);
    assert.deepEqual(effects, [{ type: 'read', sessionId: 'mine', rejoin: false }]);
  });
});

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
