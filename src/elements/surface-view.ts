import { html, nothing, type TemplateResult } from 'lit';
import type { PracticeState } from '../client/practice-state.js';
import { confirmView } from './confirm-view.js';
import { resultView } from './result-view.js';
import { sessionView } from './session-view.js';
import { spokenText } from './spoken-text.js';
import type { View } from './view.js';

export type ViewName = 'confirm' | 'session' | 'result';

/** Which view a state is drawn by. While there is a room, nothing but the session view may be. */
export function viewOf({ join, phase }: PracticeState): ViewName {
  if (join) return 'session';
  switch (phase) {
    case 'idle':
    case 'confirming':
      return 'confirm';
    case 'completed':
    case 'abandoned':
    case 'expired':
    case 'failed':
      return 'result';
    default:
      return 'session';
  }
}

const VIEWS: { readonly [name in ViewName]: (view: View) => TemplateResult } = {
  confirm: confirmView,
  session: sessionView,
  result: resultView,
};

/** Everything but the launcher: a native dialog, or a section in the flow of the page. */
export function surfaceView(view: View): TemplateResult {
  const { state, display, dispatch } = view;
  const name = viewOf(state);
  const content = html`
    ${VIEWS[name](view)}
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
