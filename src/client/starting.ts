import { PracticeError, type Offer } from '../protocol/index.js';
import type { Confirmation } from './billing-gate.js';
import {
  announce,
  enter,
  fail,
  record,
  step,
  type Effect,
  type Input,
  type MachineState,
  type Step,
} from './machine-state.js';
import { canResume, missingConsent } from './practice-state.js';

/**
 * How a conversation gets under way: every effect that can cost money comes from here, and each carries the
 * confirmation it is done under.
 */

/** The dialog is open, the offer is there, and nothing stands in the way of a start. */
const isAsking = (state: MachineState): state is MachineState & { offer: Offer } =>
  state.phase === 'confirming' &&
  !state.loading &&
  !state.session &&
  !state.page?.obstacle &&
  !!state.offer?.availability.canStart;

/** Where both sides switched the dialog off, the gesture that opened it was the confirmation. */
export function withWaitingConfirmation({ state, effects }: Step): Step {
  const { confirmation, offer, shownAt } = state;
  if (!confirmation || state.phase !== 'confirming') return { state, effects };
  const asked: MachineState = { ...state, confirmation: null };
  // What the learner has to agree to is asked for in the dialog.
  return !offer?.features.confirmation && isAsking(asked) && !missingConsent(asked)
    ? begin(asked, confirmation, shownAt)
    : step(asked, ...effects);
}

/** The learner has confirmed. */
export function begin(state: MachineState, confirmation: Confirmation, at: number): Step {
  if (!isAsking(state)) return step(state);
  const missing = missingConsent(state);
  if (missing) return step({ ...state, consentMissing: missing.id });
  const confirmationDelay = Math.max(0, Math.round(at - state.shownAt));
  return step(
    enter(state, 'starting', { starting: 'reserving', confirmation, openedHeld: false, consentMissing: null }),
    { type: 'remember', sessionId: confirmation.id },
    { type: 'start', confirmation, confirmationDelay },
    announce({ type: 'practice-confirmed', sessionId: confirmation.id, confirmationDelay }),
    ...heldOpened(state),
    record({ type: 'confirmed' }),
  );
}

/** The learner ticks or unticks. What travels with the start is what was agreed to in the wording on screen. */
export function agree(state: MachineState, { id, given, at }: Extract<Input, { type: 'consent' }>): Step {
  const asked = state.offer?.course.consent.find((each) => each.id === id);
  if (!asked || state.phase !== 'confirming') return step(state);
  const others = state.consent.filter((each) => each.id !== id);
  return step({ ...state, consent: given ? [...others, { id, version: asked.version, at }] : others });
}

/** Another conversation of a paused session, by a click of its own. */
export function resume(state: MachineState, confirmation: Confirmation, serverNow: number): Step {
  const { session } = state;
  if (!session || !state.open || !canResume(state)) return step(state);
  // What has lapsed meanwhile is not asked for any more.
  if (session.expiresAt !== undefined && Date.parse(session.expiresAt) <= serverNow) {
    return step(state, { type: 'read', sessionId: session.id, rejoin: false });
  }
  return step(
    enter(state, 'starting', { starting: 'reserving', confirmation, openedHeld: false }),
    { type: 'resume', confirmation, session },
    ...heldOpened(state),
  );
}

/** A start that waited goes on only under the eyes of the learner who confirmed it. */
export function networkReturned(state: MachineState, mayStart: boolean): Step {
  const { phase, confirmation, open } = state;
  if (phase !== 'queued' || !confirmation) return step(state);
  if (!mayStart || !open) return askAgain(state);
  return step(enter(state, 'starting', { starting: 'reserving', confirmation }), { type: 'start-again', confirmation });
}

/** The learner no longer wants the start that waited. */
export const cancel = (state: MachineState): Step =>
  step(
    { ...enter(state, 'idle'), open: false, reported: null },
    ...withdrawn(state.confirmation),
    announce({ type: 'practice-cancelled' }),
    record({ type: 'cancelled' }),
  );

/** The start that waited is over; starting takes another click on a fresh offer. */
export function askAgain(state: MachineState): Step {
  return fail(
    enter(state, 'confirming', { loading: true }),
    new PracticeError('offer_expired'),
    ...withdrawn(state.confirmation),
    { type: 'fetch-offer' },
  );
}

const withdrawn = (confirmation: Confirmation | null): Effect[] =>
  confirmation
    ? [
        { type: 'withdraw', confirmation },
        { type: 'forget', sessionId: confirmation.id },
      ]
    : [];

/** `opened` leaves memory only once the learner has decided. */
export const heldOpened = ({ openedHeld, shownAt }: MachineState): Effect[] =>
  openedHeld ? [record({ type: 'opened' }, shownAt)] : [];

/** The learner no longer wants what is under way. */
export const callOff = (state: MachineState): Step =>
  step(enter(state, 'ending', { ending: 'called-off', starting: state.starting }), { type: 'call-off' });
