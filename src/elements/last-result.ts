import type { PracticeState } from '../client/practice-state.js';
import type { Wording } from './wording.js';

/** "Practised today · 87 %": the best result in this course as far as the page has heard of it, or "". */
export function lastResult({ phase, session, offer }: PracticeState, words: Wording): string {
  if (phase === 'completed' && session?.completedAt) {
    return practised(words, words.day(session.completedAt, session.completedAt), session.accuracyScore);
  }
  const completion = offer?.completion;
  if (!offer || !completion?.completed) return '';
  return practised(words, words.day(completion.completedAt, offer.serverTime), completion.accuracyScore);
}

function practised(words: Wording, day: string, score: number | undefined): string {
  if (score === undefined) return words.say('practisedOn', { day });
  return words.say('practisedOnWithScore', { day, score: words.percent(score) });
}
