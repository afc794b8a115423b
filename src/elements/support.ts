import { html, nothing, type TemplateResult } from 'lit';
import type { PageObstacle } from '../client/page-check.js';
import type { ProblemCode } from '../protocol/index.js';
import type { Messages } from './locales/messages.js';
import type { View } from './view.js';
import type { Wording } from './wording.js';

const TO_DO: { readonly [what in ProblemCode | PageObstacle['kind']]?: keyof Messages } = {
  out_of_credits: 'teamCredits',
  provider_misconfigured: 'teamSettings',
  https: 'teamHttps',
  sandbox: 'teamSandbox',
  frame: 'teamFrame',
  header: 'teamHeader',
};

/** For whoever the learner asks for help: what has to be put right, and where it can be found in a log. */
export function support({ state, words }: View): TemplateResult | typeof nothing {
  const { trouble, page } = state;
  if (!trouble) return nothing;
  const obstacle = trouble.code === 'blocked_by_page' ? page?.obstacle : null;
  const toDo = TO_DO[obstacle?.kind ?? trouble.code];
  return html`
    ${
      toDo
        ? html`<p class="reference">
            <strong>${words.say('forTeam')}</strong> ${words.say(toDo)} ${copyable(words, obstacle?.needs)}
          </p>`
        : nothing
    }
    ${
      trouble.reference
        ? html`<p class="reference">${words.say('reference')} ${copyable(words, trouble.reference)}</p>`
        : nothing
    }
  `;
}

function copyable(words: Wording, text: string | undefined): TemplateResult | typeof nothing {
  if (!text) return nothing;
  const copy = ({ currentTarget }: Event): void => {
    const { previousElementSibling: code, nextElementSibling: said } = currentTarget as HTMLElement;
    if (!code || !said) return;
    getSelection()?.selectAllChildren(code);
    // Frames may use the clipboard's own interface only where the page around them allows it; this works everywhere.
    if (document.execCommand('copy')) said.textContent = words.say('copied');
  };
  return html`<span class="copyable">
    <code dir="ltr">${text}</code>
    <button class="quiet" type="button" @click=${copy}>${words.say('copy')}</button>
    <span role="status"></span>
  </span>`;
}
