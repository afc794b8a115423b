import { ContextProvider } from '@lit/context';
import { LitElement, css, html, type TemplateResult } from 'lit';
import { property } from 'lit/decorators/property.js';
import type { Messages } from './locales/messages.js';
import { practiceContext } from './practice-context.js';

/**
 * Sets up all `<tavus-practice>` elements inside it at once. What one of them says itself goes first. Draws nothing.
 *
 * @slot - the part of the page that is set up
 */
export class TavusPracticeConfig extends LitElement {
  static override styles = css`
    :host {
      display: contents;
    }
  `;

  /** Base URL of the host's backend, on the same or another origin. */
  @property({ reflect: true }) backend?: string;
  /** For every request: `same-origin`, `include` or `omit`. */
  @property({ reflect: true }) credentials?: 'same-origin' | 'include' | 'omit';
  /** Header to send with every unsafe request. */
  @property({ reflect: true, attribute: 'csrf-header' }) csrfHeader?: string;
  /** Where its value comes from: `meta:NAME` or `cookie:NAME`. */
  @property({ reflect: true, attribute: 'csrf-source' }) csrfSource?: string;

  /** Returns the bearer token; called for each request and once more after a 401. */
  @property({ attribute: false }) tokenProvider?: () => string | Promise<string>;
  /** Further headers for every request. */
  @property({ attribute: false }) headers?: () => HeadersInit;
  /** Replaces any text of the elements. */
  @property({ attribute: false }) messages: Partial<Messages> = {};

  readonly #provider = new ContextProvider(this, { context: practiceContext, initialValue: this });

  protected override updated(): void {
    this.#provider.setValue(this, true);
  }

  protected override render(): TemplateResult {
    return html`<slot></slot>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'tavus-practice-config': TavusPracticeConfig;
  }
}
