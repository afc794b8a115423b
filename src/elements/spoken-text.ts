import type { View } from './view.js';
import { troubleText } from './notice.js';

/**
 * What the live region says. It changes only when there is news, so that nothing is repeated with
 * every second; what has the focus anyway (headings, the question before leaving) is left out.
 */
export function spokenText({ state, words }: View): string {
  if (!state.open || state.askingToLeave) return '';
  if (state.loading) return words.say('loading');
  if (state.phase === 'live' && state.warning !== null) {
    return words.say('endsIn', { time: words.length(state.warning) });
  }
  if (state.phase === 'live' && state.offline) return words.say('offlineLive');
  if (state.phase === 'starting') return words.say(state.starting ?? 'reserving');
  if ((state.phase === 'confirming' || state.phase === 'ending') && state.trouble) {
    const { title, text } = troubleText(words, state.trouble, state.offer?.serverTime);
    return `${title}. ${text}`;
  }
  return '';
}
