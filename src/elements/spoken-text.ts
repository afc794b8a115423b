import type { View } from './view.js';
import { troubleText } from './notice.js';

/**
 * What the live region says. It changes only when there is news, so that nothing is repeated with
 * every second; what has the focus anyway (headings, the question before leaving) is left out.
 */
export function spokenText(view: View): string {
  const { state, words } = view;
  if (!state.open || state.askingToLeave) return '';
  if (state.loading) return words.say('loading');
  if (state.feedbackGiven) return words.say('feedbackSent');
  const time = moreTime(view);
  if (time) return time;
  if (state.phase === 'live' && state.warning !== null) {
    return endsIn(view, state.warning);
  }
  if (state.phase === 'live' && state.offline) return words.say('offlineLive');
  if (state.phase === 'starting') return words.say(state.starting ?? 'reserving');
  if (state.trouble && ['confirming', 'paused', 'ending'].includes(state.phase)) {
    const { title, text } = troubleText(words, state.trouble, state.offer?.serverTime);
    return `${title}. ${text}`;
  }
  return '';
}

/** What happens when the time is up, which is for the backend to decide. */
export function endsIn({ state, words }: View, seconds: number): string {
  const isCounted = state.offer?.policy.onTimeLimit === 'complete';
  return words.say(isCounted ? 'endsInCounted' : 'endsIn', { time: words.length(seconds) });
}

/** What came of the wish for more time, or "". */
export function moreTime({ state, words }: View): string {
  const { extending, offer } = state;
  if (extending === 'failed') return words.say('extendFailed');
  if (extending === 'spent') return words.say('extendSpent');
  return extending === 'granted'
    ? words.say('extended', { time: words.length(offer?.policy.extension?.seconds ?? 0) })
    : '';
}

/** What becomes of what could not be sent yet. */
export const whereKept = ({ state, words }: View): string =>
  words.say(state.unsent === 'indexeddb' ? 'endingKept' : 'endingStuck');
