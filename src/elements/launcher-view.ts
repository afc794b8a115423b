import { html, nothing, type TemplateResult } from 'lit';
import type { LauncherMessages } from './locales/messages.js';
import type { SessionController } from './session-controller.js';
import type { TavusPractice } from './tavus-practice.js';
import type { Texts } from './texts.js';

interface Launcher {
  texts: Texts;
  /** Everything behind the button, once it is loaded. */
  surface: SessionController | null;
  label: keyof LauncherMessages;
  error: 'misconfigured' | 'loadFailed' | null;
  pressed: (gesture: Event) => void;
  /** The learner is about to press. */
  intent: () => void;
}

/** The button in the page. It is all that most elements ever draw, and a page may have a thousand of them. */
export function launcherView({ display, disabled }: TavusPractice, launcher: Launcher): TemplateResult {
  const { texts, surface, label, error, pressed, intent } = launcher;
  return html`
    <button
      class="primary"
      part="launcher"
      type="button"
      lang=${texts.language.tag}
      dir=${texts.language.dir}
      aria-haspopup=${display === 'inline' ? nothing : 'dialog'}
      aria-busy=${label === 'opening' ? 'true' : nothing}
      ?disabled=${disabled || error === 'misconfigured'}
      ?hidden=${surface?.coversLauncher}
      @click=${pressed}
      @pointerenter=${intent}
      @focusin=${intent}
    >
      <slot name="launcher">${texts.say(label)}</slot>
    </button>
    ${surface || error ? beyondLauncher(launcher) : nothing}
  `;
}

function beyondLauncher({ texts, surface, error, pressed }: Launcher): TemplateResult {
  const { tag, dir } = texts.language;
  const memory = surface?.coversLauncher ? '' : surface?.memory;
  return html`<div class="beyond" lang=${tag} dir=${dir}>
    ${memory ? html`<span class="memory">${memory}</span>` : nothing}
    ${
      error
        ? html`<div class="error" part="error" role="alert">
            <p>${texts.say(error)}</p>
            ${
              error === 'loadFailed'
                ? html`<button part="retry-button" type="button" @click=${pressed}>${texts.say('retry')}</button>`
                : nothing
            }
          </div>`
        : nothing
    }
    ${surface?.render()}
  </div>`;
}
