import { html, nothing, type TemplateResult } from 'lit';
import { confirmView } from './confirm-view.js';
import { interludeView } from './interlude-view.js';
import { resultView } from './result-view.js';
import { sessionView } from './session-view.js';
import { spokenText } from './spoken-text.js';
import type { View } from './view.js';

/** By what a state is drawn, and its name for the styles. While there is a room, nothing but the session view may be. */
function viewOf(view: View): readonly [name: string, content: TemplateResult] {
  const { join, phase } = view.state;
  if (join) return ['session', sessionView(view, join)];
  switch (phase) {
    case 'idle':
    case 'confirming':
      return ['confirm', confirmView(view)];
    case 'completed':
    case 'abandoned':
    case 'expired':
    case 'failed':
      return ['result', resultView(view)];
    default:
      return ['interlude', interludeView(view)];
  }
}

/** Everything but the launcher: a native dialog, or a section in the flow of the page. */
export function surfaceView(view: View): TemplateResult {
  const { state, display, dispatch } = view;
  const [name, drawn] = viewOf(view);
  const content = html`
    ${drawn}
    <p class="spoken" role="status">${spokenText(view)}</p>
  `;
  if (display === 'inline') {
    const label = view.words.say('title');
    return html`<section class="surface ${name}" part="dialog" aria-label=${label} ?hidden=${!state.open}>
      ${content}
    </section>`;
  }
  return html`<dialog
    class="surface ${name}"
    part="dialog"
    aria-labelledby="title"
    aria-describedby=${name === 'confirm' ? 'first' : nothing}
    @cancel=${(event: Event) => {
      // The state decides whether the dialog closes. Where the browser does not let it, `close` follows.
      if (!event.cancelable) return;
      event.preventDefault();
      dispatch({ type: 'dismiss' });
    }}
    @close=${view.closed}
  >
    ${content}
  </dialog>`;
}
