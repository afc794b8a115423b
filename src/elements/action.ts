import { html, nothing, type TemplateResult } from 'lit';
import type { Intent } from '../client/practice-state.js';
import type { Messages } from './locales/messages.js';
import type { View } from './view.js';

interface Look {
  part?: string;
  kind?: 'primary' | 'quiet' | 'danger';
  icon?: TemplateResult;
  autofocus?: boolean;
}

type Free = Exclude<Intent['type'], 'confirm' | 'resume' | 'consent' | 'feedback'>;

/** A button that costs nothing. The two that do are written out where they stand, so that none of these ever becomes one. */
export function action(
  { words, dispatch }: View,
  text: keyof Messages,
  type: Free,
  { part, kind, icon, autofocus = false }: Look = {},
): TemplateResult {
  return html`<button
    class=${kind ?? nothing}
    part=${part ?? nothing}
    type="button"
    ?autofocus=${autofocus}
    @click=${() => dispatch({ type })}
  >
    ${icon}${words.say(text)}
  </button>`;
}

/** The ways on from where the learner is. */
export const actions = (...content: unknown[]): TemplateResult =>
  html`<div class="actions" part="actions">${content}</div>`;

/** The way out of a frame that gives no camera: this page by itself. */
export const newTab = ({ state, words }: View): TemplateResult | typeof nothing =>
  state.trouble?.code === 'blocked_by_page' && state.page?.address
    ? html`<a href=${state.page.address} target="_blank" rel="noopener">${words.say('openInTab')}</a>`
    : nothing;
