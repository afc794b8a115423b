import { html, nothing, type TemplateResult } from 'lit';
import type { Trouble } from '../client/practice-state.js';
import { alertIcon, infoIcon } from './icons.js';
import { troubleWords } from './trouble-words.js';
import type { Wording } from './wording.js';

interface Notice {
  tone: 'info' | 'warning' | 'danger';
  title: string;
  text?: string;
  /** For support; selected as a whole with one click. */
  reference?: string;
  icon?: TemplateResult;
}

/** What stands in the way, or is good to know: a shape, a colour and words, never colour alone. */
export function notice(words: Wording, { tone, title, text, reference, icon }: Notice): TemplateResult {
  return html`<div class="notice ${tone}" part=${tone === 'danger' ? 'notice error' : 'notice'}>
    ${icon ?? (tone === 'info' ? infoIcon : alertIcon)}
    <div>
      <p class="notice-title">${title}</p>
      ${text ? html`<p>${text}</p>` : nothing}
      ${reference ? html`<p class="reference">${words.say('reference')} <code>${reference}</code></p>` : nothing}
    </div>
  </div>`;
}

/** What a trouble means and what to do next. `now`: the server's time, for moments like "tomorrow". */
export function troubleText(words: Wording, trouble: Trouble, now?: string): { title: string; text: string } {
  const key = troubleWords(trouble.code);
  const text =
    key === 'used' && trouble.resetsAt && now
      ? words.say('usedNextAt', { moment: words.moment(trouble.resetsAt, now) })
      : words.say(`${key}Next`);
  return { title: words.say(key), text };
}
