import { html, nothing, type TemplateResult } from 'lit';
import { isSettled } from '../protocol/index.js';
import type { View } from './view.js';

const RATINGS = [1, 2, 3, 4, 5];

/** A quiet question after a settled session. Without a form, because a sandboxed page may not have one. */
export function feedbackView({ state, words, dispatch }: View): TemplateResult | typeof nothing {
  const { session, feedbackGiven } = state;
  if (!session || session.status === 'failed' || !isSettled(session.status)) return nothing;
  if (feedbackGiven || session.feedback) return html`<p class="nothing-yet">${words.say('feedbackSent')}</p>`;
  const send = ({ currentTarget }: Event): void => {
    const answers = (currentTarget as Element).closest('fieldset');
    const rating = Number(answers?.querySelector<HTMLInputElement>(':checked')?.value);
    const comment = answers?.querySelector('textarea')?.value.trim();
    if (rating) dispatch({ type: 'feedback', rating, ...(comment && { comment }) });
  };
  return html`<fieldset class="feedback">
    <legend>${words.say('feedback')}</legend>
    <div class="row scale">
      <span aria-hidden="true">${words.say('worst')}</span>
      ${RATINGS.map((rating) => {
        const name = words.say('rating', { rating: words.number(rating), most: words.number(RATINGS.length) });
        return html`<label>
          <input type="radio" name="rating" value=${rating} aria-label=${name} />
          <span aria-hidden="true">${words.number(rating)}</span>
        </label>`;
      })}
      <span aria-hidden="true">${words.say('best')}</span>
    </div>
    <div class="more">
      <label>${words.say('comment')}<textarea rows="2" maxlength="2000"></textarea></label>
      <button type="button" @click=${send}>${words.say('sendFeedback')}</button>
    </div>
  </fieldset>`;
}
