import { html, nothing, type TemplateResult } from 'lit';
import { frameAddress } from '../client/frame-address.js';
import { canResume } from '../client/practice-state.js';
import { clockIcon, leaveIcon, offlineIcon, pauseIcon } from './icons.js';
import { endedBecause } from './ended-because.js';
import { endsIn } from './spoken-text.js';
import { notice, troubleText } from './notice.js';
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
        ${
          join
            ? html`<button class="quiet" type="button" @click=${() => dispatch({ type: 'dismiss' })}>
                ${leaveIcon}${words.say('leaveQuietly')}
              </button>`
            : nothing
        }
      </footer>
    </div>
  `;
}

function toolbar(view: View): TemplateResult {
  const { state, words, dispatch } = view;
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
      ${isLive ? message(view) : nothing} ${timer(view)}
      ${
        isLive
          ? html`<div class="actions" part="actions">
              ${
                state.offer?.policy.canPause
                  ? html`<button part="pause-button" type="button" @click=${() => dispatch({ type: 'pause' })}>
                      ${pauseIcon}${words.say('pause')}
                    </button>`
                  : nothing
              }
              <button class="primary" part="finish-button" type="button" @click=${() => dispatch({ type: 'finish' })}>
                ${words.say('finish')}
              </button>
            </div>`
          : nothing
      }
    </header>
  `;
}

function timer({ state, words }: View): TemplateResult | typeof nothing {
  const { secondsLeft, session } = state;
  if (secondsLeft === null) return nothing;
  return html`
    <span class="timer" part="timer" role="timer" aria-label=${words.say('timeLeft')}>${words.clock(secondsLeft)}</span>
    <progress aria-hidden="true" max=${session?.ttl ?? secondsLeft} .value=${secondsLeft}></progress>
  `;
}

/** What the learner should know slides into the bar, never over the face. */
function message(view: View): TemplateResult | typeof nothing {
  const { state, words } = view;
  const { secondsLeft, warning } = state;
  if (state.offline) return html`<p class="message" part="notice">${offlineIcon}${words.say('offlineLive')}</p>`;
  if (warning === null || secondsLeft === null) return nothing;
  return html`<p class="message" part="warning">
    ${clockIcon} ${warning <= LAST_WARNING ? endsIn(view, secondsLeft) : words.say('nearlyOver')}
  </p>`;
}

function leaveQuestion({ words, dispatch }: View): TemplateResult {
  return html`<div class="cover">
    <div class="card" role="alertdialog" aria-labelledby="ask" aria-describedby="ask-next">
      <h3 id="ask">${words.say('askLeave')}</h3>
      <p id="ask-next">${words.say('askLeaveNext')}</p>
      <div class="actions" part="actions">
        <button class="danger" type="button" @click=${() => dispatch({ type: 'leave' })}>${words.say('leave')}</button>
        <button type="button" @click=${() => dispatch({ type: 'finish' })}>${words.say('finish')}</button>
        <button class="primary" type="button" autofocus @click=${() => dispatch({ type: 'stay' })}>
          ${words.say('stay')}
        </button>
      </div>
    </div>
  </div>`;
}

/** What is on the stage while no room is: on the way in, on the way out, or stopped. */
function interlude(view: View): TemplateResult {
  const { state, words, dispatch } = view;
  if (state.phase === 'paused') return stopped(view);
  if (state.phase === 'ending') return ending(view);
  if (state.phase === 'queued') return queued(view);
  const step = state.starting ?? 'reserving';
  return html`<div class="interlude">
    <span class="pulse" aria-hidden="true"></span>
    <h3 part="status">${words.say(step)}</h3>
    <p>${words.say(`${step}Next`)}</p>
    <div class="actions" part="actions">
      <button part="cancel-button" type="button" autofocus @click=${() => dispatch({ type: 'dismiss' })}>
        ${words.say('cancel')}
      </button>
    </div>
  </div>`;
}

/** Confirmed without a network. Browsers do not always notice that it is back. */
function queued({ state, words, dispatch }: View): TemplateResult {
  const { offerExpiresAt, serverTime = '' } = state.offer ?? {};
  return html`<div class="interlude">
    <span class="emblem">${offlineIcon}</span>
    <h3 part="status" tabindex="-1" autofocus>${words.say('queued')}</h3>
    <p>
      ${words.say('queuedNext')}
      ${offerExpiresAt ? words.say('queuedUntil', { moment: words.moment(offerExpiresAt, serverTime) }) : nothing}
    </p>
    <div class="actions" part="actions">
      <button part="cancel-button" type="button" @click=${() => dispatch({ type: 'dismiss' })}>
        ${words.say('cancel')}
      </button>
      <button part="retry-button" type="button" @click=${() => dispatch({ type: 'retry' })}>
        ${words.say('retry')}
      </button>
    </div>
  </div>`;
}

/** Nothing here has to be waited for: the end is carried through behind a closed dialog as well. */
function ending({ state, words, dispatch }: View): TemplateResult {
  const { trouble, starting } = state;
  // Called off before it began: `starting` still says how far it had come.
  const step = starting ? 'cancelling' : 'ending';
  const said = trouble && troubleText(words, trouble);
  return html`<div class="interlude">
    <span class="pulse" aria-hidden="true"></span>
    <h3 part="status" tabindex="-1" autofocus>${said?.title ?? words.say(step)}</h3>
    <p>${said ? words.say('endingStuck') : words.say(`${step}Next`)}</p>
    <div class="actions" part="actions">
      <button part="cancel-button" type="button" @click=${() => dispatch({ type: 'dismiss' })}>
        ${words.say('close')}
      </button>
      ${
        trouble
          ? html`<button class="primary" part="retry-button" type="button" @click=${() => dispatch({ type: 'retry' })}>
              ${words.say('retry')}
            </button>`
          : nothing
      }
    </div>
  </div>`;
}

function stopped({ state, words, dispatch, resume }: View): TemplateResult {
  const { trouble } = state;
  const mayResume = canResume(state);
  const reason = endedBecause(state.session?.endReason);
  const left = state.session?.remaining ?? 0;
  return html`<div class="interlude">
    <span class="emblem">${pauseIcon}</span>
    <h3 part="status" tabindex="-1" autofocus>${words.say(reason === 'pausedNext' ? 'paused' : 'interrupted')}</h3>
    <p>
      ${words.say(reason)} ${left > 0 ? words.say('timeKept', { time: words.clock(left) }) : nothing}
      ${words.say('finishCounts')}
    </p>
    ${trouble ? notice(words, { tone: 'warning', ...troubleText(words, trouble), reference: trouble.reference }) : nothing}
    <div class="actions" part="actions">
      <button part="cancel-button" type="button" @click=${() => dispatch({ type: 'dismiss' })}>
        ${words.say('close')}
      </button>
      <button
        class=${mayResume ? '' : 'primary'}
        part="finish-button"
        type="button"
        @click=${() => dispatch({ type: 'finish' })}
      >
        ${words.say('finish')}
      </button>
      ${
        mayResume
          ? html`<button class="primary" part="resume-button" type="button" ?disabled=${state.loading} @click=${resume}>
              ${words.say('resume')}
            </button>`
          : nothing
      }
    </div>
  </div>`;
}
