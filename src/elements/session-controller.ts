import type { ReactiveController, ReactiveControllerHost, TemplateResult } from 'lit';
import {
  missingConsent,
  type Intent,
  type Phase,
  type PracticeRunner,
  type PracticeState,
} from '../client/practice-state.js';
import { PracticeConfirmEvent } from './launcher-events.js';
import { lastResult } from './last-result.js';
import type { Texts } from './texts.js';
import { surfaceView } from './surface-view.js';
import type { View } from './view.js';
import { Wording } from './wording.js';

/** What must not be let go of, also behind a closed dialog. */
const UNDER_WAY: ReadonlySet<Phase> = new Set(['queued', 'starting', 'live', 'ending']);

/** The element, as far as its surface needs it. */
export interface SurfaceHost extends ReactiveControllerHost, HTMLElement {
  readonly renderRoot: HTMLElement | DocumentFragment;
  courseId?: string;
  courseTitle?: string;
  display: string;
  tips?: readonly string[];
  readonly texts: Pick<Texts, 'language' | 'messages'>;
}

/** Joins the runner to the life of the element: draws its state, keeps dialog and focus in step with it. */
export class SessionController implements ReactiveController {
  readonly #host: SurfaceHost;
  readonly #runner: PracticeRunner;
  readonly #unsubscribe: () => void;
  #display: string;
  #wasOpen = false;
  #focused: HTMLElement | null = null;
  #target: Element | null = null;
  /** What had the focus when a question took it. */
  #interrupted: HTMLElement | null = null;

  /** @param onChange called with every new state, before it is drawn */
  constructor(host: SurfaceHost, runner: PracticeRunner, onChange: (state: PracticeState) => void) {
    this.#host = host;
    this.#runner = runner;
    this.#display = host.display;
    this.#unsubscribe = runner.subscribe((state) => {
      onChange(state);
      host.requestUpdate();
    });
    host.addController(this);
  }

  get state(): PracticeState {
    return this.#runner.getState();
  }

  get pending(): number {
    return this.#runner.pending;
  }

  get storageMode(): 'indexeddb' | 'memory' {
    return this.#runner.storageMode;
  }

  /** What the launcher remembers of the course, or "". */
  get memory(): string {
    return lastResult(this.state, this.#words());
  }

  /** An open surface in the flow of the page stands in the launcher's place. */
  get coversLauncher(): boolean {
    return this.state.open && this.#display === 'inline';
  }

  /** Nothing is shown, and nothing is under way. */
  get isAtRest(): boolean {
    const { open, phase } = this.state;
    return !open && !UNDER_WAY.has(phase);
  }

  dispatch(intent: Intent): void {
    this.#runner.dispatch(intent);
  }

  comeBack(): Promise<void> {
    return this.#runner.comeBack();
  }

  flush(): Promise<void> {
    return this.#runner.flush();
  }

  forget(): Promise<void> {
    return this.#runner.forget();
  }

  /** The element left the document for good. */
  destroy(): void {
    this.#unsubscribe();
    this.#runner.destroy();
    this.#host.removeController(this);
  }

  hostConnected(): void {
    this.#host.requestUpdate();
  }

  hostUpdate(): void {
    // A change of `display` waits until the surface is closed: it would re-create the frame.
    if (!this.state.open) this.#display = this.#host.display;
    this.#focused = this.#activeElement;
  }

  hostUpdated(): void {
    const surface = this.#surface;
    if (!surface) return;
    const { open } = this.state;
    if (surface instanceof HTMLDialogElement) showOrHide(surface, open);
    if (open) this.#moveFocus(surface);
    else if (this.#wasOpen) this.#host.focus();
    if (!open) this.#target = null;
    this.#wasOpen = open;
  }

  render(): TemplateResult {
    const { courseTitle, tips } = this.#host;
    const view: View = {
      state: this.state,
      words: this.#words(),
      display: this.#display,
      courseTitle,
      tips,
      dispatch: this.#runner.dispatch.bind(this.#runner),
      confirm: (gesture) => this.#confirm({ type: 'confirm', gesture }),
      resume: (gesture) => this.#confirm({ type: 'resume', gesture }),
      closed: this.#closed,
    };
    return surfaceView(view);
  }

  /** The host may object as long as nothing has been requested. */
  #confirm(intent: Intent): void {
    // A press that leads to a consent that is missing leads there each time, and confirms nothing.
    if (intent.type === 'confirm' && missingConsent(this.state)) this.#target = null;
    else if (!this.#host.dispatchEvent(new PracticeConfirmEvent(this.#host.courseId ?? ''))) return;
    this.dispatch(intent);
  }

  /** The browser may close a dialog by itself: that counts as a wish, and during a call it is shown again. */
  readonly #closed = ({ currentTarget: dialog }: Event): void => {
    const isShownAgain = dialog instanceof HTMLDialogElement && dialog.open;
    if (!this.state.open || isShownAgain) return;
    this.dispatch({ type: 'dismiss' });
    this.#host.requestUpdate();
  };

  /**
   * Each view names where the focus belongs with `autofocus`. It moves there when that place is new,
   * or when what had the focus is gone. A question that is withdrawn gives it back.
   */
  #moveFocus(surface: HTMLElement): void {
    const target = surface.querySelector<HTMLElement>('[autofocus]');
    const isAsking = Boolean(target?.closest('[role=alertdialog]'));
    if (isAsking && target !== this.#target) this.#interrupted = this.#focused;
    const isLost = this.#focused !== null && !this.#focused.isConnected;
    if (target && (target !== this.#target || isLost)) {
      const isBack = !isAsking && this.#interrupted?.isConnected;
      (isBack ? this.#interrupted : target)?.focus();
    }
    if (!isAsking) this.#interrupted = null;
    this.#target = target;
  }

  get #surface(): HTMLElement | null {
    return this.#host.renderRoot.querySelector<HTMLElement>('.surface');
  }

  get #activeElement(): HTMLElement | null {
    const root = this.#host.renderRoot;
    const active = root instanceof ShadowRoot ? root.activeElement : null;
    return active instanceof HTMLElement ? active : null;
  }

  #words(): Wording {
    const { language, messages } = this.#host.texts;
    return new Wording(language.tag, messages);
  }
}

function showOrHide(dialog: HTMLDialogElement, open: boolean): void {
  if (open === dialog.open && open === dialog.matches(':modal')) return;
  // Moved in the document, a dialog stays `open` without being modal; it has to close before it can be.
  if (dialog.open) dialog.close();
  if (open) dialog.showModal();
}
