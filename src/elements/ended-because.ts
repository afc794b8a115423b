import type { Messages } from './locales/messages.js';
import type { Wording } from './wording.js';

const BECAUSE: Readonly<Record<string, keyof Messages>> = {
  paused: 'pausedNext',
  left: 'endedLeft',
  lease: 'endedLease',
  provider: 'endedProvider',
  finished: 'endedFinished',
  staff: 'endedStaff',
};

const GIVEN_UP: Readonly<Record<string, keyof Messages>> = {
  paused: 'notResumed',
  lease: 'notResumed',
  provider: 'notResumed',
  superseded: 'superseded',
  too_short: 'tooShort',
  staff: 'stoppedByTeam',
};

/** Why a conversation stopped before the learner finished. */
export const endedBecause = (words: Wording, reason = ''): string =>
  `${words.say(BECAUSE[kindOf(reason)] ?? 'endedOther')} ${whatStaffWrote(words, reason)}`;

/** Why a session was not counted: the heading, and what that means. */
export const givenUpBecause = (words: Wording, reason = ''): { title: string; text: string } => ({
  title: words.say(GIVEN_UP[kindOf(reason)] ?? 'abandoned'),
  text: `${whatStaffWrote(words, reason)} ${words.say(reason === 'too_short' ? 'tooShortNext' : 'abandonedNext')}`,
});

const kindOf = (reason: string): string => reason.replace(/:.*/s, '');

/** `staff: CAUSE` */
function whatStaffWrote(words: Wording, reason: string): string {
  const [, cause] = /^staff: *(.+)/s.exec(reason) ?? [];
  return cause ? words.say('staffWrote', { cause }) : '';
}
