import { html, nothing, type TemplateResult } from 'lit';

type Fact = readonly [value: string, label: string, part?: string];

/** What counts, in numbers: the value large, its label small. What there is none of is left out. */
export const facts = (...shown: readonly (Fact | '' | undefined | false)[]): TemplateResult =>
  html`<dl class="facts" part="facts">
    ${shown.map((fact) => {
      if (!fact) return nothing;
      const [value, label, part = 'fact'] = fact;
      return html`<div class="fact" part=${part}>
        <dt>${label}</dt>
        <dd>${value}</dd>
      </div>`;
    })}
  </dl>`;
