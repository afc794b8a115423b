import { html, nothing, type TemplateResult } from 'lit';
import { action, actions } from './action.js';
import { givenUpBecause } from './ended-because.js';
import { facts } from './facts.js';
import { feedbackView } from './feedback-view.js';
import { alertIcon, checkIcon, clockIcon, closeIcon, leaveIcon } from './icons.js';
import { troubleNotice, troubleText } from './notice.js';
import { whereKept } from './spoken-text.js';
import { support } from './support.js';
import { courseTitle, type View } from './view.js';

/** What came out of it, said quietly; and the way to the next one. */
export function resultView(view: View): TemplateResult {
  const { state, words, dispatch } = view;
  const outcome = outcomeOf(view);
  const failed = state.phase === 'failed';
  return html`
    <div class="scroll moment" part="result">
      <button
        class="icon corner"
        part="close-button"
        type="button"
        aria-label=${words.say('close')}
        @click=${() => dispatch({ type: 'dismiss' })}
      >
        ${closeIcon}
      </button>
      <span part="emblem" class="emblem ${outcome.tone}">${outcome.icon}</span>
      <h2 id="title" part="title status" tabindex="-1" autofocus>${outcome.title}</h2>
      <p class="course" part="course">${courseTitle(view)}</p>
      ${failed ? nothing : figures(view)}
      <p class="outcome">${outcome.text} ${!failed && state.offline && state.unsent ? whereKept(view) : nothing}</p>
      ${failed ? support(view) : feedbackView(view)}
      <slot name="result"></slot>
    </div>
    <footer part="footer">
      ${failed ? nothing : troubleNotice(view)} ${failed ? afterFailure(view) : afterSession(view)}
    </footer>
  `;
}

interface Outcome {
  tone: 'success' | 'neutral' | 'warning' | 'danger';
  icon: TemplateResult;
  title: string;
  text: string;
}

function outcomeOf({ state, words }: View): Outcome {
  const { phase, session, trouble, secondsLeft } = state;
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
      const { title, text } = troubleText(words, trouble ?? UNKNOWN_TROUBLE, state.offer?.serverTime);
      const next = secondsLeft === null ? text : words.say('looksAgain', { time: words.length(secondsLeft) });
      const isCertain = !session && trouble && !NOT_CERTAIN.has(trouble.code);
      const nothingCounted = isCertain ? ` ${words.say('notStarted')}` : '';
      return { tone: trouble?.retryable ? 'warning' : 'danger', icon: alertIcon, title, text: next + nothingCounted };
    }
    default:
      return { tone: 'neutral', icon: leaveIcon, ...givenUpBecause(words, session?.endReason) };
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
  const { duration, accuracyScore, scorePending } = session;
  const score = accuracyScore === undefined ? scorePending && words.say('scoreToCome') : words.percent(accuracyScore);
  return facts(
    duration !== undefined && [words.length(duration), words.say('practised')],
    phase === 'completed' && score && [score, words.say('score'), 'fact score'],
  );
}

const afterSession = (view: View): TemplateResult =>
  actions(
    html`<p class="nothing-yet">${view.words.say('againUses')}</p>`,
    action(view, 'again', 'open'),
    action(view, 'done', 'dismiss', { part: 'cancel-button', kind: 'primary' }),
  );

const afterFailure = (view: View): TemplateResult =>
  actions(
    action(view, 'close', 'dismiss', { part: 'cancel-button' }),
    view.state.trouble?.retryable ? action(view, 'retry', 'retry', { part: 'retry-button', kind: 'primary' }) : nothing,
  );
