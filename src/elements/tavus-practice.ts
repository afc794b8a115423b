import { ContextEvent } from '@lit/context';
import { LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { property } from 'lit/decorators/property.js';
import type { Phase } from '../client/practice-state.js';
import type { TavusSession } from '../protocol/index.js';
import { PracticeChangeEvent, PracticeConfirmEvent, PracticeEvent, PracticeFailedEvent } from './launcher-events.js';
import { launcherStyles } from './launcher-styles.js';
import { launcherView } from './launcher-view.js';
import { isLeftBehind, whenIdle } from './left-behind.js';
import type { Messages } from './locales/messages.js';
import { practiceContext } from './practice-context.js';
import { practiceKey } from './practice-settings.js';
import { findMisconfiguration, type Misconfiguration } from './misconfiguration.js';
import type { SessionController } from './session-controller.js';
import type { TavusPracticeConfig } from './tavus-practice-config.js';
import { Texts } from './texts.js';
import { tokens } from './tokens.js';

/**
 * A button that opens a practice conversation with an AI video partner, and everything behind it.
 * Nothing is requested before the button is pressed, and nothing is paid for before the learner
 * confirms in the dialog.
 *
 * @attr {string} lang - Language of the texts; that of the nearest ancestor where it is absent.
 * @attr {Phase} state - Where the practice stands. Written by the element, read-only.
 *
 * @slot launcher - replaces the content of the button
 * @slot briefing - what the learner is going to practise
 * @slot tips - what helps, below the facts
 * @slot consent - what the learner has to agree to
 * @slot alternative - a way to practise without camera or video
 * @slot result - what the host adds to the result
 *
 * @fires practice-ready - once, when the launcher can be used
 * @fires practice-opened - the dialog is shown
 * @fires practice-cancelled - the dialog was dismissed without confirming
 * @fires practice-confirm - cancelable, before anything is requested
 * @fires practice-confirmed - the learner confirmed
 * @fires practice-queued - confirmed while offline, waiting
 * @fires practice-started - the backend answered: billing has begun
 * @fires practice-joined - the room has loaded in the frame
 * @fires practice-warning - the time is nearly up
 * @fires practice-paused - the conversation was paused or interrupted
 * @fires practice-resumed - the conversation goes on
 * @fires practice-completed - the session counts as practised
 * @fires practice-abandoned - the session was given up
 * @fires practice-expired - the time of the session ran out
 * @fires practice-failed - a failure the learner sees
 * @fires practice-sync - facts were stored or acknowledged
 * @fires practice-change - `state` changed
 *
 * @csspart launcher - the button in the page
 * @csspart dialog - the dialog, or the surface in the page with `display="inline"`
 * @csspart header - title and course
 * @csspart title - the heading of what is shown
 * @csspart course - the course below the heading
 * @csspart close-button - the cross in the corner
 * @csspart briefing - what the learner is going to do
 * @csspart facts - length, sessions left, account
 * @csspart fact - one of them
 * @csspart tips - what helps
 * @csspart consent - around the consent slot
 * @csspart notice - what stands in the way, or is good to know
 * @csspart footer - around the actions and what stands above them
 * @csspart actions - the row of buttons
 * @csspart confirm-button - starts the paid conversation
 * @csspart cancel-button - leaves at no cost
 * @csspart session - around the conversation
 * @csspart toolbar - the bar above the frame
 * @csspart timer - the time left
 * @csspart progress - the time left, as a line
 * @csspart warning - the time is nearly up
 * @csspart extend-button - adds time, where the course allows it
 * @csspart pause-button - pauses the conversation
 * @csspart resume-button - buys another conversation with the time that is left
 * @csspart finish-button - finishes the session
 * @csspart frame - the iframe of the conversation
 * @csspart emblem - the sign above a heading: paused, completed, failed
 * @csspart result - what came out
 * @csspart score - the score
 * @csspart status - what is happening now
 * @csspart error - what went wrong
 * @csspart retry-button - tries again
 *
 * @cssprop --tavus-practice-accent - primary action, focus, live dot
 * @cssprop --tavus-practice-on-accent - text on the accent
 * @cssprop --tavus-practice-surface - background
 * @cssprop --tavus-practice-on-surface - text
 * @cssprop --tavus-practice-muted - quiet text
 * @cssprop --tavus-practice-outline - hairlines
 * @cssprop --tavus-practice-danger - failures
 * @cssprop --tavus-practice-warning - the time is nearly up
 * @cssprop --tavus-practice-success - a good result
 * @cssprop --tavus-practice-control - background of the buttons beside the primary one
 * @cssprop --tavus-practice-on-control - text on them
 * @cssprop --tavus-practice-control-outline - their hairline
 * @cssprop --tavus-practice-control-radius - corners of all buttons, two thirds of the radius
 * @cssprop --tavus-practice-control-weight - weight of their text, 600
 * @cssprop --tavus-practice-radius - corners of surfaces, 12px
 * @cssprop --tavus-practice-spacing - the grid, 4px
 * @cssprop --tavus-practice-font - a `font` shorthand
 * @cssprop --tavus-practice-text - size of the text, 1rem; everything else follows it
 * @cssprop --tavus-practice-shadow - below the dialog
 * @cssprop --tavus-practice-backdrop - behind the dialog
 * @cssprop --tavus-practice-frame-ratio - of the conversation, 16 / 9
 * @cssprop --tavus-practice-z-index - of the surface
 */
export class TavusPractice extends LitElement {
  static override styles = [tokens, launcherStyles];

  /** Base URL of the host's backend, on the same or another origin. Required. */
  @property({ reflect: true }) backend?: string;
  /** The course as the backend knows it. Required. */
  @property({ reflect: true, attribute: 'course-id' }) courseId?: string;
  /** Shown in the dialog instead of the backend's title. */
  @property({ reflect: true, attribute: 'course-title' }) courseTitle?: string;
  /** Seconds asked for; the backend decides and may grant less. */
  @property({ reflect: true, type: Number }) ttl?: number;
  /** For every request: `same-origin`, `include` or `omit`. */
  @property({ reflect: true, useDefault: true }) credentials: 'same-origin' | 'include' | 'omit' = 'same-origin';
  /** Header to send with every unsafe request. */
  @property({ reflect: true, attribute: 'csrf-header' }) csrfHeader?: string;
  /** Where its value comes from: `meta:NAME` or `cookie:NAME`. */
  @property({ reflect: true, attribute: 'csrf-source' }) csrfSource?: string;
  /** `dialog` (modal) or `inline` (in the flow of the page). */
  @property({ reflect: true, useDefault: true }) display: 'dialog' | 'inline' = 'dialog';
  /** `off`: pressing the launcher confirms, if the backend agrees. */
  @property({ reflect: true, useDefault: true }) confirmation: 'on' | 'off' = 'on';
  /** `off`: no countdown and no warnings, if the backend agrees. */
  @property({ reflect: true, useDefault: true, attribute: 'time-limit' }) timeLimit: 'on' | 'off' = 'on';
  /** `off`: nothing is stored in the browser. */
  @property({ reflect: true, useDefault: true, attribute: 'offline-queue' }) offlineQueue: 'on' | 'off' = 'on';
  /** When the rest of the code is fetched: `intent`, `idle` or `none`. */
  @property({ reflect: true, useDefault: true }) preload: 'intent' | 'idle' | 'none' = 'intent';
  /** The launcher cannot be pressed. */
  @property({ reflect: true, type: Boolean }) disabled = false;

  /** Returns the bearer token; called for each request and once more after a 401. */
  @property({ attribute: false }) tokenProvider?: () => string | Promise<string>;
  /** Further headers for every request. */
  @property({ attribute: false }) headers?: () => HeadersInit;
  /** Replaces any text of the element. */
  @property({ attribute: false }) messages: Partial<Messages> = {};
  /** Shown in the dialog instead of the backend's tips. */
  @property({ attribute: false }) tips?: string[];

  readonly #texts = new Texts(this);
  #config: TavusPracticeConfig | undefined;
  #leaveConfig: (() => void) | undefined;
  #state: Phase = 'idle';
  #surface: SessionController | null = null;
  #loading: Promise<SessionController | null> | null = null;
  /** What the surface was made for. */
  #key = '';
  #press: { gesture?: Event } | null = null;
  #loadFailed = false;
  #misconfiguration: Misconfiguration | null = null;
  #ready = false;

  /** @internal */
  get config(): TavusPracticeConfig | undefined {
    return this.#config;
  }

  /** @internal */
  get texts(): Texts {
    return this.#texts;
  }

  /** Where the practice stands; mirrored by the `state` attribute. */
  get state(): Phase {
    return this.#state;
  }

  /** The session as the backend last sent it. */
  get session(): TavusSession | null {
    return this.#surface?.state.session ?? null;
  }

  /** Facts the backend has not acknowledged yet. */
  get pending(): number {
    return this.#surface?.pending ?? 0;
  }

  /** Where such facts are kept until then; in `memory` they end with the page. */
  get storageMode(): 'indexeddb' | 'memory' {
    return this.#surface?.storageMode ?? 'memory';
  }

  /** Shows the dialog. Starts nothing. */
  open(): void {
    if (!this.disabled) this.#open({});
  }

  /** Hides the dialog; asks the learner first when a conversation is running. */
  close(): void {
    this.#press = null;
    this.#surface?.dispatch({ type: 'dismiss' });
  }

  /** Ends the running conversation and keeps the time that is left. */
  pause(): void {
    this.#surface?.dispatch({ type: 'pause' });
  }

  /** Ends the running conversation and has the session counted. */
  finish(): void {
    this.#surface?.dispatch({ type: 'finish' });
  }

  /** Finishes with a score the page worked out. `accuracyScore`: percent, 0–100. */
  complete({ accuracyScore }: { accuracyScore?: number } = {}): void {
    this.#surface?.dispatch({ type: 'finish', ...(accuracyScore !== undefined && { accuracyScore }) });
  }

  /** Sends what waits for the backend. Never rejects. */
  async flush(): Promise<void> {
    await (await this.#load())?.flush();
  }

  /** Deletes everything this browser keeps for the learner; call it on logout. Never rejects. */
  async forget(): Promise<void> {
    await (await this.#load())?.forget();
  }

  /** Focuses the launcher. */
  override focus(options?: FocusOptions): void {
    this.renderRoot.querySelector<HTMLElement>('[part=launcher]')?.focus(options);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#askForConfig();
    this.setAttribute('state', this.#state);
    void this.#comeBack();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#leaveConfig?.();
    queueMicrotask(() => {
      if (!this.isConnected) this.#release();
    });
  }

  /** Being here keeps `moveBefore()` from disconnecting the element, and so keeps the frame. */
  connectedMoveCallback(): void {}

  protected override shouldUpdate(): boolean {
    return this.#texts.follow();
  }

  protected override willUpdate(): void {
    const found = findMisconfiguration(this);
    const isNews = found?.attribute !== this.#misconfiguration?.attribute;
    this.#misconfiguration = found;
    if (found && isNews) void this.updateComplete.then(() => this.#reportMisconfiguration(found));
    if (this.#surface?.isAtRest && this.#key !== practiceKey(this)) this.#release();
  }

  protected override updated(_changed: PropertyValues<this>): void {
    if (this.#ready || this.#misconfiguration) return;
    this.#ready = true;
    this.dispatchEvent(new PracticeEvent('practice-ready'));
  }

  protected override render(): TemplateResult {
    const error = this.#misconfiguration ? 'misconfigured' : this.#loadFailed ? 'loadFailed' : null;
    return launcherView(this, {
      texts: this.#texts,
      surface: this.#surface,
      label: this.#press ? 'opening' : this.#state === 'paused' ? 'goOn' : 'launch',
      error,
      pressed: this.#pressed,
      intent: this.#intent,
    });
  }

  /** What an earlier page left here in the browser is gone on with; without that nothing is loaded. */
  async #comeBack(): Promise<void> {
    await whenIdle();
    if (this.#misconfiguration || !this.isConnected) return;
    if (this.preload === 'idle') void this.#load();
    if (this.offlineQueue !== 'off' && (await isLeftBehind())) await (await this.#load())?.comeBack();
  }

  /** It may have been moved out of the one that answered before. A consumer of Lit's would keep that one's answer. */
  #askForConfig(): void {
    this.#config = undefined;
    const heard = (config: TavusPracticeConfig, leave?: () => void): void => {
      this.#config = config;
      this.#leaveConfig = leave;
      this.requestUpdate();
    };
    this.dispatchEvent(new ContextEvent(practiceContext, this, heard, true));
  }

  #intent(): void {
    if (this.preload !== 'none' && !this.#misconfiguration) void this.#load();
  }

  #pressed(gesture: Event): void {
    // With confirmation="off" the press itself confirms, so the host is asked here.
    const confirms = this.confirmation === 'off' && this.#mayConfirm();
    this.#open(confirms ? { gesture } : {});
  }

  #mayConfirm(): boolean {
    return this.dispatchEvent(new PracticeConfirmEvent(this.courseId ?? ''));
  }

  #open(press: { gesture?: Event }): void {
    if (this.#misconfiguration) return;
    if (this.#surface) return this.#surface.dispatch({ type: 'open', ...press });
    this.#press = press;
    this.#loadFailed = false;
    this.requestUpdate();
    void this.#load().then((surface) => this.#answerPress(surface));
  }

  #answerPress(surface: SessionController | null): void {
    const press = this.#press;
    this.#press = null;
    this.requestUpdate();
    if (!press) return;
    if (surface) return surface.dispatch({ type: 'open', ...press });
    this.#loadFailed = true;
    this.dispatchEvent(
      new PracticeFailedEvent({
        code: 'network',
        message: 'The code of the practice could not be loaded.',
        retryable: true,
        reference: '',
      }),
    );
  }

  /** Fetches everything but the launcher, once. Null when that failed; the next call tries again. */
  #load(): Promise<SessionController | null> {
    this.#loading ??= Promise.all([import('./practice-surface.js'), this.#texts.complete()]).then(
      ([{ createPracticeSurface }]) => {
        if (!this.isConnected) return (this.#loading = null);
        this.#key = practiceKey(this);
        return (this.#surface = createPracticeSurface(this, (phase) => this.#moveTo(phase)));
      },
      () => (this.#loading = null),
    );
    return this.#loading;
  }

  #release(): void {
    this.#surface?.destroy();
    this.#surface = null;
    this.#loading = null;
    this.#press = null;
    this.#moveTo('idle');
    this.requestUpdate();
  }

  #moveTo(state: Phase): void {
    const previous = this.#state;
    if (state === previous) return;
    this.#state = state;
    this.setAttribute('state', state);
    this.dispatchEvent(new PracticeChangeEvent(state, previous));
  }

  #reportMisconfiguration({ attribute, problem }: Misconfiguration): void {
    const message = `<tavus-practice>: the attribute "${attribute}" ${problem}.`;
    console.error(message);
    this.dispatchEvent(
      new PracticeFailedEvent({ code: 'invalid_configuration', message, retryable: false, reference: '' }),
    );
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'tavus-practice': TavusPractice;
  }
}
