import { html, nothing, type TemplateResult } from 'lit';
import type { Offer } from '../protocol/index.js';
import { checkIcon, closeIcon, offlineIcon, tipIcon } from './icons.js';
import { lastResult } from './last-result.js';
import { notice, troubleText } from './notice.js';
import { courseTitle, type View } from './view.js';

/** The considered pause before money: what will happen, what it takes, and two actions. */
export function confirmView(view: View): TemplateResult {
  const { state, words, dispatch } = view;
  const { offer } = state;
  const dismiss = (): void => dispatch({ type: 'dismiss' });
  const next = nextStep(view);
  return html`
    <div class="scroll" aria-busy=${state.loading}>
      <header part="header">
        <div>
          <h2 id="title" part="title">${words.say('title')}</h2>
          <p class="course">${courseTitle(view) || (state.loading ? skeleton('course-bone') : nothing)}</p>
        </div>
        <button class="icon" type="button" aria-label=${words.say('close')} @click=${dismiss}>${closeIcon}</button>
      </header>
      <div class="briefing" part="briefing">
        <slot name="briefing">
          ${offer || !state.loading ? html`<p>${offer?.course.briefing ?? words.say('briefing')}</p>` : skeleton('text-bone')}
        </slot>
      </div>
      ${offer ? facts(view, offer) : state.loading ? skeleton('facts-bone') : nothing} ${practised(view)} ${tips(view)}
      ${offer || !state.loading ? nothing : skeleton('text-bone')}
      <slot name="consent" part="consent"></slot>
      <slot name="alternative"></slot>
    </div>
    <footer>
      ${obstacle(view)}
      <div class="actions" part="actions">
        <button part="cancel-button" type="button" autofocus @click=${dismiss}>
          ${words.say(next === nothing ? 'close' : 'notNow')}
        </button>
        ${next}
      </div>
    </footer>
  `;
}

const skeleton = (shape: string): TemplateResult => html`<span class="bone ${shape}" aria-hidden="true"></span>`;

function facts({ words }: View, { policy, availability }: Offer): TemplateResult {
  const fact = (value: string, label: string): TemplateResult =>
    html`<div class="fact" part="fact">
      <dd>${value}</dd>
      <dt>${label}</dt>
    </div>`;
  const left = { left: words.number(availability.remaining), limit: words.number(availability.limit) };
  return html`<dl class="facts" part="facts">
    ${fact(words.length(policy.ttl), words.say('atMost'))}
    ${fact(words.say('sessionsLeft', left), words.say('leftToday'))}
    ${availability.accountType ? fact(availability.accountType, words.say('account')) : nothing}
  </dl>`;
}

function practised({ state, words }: View): TemplateResult | typeof nothing {
  const text = lastResult(state, words);
  return text ? html`<p class="last-result">${checkIcon}${text}</p>` : nothing;
}

function tips({ state, words, tips }: View): TemplateResult {
  const shown = tips ?? state.offer?.course.tips ?? [];
  return html`<slot name="tips">
    ${
      shown.length === 0
        ? nothing
        : html`<ul class="tips" part="tips" aria-label=${words.say('tips')}>
            ${shown.map((tip) => html`<li>${tipIcon}<span>${tip}</span></li>`)}
          </ul>`
    }
  </slot>`;
}

/** The line above the actions: what stands in the way, else the sentence that nothing has started. */
function obstacle({ state, words }: View): TemplateResult {
  const { trouble, offer, offline, elsewhere } = state;
  if (trouble) {
    const said = troubleText(words, trouble, offer?.serverTime);
    const { title, text } = elsewhere ? { ...said, text: words.say('elsewhereTabNext', elsewhere) } : said;
    const tone = trouble.retryable || trouble.code === 'quota_exceeded' ? 'warning' : 'danger';
    return notice(words, { tone, title, text, reference: trouble.reference });
  }
  if (offer && !offer.availability.canStart) return unavailable(words, offer);
  if (offline) return notice(words, { tone: 'warning', icon: offlineIcon, title: words.say('offline') });
  return html`<p class="nothing-yet">${words.say('nothingYet')}</p>`;
}

function unavailable(words: View['words'], { availability, serverTime }: Offer): TemplateResult {
  if (availability.remaining > 0) {
    return notice(words, { tone: 'info', title: words.say('closedNow'), text: words.say('closedNowNext') });
  }
  const text = availability.resetsAt
    ? words.say('usedNextAt', { moment: words.moment(availability.resetsAt, serverTime) })
    : words.say('usedNext');
  return notice(words, { tone: 'info', title: words.say('used'), text });
}

/** The primary action is always what helps now; where nothing helps there is none. */
function nextStep({ state, words, dispatch, confirm }: View): TemplateResult | typeof nothing {
  const { trouble, offer, loading } = state;
  if (trouble?.code === 'session_active' && !loading) {
    return html`
      <button part="finish-button" type="button" @click=${() => dispatch({ type: 'finish' })}>
        ${words.say('finishIt')}
      </button>
      <button class="primary" type="button" @click=${() => dispatch({ type: 'rejoin' })}>
        ${words.say(state.elsewhere ? 'goOnHere' : 'goBack')}
      </button>
    `;
  }
  if (trouble?.retryable || trouble?.code === 'offer_expired') {
    return html`<button class="primary" part="retry-button" type="button" @click=${() => dispatch({ type: 'retry' })}>
      ${words.say(trouble.code === 'offer_expired' ? 'lookAgain' : 'retry')}
    </button>`;
  }
  if (trouble || (offer && !offer.availability.canStart)) return nothing;
  return html`<button
    class="primary"
    part="confirm-button"
    type="button"
    ?disabled=${loading || !offer}
    @click=${confirm}
  >
    ${words.say('start')}
  </button>`;
}
