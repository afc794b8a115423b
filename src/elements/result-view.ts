import { html, nothing, type TemplateResult } from 'lit';
import type { TavusSession } from '../protocol/index.js';
import { alertIcon, checkIcon, clockIcon, closeIcon, leaveIcon } from './icons.js';
import { notice, troubleText } from './notice.js';
import { courseTitle, type View } from './view.js';

/** What came out of it, said quietly; and the way to the next one. */
export function resultView(view: View): TemplateResult {
  const { state, words, dispatch } = view;
  const dismiss = (): void => dispatch({ type: 'dismiss' });
  const outcome = outcomeOf(view);
  const failed = state.phase === 'failed';
  return html`
    <div class="scroll result" part="result">
      <button class="icon corner" type="button" aria-label=${words.say('close')} @click=${dismiss}>${closeIcon}</button>
      <span class="emblem ${outcome.tone}">${outcome.icon}</span>
      <h2 id="title" part="title status" tabindex="-1" autofocus>${outcome.title}</h2>
      <p class="course">${courseTitle(view)}</p>
      ${failed ? nothing : figures(view)}
      <p class="outcome">${outcome.text}</p>
      ${
        state.trouble?.reference
          ? html`<p class="reference">${words.say('reference')} <code>${state.trouble.reference}</code></p>`
          : nothing
      }
      <slot name="result"></slot>
    </div>
    <footer>
      ${failed || !state.trouble ? nothing : notice(words, { tone: 'warning', ...troubleText(words, state.trouble) })}
      <div class="actions" part="actions">${failed ? afterFailure(view) : afterSession(view)}</div>
    </footer>
  `;
}

interface Outcome {
  tone: 'success' | 'neutral' | 'danger';
  icon: TemplateResult;
  title: string;
  text: string;
}

function outcomeOf({ state, words }: View): Outcome {
  const { phase, session, trouble } = state;
  switch (phase) {
    case 'completed':
      return {
        tone: 'success',
        icon: checkIcon,
        title: words.say('completed'),
        text: words.say(session?.scorePending ? 'scoreFollows' : 'completedNext'),
      };
    case 'expired':
      return { tone: 'neutral', icon: clockIcon, title: words.say('expired'), text: words.say('expiredNext') };
    case 'failed': {
      const said = troubleText(words, trouble ?? UNKNOWN_TROUBLE, state.offer?.serverTime);
      const isCertain = !session && trouble && !NOT_CERTAIN.has(trouble.code);
      const nothingCounted = isCertain ? ` ${words.say('notStarted')}` : '';
      return { tone: 'danger', icon: alertIcon, title: said.title, text: said.text + nothingCounted };
    }
    default: {
      const key = session?.endReason === 'too_short' ? 'tooShort' : 'abandoned';
      return { tone: 'neutral', icon: leaveIcon, title: words.say(key), text: words.say(`${key}Next`) };
    }
  }
}

/** After these nobody knows what the backend did: nothing may be promised about what was counted. */
const NOT_CERTAIN: ReadonlySet<string> = new Set([
  'network',
  'timeout',
  'internal',
  'invalid_response',
  'rate_limited',
]);

const UNKNOWN_TROUBLE = { code: 'internal', retryable: false, reference: '' } as const;

function figures({ state, words }: View): TemplateResult | typeof nothing {
  const { session, phase } = state;
  if (!session) return nothing;
  const figure = (value: string, label: string, part = 'fact'): TemplateResult =>
    html`<div class="fact" part=${part}>
      <dd>${value}</dd>
      <dt>${label}</dt>
    </div>`;
  return html`<dl class="facts" part="facts">
    ${session.duration === undefined ? nothing : figure(words.length(session.duration), words.say('practised'))}
    ${phase === 'completed' ? score(session) : nothing}
  </dl>`;

  function score({ accuracyScore, scorePending }: TavusSession): TemplateResult | typeof nothing {
    if (accuracyScore !== undefined) return figure(words.percent(accuracyScore), words.say('score'), 'fact score');
    return scorePending ? figure(words.say('scoreToCome'), words.say('score'), 'fact score') : nothing;
  }
}

function afterSession({ words, dispatch }: View): TemplateResult {
  return html`
    <p class="nothing-yet">${words.say('againUses')}</p>
    <button type="button" @click=${() => dispatch({ type: 'open' })}>${words.say('again')}</button>
    <button class="primary" part="cancel-button" type="button" @click=${() => dispatch({ type: 'dismiss' })}>
      ${words.say('done')}
    </button>
  `;
}

function afterFailure({ state, words, dispatch }: View): TemplateResult {
  return html`
    <button part="cancel-button" type="button" @click=${() => dispatch({ type: 'dismiss' })}>
      ${words.say('close')}
    </button>
    ${
      state.trouble?.retryable
        ? html`<button class="primary" part="retry-button" type="button" @click=${() => dispatch({ type: 'retry' })}>
            ${words.say('retry')}
          </button>`
        : nothing
    }
  `;
}
