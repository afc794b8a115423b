import { html, nothing, type TemplateResult } from 'lit';
import { frameAddress } from '../client/frame-address.js';
import { canResume } from '../client/practice-state.js';
import { action, actions, newTab } from './action.js';
import { endedBecause } from './ended-because.js';
import { clockIcon, leaveIcon, offlineIcon, pauseIcon } from './icons.js';
import { troubleNotice, troubleText } from './notice.js';
import { endsIn, moreTime, whereKept } from './spoken-text.js';
import { courseTitle, type View } from './view.js';

/** From this many seconds before the end on, the bar says what will happen instead of only that it is near. */
const LAST_WARNING = 20;

/**
 * A paid conversation, from the confirmation to its end. The frame has this one place in this one
 * template: a re-created iframe would throw the learner out of the room.
 */
export function sessionView(view: View): TemplateResult {
  const { state, words, dispatch } = view;
  const { join } = state;
  return html`
    <div class="session-room" part="session">
      ${toolbar(view)}
      <div class="stage">
        ${
          join
            ? html`
                <p class="behind-frame" aria-hidden="true">${words.say('opensRoom')}</p>
                <iframe
                  part="frame"
                  title=${words.say('frame')}
                  allow="camera; microphone; autoplay; fullscreen; display-capture"
                  referrerpolicy="strict-origin-when-cross-origin"
                  ?inert=${state.askingToLeave}
                  src=${frameAddress(join)}
                  @load=${() => dispatch({ type: 'frame-loaded' })}
                ></iframe>
              `
            : nothing
        }
        ${state.askingToLeave ? leaveQuestion(view) : join ? nothing : interlude(view)}
      </div>
      <footer class="below-frame" ?inert=${state.askingToLeave}>
        <p>${words.say('talkingToAi')}</p>
        ${join ? action(view, 'leaveQuietly', 'dismiss', { kind: 'quiet', icon: leaveIcon }) : nothing}
      </footer>
    </div>
  `;
}

function toolbar(view: View): TemplateResult {
  const { state, words } = view;
  const isLive = state.join !== null && state.phase === 'live';
  return html`
    <header
      class="toolbar ${isLive && state.warning !== null ? 'warm' : ''}"
      part="toolbar header"
      ?inert=${state.askingToLeave}
    >
      <span class="live-dot" ?hidden=${!isLive}><span class="spoken">${words.say('live')}</span></span>
      <h2 id="title" part="title" tabindex="-1" ?autofocus=${isLive && !state.askingToLeave}>
        ${courseTitle(view) || words.say('title')}
      </h2>
      ${isLive ? [message(view), timer(view)] : nothing}
      ${
        isLive
          ? actions(
              state.offer?.policy.canPause
                ? action(view, 'pause', 'pause', { part: 'pause-button', icon: pauseIcon })
                : nothing,
              action(view, 'finish', 'finish', { part: 'finish-button', kind: 'primary' }),
            )
          : nothing
      }
    </header>
  `;
}

/** More time is in reach from the beginning: whoever is slow needs longer than a warning lasts. */
function timer({ state, words, dispatch }: View): TemplateResult | typeof nothing {
  const { secondsLeft, session, offer, extending } = state;
  const extension = offer?.policy.extension;
  if (secondsLeft === null) return nothing;
  return html`
    <span class="timer" part="timer" role="timer" aria-label=${words.say('timeLeft')}>${words.clock(secondsLeft)}</span>
    ${
      extension?.times
        ? html`<button
            class="quiet"
            part="extend-button"
            type="button"
            aria-busy=${extending === 'asked'}
            @click=${() => dispatch({ type: 'extend' })}
          >
            ${words.say('extend', { time: words.length(extension.seconds) })}
          </button>`
        : nothing
    }
    <progress aria-hidden="true" max=${session?.ttl ?? secondsLeft} .value=${secondsLeft}></progress>
  `;
}

/** What the learner should know slides into the bar, never over the face. */
function message(view: View): TemplateResult | typeof nothing {
  const { state, words } = view;
  const { secondsLeft, warning } = state;
  const time = moreTime(view);
  if (state.offline || time) {
    return html`<p class="row message" part="notice">
      ${state.offline ? offlineIcon : clockIcon}${state.offline ? words.say('offlineLive') : time}
    </p>`;
  }
  if (warning === null || secondsLeft === null) return nothing;
  return html`<p class="row message" part="warning">
    ${clockIcon} ${warning <= LAST_WARNING ? endsIn(view, secondsLeft) : words.say('nearlyOver')}
  </p>`;
}

function leaveQuestion(view: View): TemplateResult {
  const { words } = view;
  return html`<div class="cover">
    <div class="card" role="alertdialog" aria-labelledby="ask" aria-describedby="ask-next">
      <h3 id="ask">${words.say('askLeave')}</h3>
      <p id="ask-next">${words.say('askLeaveNext')}</p>
      ${actions(
        action(view, 'leave', 'leave', { kind: 'danger' }),
        action(view, 'finish', 'finish'),
        action(view, 'stay', 'stay', { kind: 'primary', autofocus: true }),
      )}
    </div>
  </div>`;
}

/** What is on the stage while no room is: on the way in, on the way out, or stopped. */
function interlude(view: View): TemplateResult {
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

const pulse = html`<span class="emblem pulse" aria-hidden="true"></span>`;

function starting(view: View): TemplateResult {
  const { state, words } = view;
  const step = state.starting ?? 'reserving';
  return html`<div class="interlude">
    ${pulse}
    <h3 part="status">${words.say(step)}</h3>
    <p>${words.say(`${step}Next`)}</p>
    ${actions(action(view, 'cancel', 'dismiss', { part: 'cancel-button', autofocus: true }))}
  </div>`;
}

/** Confirmed without a network. Browsers do not always notice that it is back. */
function queued(view: View): TemplateResult {
  const { state, words } = view;
  const { offerExpiresAt, serverTime = '' } = state.offer ?? {};
  return html`<div class="interlude">
    <span class="emblem">${offlineIcon}</span>
    <h3 part="status" tabindex="-1" autofocus>${words.say('queued')}</h3>
    <p>
      ${words.say('queuedNext')}
      ${offerExpiresAt ? words.say('queuedUntil', { moment: words.moment(offerExpiresAt, serverTime) }) : nothing}
    </p>
    ${actions(
      action(view, 'cancel', 'dismiss', { part: 'cancel-button' }),
      action(view, 'retry', 'retry', { part: 'retry-button' }),
    )}
  </div>`;
}

/** Nothing here has to be waited for: the end is carried through behind a closed dialog as well. */
function ending(view: View): TemplateResult {
  const { state, words } = view;
  const { trouble, starting } = state;
  // Called off before it began: `starting` still says how far it had come.
  const step = starting ? 'cancelling' : 'ending';
  return html`<div class="interlude">
    ${pulse}
    <h3 part="status" tabindex="-1" autofocus>${trouble ? troubleText(words, trouble).title : words.say(step)}</h3>
    <p>${trouble ? whereKept(view) : words.say(`${step}Next`)}</p>
    ${actions(
      action(view, 'close', 'dismiss', { part: 'cancel-button' }),
      trouble ? action(view, 'retry', 'retry', { part: 'retry-button', kind: 'primary' }) : nothing,
    )}
  </div>`;
}

function stopped(view: View): TemplateResult {
  const { state, words, resume } = view;
  const { endReason, remaining = 0 } = state.session ?? {};
  const mayResume = canResume(state);
  return html`<div class="interlude">
    <span class="emblem">${pauseIcon}</span>
    <h3 part="status" tabindex="-1" autofocus>${words.say(endReason === 'paused' ? 'paused' : 'interrupted')}</h3>
    <p>
      ${endedBecause(words, endReason)}
      ${remaining > 0 ? words.say('timeKept', { time: words.clock(remaining) }) : nothing} ${words.say('finishCounts')}
      ${state.offline && state.unsent ? whereKept(view) : nothing}
    </p>
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
  </div>`;
}
