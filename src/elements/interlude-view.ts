import { html, nothing, type TemplateResult } from 'lit';
import { canResume } from '../client/practice-state.js';
import { action, actions, newTab } from './action.js';
import { endedBecause } from './ended-because.js';
import { facts } from './facts.js';
import { offlineIcon, pauseIcon } from './icons.js';
import { troubleNotice, troubleText } from './notice.js';
import { whereKept } from './spoken-text.js';
import { courseTitle, type View } from './view.js';

/** What is shown while no room is: on the way in, on the way out, or stopped. */
export function interludeView(view: View): TemplateResult {
  switch (view.state.phase) {
    case 'paused':
      return stopped(view);
    case 'ending':
      return ending(view);
    case 'queued':
      return queued(view);
    default:
      return starting(view);
  }
}

const pulse = html`<span part="emblem" class="emblem pulse" aria-hidden="true"></span>`;

function starting(view: View): TemplateResult {
  const { state, words } = view;
  const step = state.starting ?? 'reserving';
  return html`<div class="scroll moment" part="session">
      ${pulse}
      <h2 id="title" part="title status">${words.say(step)}</h2>
      ${course(view)}
      <p>${words.say(`${step}Next`)}</p>
    </div>
    <footer part="footer">
      ${actions(action(view, 'cancel', 'dismiss', { part: 'cancel-button', autofocus: true }))}
    </footer>`;
}

/** Confirmed without a network. Browsers do not always notice that it is back. */
function queued(view: View): TemplateResult {
  const { state, words } = view;
  const { offerExpiresAt, serverTime = '' } = state.offer ?? {};
  return html`<div class="scroll moment" part="session">
      <span part="emblem" class="emblem">${offlineIcon}</span>
      <h2 id="title" part="title status" tabindex="-1" autofocus>${words.say('queued')}</h2>
      ${course(view)}
      <p>
        ${words.say('queuedNext')}
        ${offerExpiresAt ? words.say('queuedUntil', { moment: words.moment(offerExpiresAt, serverTime) }) : nothing}
      </p>
    </div>
    <footer part="footer">
      ${actions(
        action(view, 'cancel', 'dismiss', { part: 'cancel-button' }),
        action(view, 'retry', 'retry', { part: 'retry-button' }),
      )}
    </footer>`;
}

/** Nothing here has to be waited for: the end is carried through behind a closed dialog as well. */
function ending(view: View): TemplateResult {
  const { state, words } = view;
  const { trouble, starting } = state;
  // Called off before it began: `starting` still says how far it had come.
  const step = starting ? 'cancelling' : 'ending';
  return html`<div class="scroll moment" part="session">
      ${trouble ? html`<span part="emblem" class="emblem warning">${offlineIcon}</span>` : pulse}
      <h2 id="title" part="title status" tabindex="-1" autofocus>
        ${trouble ? troubleText(words, trouble).title : words.say(step)}
      </h2>
      ${course(view)}
      <p>${trouble ? whereKept(view) : words.say(`${step}Next`)}</p>
    </div>
    <footer part="footer">
      ${actions(
        action(view, 'close', 'dismiss', { part: 'cancel-button' }),
        trouble ? action(view, 'retry', 'retry', { part: 'retry-button', kind: 'primary' }) : nothing,
      )}
    </footer>`;
}

function stopped(view: View): TemplateResult {
  const { state, words, resume } = view;
  const { endReason, remaining = 0 } = state.session ?? {};
  const mayResume = canResume(state);
  return html`<div class="scroll moment" part="session">
      <span part="emblem" class="emblem">${pauseIcon}</span>
      <h2 id="title" part="title status" tabindex="-1" autofocus>
        ${words.say(endReason === 'paused' ? 'paused' : 'interrupted')}
      </h2>
      ${course(view)} ${remaining > 0 ? facts([words.clock(remaining), words.say('timeLeft')]) : nothing}
      <p>
        ${endedBecause(words, endReason)} ${words.say('finishCounts')}
        ${state.offline && state.unsent ? whereKept(view) : nothing}
      </p>
    </div>
    <footer part="footer">
      ${troubleNotice(view)}
      ${actions(
        action(view, 'close', 'dismiss', { part: 'cancel-button' }),
        newTab(view),
        mayResume
          ? action(view, 'finish', 'finish', { part: 'finish-button' })
          : action(view, 'finish', 'finish', { part: 'finish-button', kind: 'primary' }),
        mayResume
          ? html`<button class="primary" part="resume-button" type="button" ?disabled=${state.loading} @click=${resume}>
              ${words.say('resume')}
            </button>`
          : nothing,
      )}
    </footer>`;
}

const course = (view: View): TemplateResult => html`<p class="course" part="course">${courseTitle(view)}</p>`;
