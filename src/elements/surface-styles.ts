import { css } from 'lit';

/** The dialog (or the surface in the page) and its three views. */
export const surfaceStyles = css`
  svg {
    flex: none;
    inline-size: 1.333em;
    block-size: 1.333em;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.75;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .surface {
    --_gap: calc(var(--_space) * 4);
    --_pad: calc(var(--_space) * 6);
    --_inner: calc(var(--_radius) * 2 / 3);
    --_width: calc(var(--_text) * 30);
    container: practice / inline-size;
    display: flex;
    flex-direction: column;
    z-index: var(--tavus-practice-z-index, auto);
    overflow: hidden;
    padding: 0;
    border: 1px solid var(--_outline);
    border-radius: var(--_radius);
    background: var(--_surface);
    color: var(--_on-surface);
    font-size: var(--_body);
    line-height: 1.5;
    text-align: start;
    overflow-wrap: anywhere;
  }
  section.surface {
    inline-size: 100%;
    max-inline-size: var(--_width);
  }
  section.surface.session {
    max-inline-size: 960px;
  }
  dialog {
    inline-size: min(var(--_width), 100vw - 32px);
    max-inline-size: none;
    max-block-size: calc(100dvh - 32px);
    border-color: light-dark(transparent, var(--_outline));
    box-shadow: var(--_shadow);
    overscroll-behavior: contain;
  }
  dialog:not([open]) {
    display: none;
  }
  dialog::backdrop {
    background: var(--_backdrop);
  }
  dialog.session {
    inline-size: min(960px, 100vw - 32px, (100dvh - 176px) * 16 / 9);
    min-inline-size: min(var(--_width), 100vw - 32px);
  }
  h2,
  h3,
  p,
  dl,
  dd,
  ul,
  fieldset {
    min-inline-size: 0;
    margin: 0;
    padding: 0;
    border: 0;
  }
  h2,
  h3,
  dd {
    font-size: var(--_large);
    line-height: 1.3;
    text-wrap: balance;
  }
  h2,
  h3,
  dd,
  legend,
  strong,
  .notice-title,
  .last-result,
  .missing,
  .message,
  .timer,
  .scale label {
    font-weight: 600;
  }
  .timer,
  dd {
    font-variant-numeric: tabular-nums;
  }
  [tabindex='-1']:focus {
    outline: none;
  }
  .spoken {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }

  /* Confirm and result: what may be long scrolls, the actions stay. */
  .scroll {
    display: grid;
    align-content: start;
    gap: var(--_gap);
    overflow-y: auto;
    padding: var(--_pad) var(--_pad) calc(var(--_space) * 5);
  }
  .scroll > header {
    display: flex;
    align-items: start;
    justify-content: space-between;
    gap: var(--_gap);
  }
  .course {
    margin-block-start: 2px;
  }
  button:is(.icon, .quiet, .danger) {
    min-block-size: 32px;
    border-color: transparent;
    background: none;
    color: var(--_muted);
  }
  button:is(.icon, .quiet, .danger):hover {
    background: color-mix(in srgb, currentColor 12%, transparent);
  }
  button.icon {
    flex: none;
    inline-size: 32px;
    margin: -4px;
    padding: 0;
  }
  button.quiet {
    padding: var(--_space) calc(var(--_space) * 2);
    font-size: var(--_small);
    white-space: nowrap;
  }
  button.danger {
    margin-inline-end: auto;
    color: var(--_danger);
  }
  a {
    display: grid;
    place-items: center;
    min-block-size: 40px;
    padding: calc(var(--_space) * 2) var(--_gap);
    border-radius: var(--_control-radius);
    background: var(--_accent);
    color: var(--_on-accent);
    font-weight: var(--_control-weight);
    line-height: 1.35;
    text-decoration: none;
  }
  .row {
    display: flex;
    align-items: start;
    gap: calc(var(--_space) * 2);
  }
  .course,
  dt,
  .tips,
  .told,
  .nothing-yet,
  .reference,
  .scale,
  .behind-frame,
  .below-frame,
  .card p {
    color: var(--_muted);
  }
  .briefing {
    max-inline-size: 60ch;
  }
  .facts {
    display: flex;
    flex-wrap: wrap;
    overflow: clip;
    border: 1px solid var(--_outline);
    border-radius: var(--_inner);
  }
  /* Their lines lie on top of each other and of the edge, so that they may break anywhere. */
  .fact {
    display: flex;
    flex: 1 1 6em;
    flex-direction: column-reverse;
    justify-content: flex-end;
    margin-block-start: -1px;
    margin-inline-start: -1px;
    padding: calc(var(--_space) * 3) var(--_gap);
    border: 0 solid var(--_outline);
    border-block-start-width: 1px;
    border-inline-start-width: 1px;
  }
  dd {
    overflow-wrap: break-word;
  }
  dd::first-letter {
    text-transform: uppercase;
  }
  .last-result {
    color: var(--_success);
  }
  .tips {
    display: grid;
    gap: calc(var(--_space) * 1.5);
    list-style: none;
  }
  footer {
    display: grid;
    flex: none;
    gap: var(--_gap);
    padding: var(--_gap) var(--_pad) calc(var(--_space) * 5);
    border-block-start: 1px solid var(--_outline);
  }
  .actions {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: flex-end;
    gap: calc(var(--_space) * 2);
  }
  .nothing-yet {
    flex: 1;
    text-wrap: balance;
  }
  .notice {
    display: flex;
    gap: calc(var(--_space) * 3);
    padding: calc(var(--_space) * 3);
    border: 1px solid color-mix(in srgb, var(--_tone, var(--_accent)) 28%, var(--_surface));
    border-radius: var(--_inner);
    background: color-mix(in srgb, var(--_tone, var(--_accent)) 7%, var(--_surface));
    text-align: start;
  }
  .notice > svg {
    color: var(--_tone, var(--_accent));
  }
  dt,
  .tips,
  .told,
  .reference,
  .actions .nothing-yet,
  .below-frame {
    font-size: var(--_small);
  }
  .reference {
    margin-block-start: var(--_space);
  }
  .reference strong {
    display: block;
  }
  .copyable {
    display: inline-flex;
    align-items: center;
    gap: var(--_space);
    max-inline-size: 100%;
    vertical-align: middle;
  }
  code {
    padding: 2px 6px;
    border-radius: 4px;
    background: color-mix(in srgb, var(--_on-surface) 7%, transparent);
    color: var(--_on-surface);
    font-family: ui-monospace, monospace;
    user-select: all;
  }

  .bone {
    display: block;
    border-radius: var(--_inner);
    background: color-mix(in srgb, var(--_on-surface) 8%, transparent);
  }
  .course-bone {
    inline-size: min(14em, 100%);
    block-size: 1.1em;
    margin-block: 0.2em;
  }
  .text-bone {
    block-size: 3em;
  }
  .facts-bone {
    block-size: 73px;
  }

  .success {
    --_tone: var(--_success);
  }
  .warning {
    --_tone: var(--_warning);
  }
  .danger {
    --_tone: var(--_danger);
  }

  /* On a phone, upright or not, it takes what there is. */
  @media (max-width: 560px), (max-height: 480px) {
    dialog.surface {
      inline-size: 100vw;
      min-inline-size: 0;
      max-inline-size: none;
      block-size: 100dvh;
      max-block-size: none;
      margin: 0;
      border: 0;
      border-radius: 0;
    }
    dialog :is(.scroll, .stage) {
      flex: 1;
      aspect-ratio: auto;
      min-block-size: 0;
    }
    dialog footer {
      padding-block-end: max(var(--_gap), env(safe-area-inset-bottom));
    }
  }
  @container practice (max-width: 29em) {
    .scroll,
    footer {
      --_pad: calc(var(--_space) * 4);
    }
    .fact {
      padding-inline: calc(var(--_space) * 3);
    }
    :is(footer, .card) .actions {
      flex-direction: column-reverse;
      align-items: stretch;
      gap: calc(var(--_space) * 3);
      text-align: center;
    }
    .actions :is(a, button) {
      min-block-size: 48px;
    }
  }

  @media (prefers-reduced-motion: no-preference) {
    dialog[open] {
      animation: rise 180ms var(--_ease);
    }
    dialog[open]::backdrop {
      animation: appear 180ms var(--_ease);
    }
    .bone {
      animation: breathe 1.2s ease-in-out infinite alternate;
    }
    @keyframes rise {
      from {
        opacity: 0;
        transform: translateY(8px);
      }
    }
    @keyframes appear {
      from {
        opacity: 0;
      }
    }
  }
  @media (forced-colors: active) {
    dialog,
    .notice {
      border-color: CanvasText;
    }
    a {
      border: 1px solid LinkText;
    }
    .bone {
      background: GrayText;
    }
  }
`;
