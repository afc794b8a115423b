import { html, nothing, type TemplateResult } from 'lit';
import type { Trouble } from '../client/practice-state.js';
import { alertIcon, infoIcon } from './icons.js';
import { support } from './support.js';
import { troubleWords } from './trouble-words.js';
import type { View } from './view.js';
import type { Wording } from './wording.js';

interface Notice {
  tone: 'info' | 'warning' | 'danger';
  title: string;
  text?: string;
  more?: TemplateResult | typeof nothing;
  icon?: TemplateResult;
}

/** What stands in the way, or is good to know: a shape, a colour and words, never colour alone. */
export function notice({ tone, title, text, more, icon }: Notice): TemplateResult {
  return html`<div class="notice ${tone}" part=${tone === 'danger' ? 'notice error' : 'notice'}>
    ${icon ?? (tone === 'info' ? infoIcon : alertIcon)}
    <div>
      <p class="notice-title">${title}</p>
      ${text ? html`<p>${text}</p>` : nothing} ${more}
    </div>
  </div>`;
}

/** What went wrong, what to do, and what helps whoever is asked for help. */
export function troubleNotice(view: View, tone: Notice['tone'] = 'warning'): TemplateResult | typeof nothing {
  const { state, words } = view;
  const { trouble, offer } = state;
  return trouble ? notice({ tone, ...troubleText(words, trouble, offer?.serverTime), more: support(view) }) : nothing;
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
