import { html, nothing, type TemplateResult } from 'lit';
import { frameAddress } from '../client/frame-address.js';
import type { Join } from '../protocol/index.js';
import { action, actions } from './action.js';
import { clockIcon, leaveIcon, offlineIcon, pauseIcon } from './icons.js';
import { endsIn, moreTime } from './spoken-text.js';
import { courseTitle, type View } from './view.js';

/** From this many seconds before the end on, the bar says what will happen instead of only that it is near. */
const LAST_WARNING = 20;

/**
 * A paid conversation, as long as there is a room. The frame has this one place in this one template:
 * a re-created iframe would throw the learner out of it.
 */
export function sessionView(view: View, join: Join): TemplateResult {
  const { state, words, dispatch } = view;
  return html`
    <div class="session-room" part="session">
      ${toolbar(view)}
      <div class="stage">
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
        ${state.askingToLeave ? leaveQuestion(view) : nothing}
      </div>
      <footer class="below-frame" ?inert=${state.askingToLeave}>
        <p>${words.say('talkingToAi')}</p>
        ${action(view, 'leaveQuietly', 'dismiss', { kind: 'quiet', icon: leaveIcon })}
      </footer>
    </div>
  `;
}

function toolbar(view: View): TemplateResult {
  const { state, words } = view;
  const isLive = state.phase === 'live';
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
    <progress part="progress" aria-hidden="true" max=${session?.ttl ?? secondsLeft} .value=${secondsLeft}></progress>
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
