import { html, nothing, type TemplateResult } from 'lit';
import { hasAgreed, missingConsent } from '../client/practice-state.js';
import type { Offer } from '../protocol/index.js';
import { action, actions, newTab } from './action.js';
import { facts } from './facts.js';
import { alertIcon, checkIcon, closeIcon, infoIcon, offlineIcon, tipIcon } from './icons.js';
import { lastResult } from './last-result.js';
import { notice, troubleNotice, troubleText } from './notice.js';
import { courseTitle, type View } from './view.js';

/** The considered pause before money: what will happen, what it takes, and two actions. */
export function confirmView(view: View): TemplateResult {
  const { state, words, dispatch } = view;
  const { offer } = state;
  const next = nextStep(view);
  return html`
    <div class="scroll" aria-busy=${state.loading}>
      <header part="header">
        <div>
          <h2 id="title" part="title">${words.say('title')}</h2>
          <p class="course" part="course">
            ${courseTitle(view) || (state.loading ? skeleton('course-bone') : nothing)}
          </p>
        </div>
        <button
          class="icon"
          part="close-button"
          type="button"
          aria-label=${words.say('close')}
          @click=${() => dispatch({ type: 'dismiss' })}
        >
          ${closeIcon}
        </button>
      </header>
      <div class="briefing" part="briefing">
        <slot name="briefing">
          ${offer || !state.loading ? html`<p>${offer?.course.briefing ?? words.say('briefing')}</p>` : skeleton('text-bone')}
        </slot>
      </div>
      ${offer ? terms(view, offer) : state.loading ? skeleton('facts-bone') : nothing} ${practised(view)} ${tips(view)}
      ${offer || !state.loading ? nothing : skeleton('text-bone')}
      <p class="row told">
        ${infoIcon}<span>${words.say('talkingToAi')} ${offer?.course.recorded ? words.say('recorded') : nothing}</span>
      </p>
      ${offer ? consents(view, offer) : nothing}
      <slot name="consent" part="consent"></slot>
      <slot name="alternative"></slot>
    </div>
    <footer part="footer">
      <div id="first">${obstacle(view)}</div>
      ${actions(
        action(view, next === nothing ? 'close' : 'notNow', 'dismiss', { part: 'cancel-button', autofocus: true }),
        next,
      )}
    </footer>
  `;
}

const skeleton = (shape: string): TemplateResult => html`<span class="bone ${shape}" aria-hidden="true"></span>`;

function terms({ words }: View, { policy, availability }: Offer): TemplateResult {
  const left = { left: words.number(availability.remaining), limit: words.number(availability.limit) };
  return facts(
    [words.length(policy.ttl), words.say('atMost')],
    [words.say('sessionsLeft', left), words.say('leftToday')],
    availability.accountType && [availability.accountType, words.say('account')],
  );
}

function practised({ state, words }: View): TemplateResult | typeof nothing {
  const text = lastResult(state, words);
  return text ? html`<p class="row last-result">${checkIcon}${text}</p>` : nothing;
}

function tips({ state, words, tips }: View): TemplateResult {
  const shown = tips ?? state.offer?.course.tips ?? [];
  return html`<slot name="tips">
    ${
      shown.length === 0
        ? nothing
        : html`<ul class="tips" part="tips" aria-label=${words.say('tips')}>
            ${shown.map((tip) => html`<li class="row">${tipIcon}<bdi>${tip}</bdi></li>`)}
          </ul>`
    }
  </slot>`;
}

/** Never ticked in advance. Start says what is missing, and leads there. */
function consents({ state, words, dispatch }: View, { course, availability }: Offer): TemplateResult | typeof nothing {
  if (course.consent.length === 0 || !availability.canStart) return nothing;
  const isMissing = state.consentMissing !== null && missingConsent(state) !== undefined;
  return html`<fieldset part="consent">
    <legend>${words.say('consent')}</legend>
    ${isMissing ? html`<p class="row missing" id="missing">${alertIcon}${words.say('consentMissing')}</p>` : nothing}
    ${course.consent.map((asked) => {
      const { id, text, required } = asked;
      const given = hasAgreed(state, asked);
      return html`<label class="row">
        <input
          type="checkbox"
          aria-required=${required}
          aria-invalid=${isMissing && required && !given}
          aria-describedby=${isMissing ? 'missing' : nothing}
          ?autofocus=${id === state.consentMissing}
          .checked=${given}
          @change=${({ target }: Event) =>
            dispatch({ type: 'consent', id, given: (target as HTMLInputElement).checked })}
        />
        <span><bdi>${text}</bdi> ${required ? html`<em>${words.say('required')}</em>` : nothing}</span>
      </label>`;
    })}
  </fieldset>`;
}

/** The line above the actions: what stands in the way, else the sentence that nothing has started. */
function obstacle(view: View): TemplateResult | typeof nothing {
  const { state, words } = view;
  const { trouble, offer, offline, elsewhere, page } = state;
  if (trouble && elsewhere) {
    const { title } = troubleText(words, trouble);
    return notice({ tone: 'warning', title, text: words.say('elsewhereTabNext', elsewhere) });
  }
  if (trouble) {
    return troubleNotice(view, trouble.retryable || trouble.code === 'quota_exceeded' ? 'warning' : 'danger');
  }
  if (offer && !offer.availability.canStart) return unavailable(view, offer);
  if (offline) return notice({ tone: 'warning', icon: offlineIcon, title: words.say('offline') });
  if (page?.declined) return notice({ tone: 'warning', title: words.say('declined'), text: words.say('declinedNext') });
  return html`<p class="nothing-yet">
    ${words.say('nothingYet')} ${page && !page.keeps ? words.say('keepOpen') : nothing}
  </p>`;
}

function unavailable({ words }: View, { availability, serverTime }: Offer): TemplateResult {
  // This page looks again by itself.
  if (availability.reason === 'ending') {
    return notice({ tone: 'info', title: words.say('ending'), text: words.say('endingNext') });
  }
  if (availability.remaining > 0) {
    return notice({ tone: 'info', title: words.say('closedNow'), text: words.say('closedNowNext') });
  }
  const text = availability.resetsAt
    ? words.say('usedNextAt', { moment: words.moment(availability.resetsAt, serverTime) })
    : words.say('usedNext');
  return notice({ tone: 'info', title: words.say('used'), text });
}

/** The primary action is always what helps now; where nothing helps there is none. */
function nextStep(view: View): unknown {
  const { state, words, confirm } = view;
  const { trouble, offer, loading, elsewhere } = state;
  if (trouble?.code === 'session_active' && !loading) {
    return [
      action(view, 'finishIt', 'finish', { part: 'finish-button' }),
      action(view, elsewhere ? 'goOnHere' : 'goBack', 'rejoin', { kind: 'primary' }),
    ];
  }
  if (trouble?.retryable || trouble?.code === 'offer_expired') {
    const text = trouble.retryable ? 'retry' : 'lookAgain';
    return action(view, text, 'retry', { part: 'retry-button', kind: 'primary' });
  }
  if (trouble) return newTab(view);
  if (offer && !offer.availability.canStart) return nothing;
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
