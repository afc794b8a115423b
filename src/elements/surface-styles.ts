import { css } from 'lit';

/** The dialog (or the surface in the page) and its three views. */
export const surfaceStyles = css`
  .surface {
    --_gap: calc(var(--_space) * 4);
    --_pad: calc(var(--_space) * 6);
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
    font-size: 0.9375rem;
    line-height: 1.5;
    text-align: start;
    overflow-wrap: anywhere;
  }
  section.surface {
    inline-size: 100%;
    max-inline-size: 480px;
  }
  section.surface.session {
    max-inline-size: 960px;
  }
  dialog {
    inline-size: min(480px, 100vw - 32px);
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
    min-inline-size: min(480px, 100vw - 32px);
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
  h3 {
    font-size: 1.25rem;
    font-weight: 600;
    line-height: 1.3;
    letter-spacing: -0.012em;
    text-wrap: balance;
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
    flex: 0 1 auto;
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
    margin-inline-end: -6px;
    padding: 0;
  }
  button.quiet {
    padding: var(--_space) calc(var(--_space) * 2);
    font-size: 0.8125rem;
    white-space: nowrap;
  }
  .quiet svg {
    inline-size: 16px;
    block-size: 16px;
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
    border-radius: var(--_radius-control);
    background: var(--_accent);
    color: var(--_on-accent);
    font-weight: 600;
    line-height: 1.35;
    text-decoration: none;
  }
  .row {
    display: flex;
    align-items: start;
    gap: calc(var(--_space) * 2);
  }
  .course,
  .fact dt,
  .tips,
  .told,
  .nothing-yet,
  .reference,
  .scale,
  .behind-frame,
  .below-frame,
  .interlude p,
  .card p {
    color: var(--_muted);
  }
  .tips,
  .told,
  .nothing-yet,
  .notice,
  .row.last-result,
  fieldset {
    font-size: 0.875rem;
  }
  .briefing {
    max-inline-size: 60ch;
  }
  .facts {
    display: grid;
    grid-auto-columns: 1fr;
    grid-auto-flow: column;
    border: 1px solid var(--_outline);
    border-radius: var(--_radius-control);
  }
  .fact {
    display: flex;
    flex-direction: column-reverse;
    justify-content: flex-end;
    padding: calc(var(--_space) * 3) var(--_gap);
  }
  .fact + .fact {
    border-inline-start: 1px solid var(--_outline);
  }
  .fact dd {
    font-size: 1.25rem;
    font-weight: 600;
    font-variant-numeric: tabular-nums;
    line-height: 1.3;
    letter-spacing: -0.012em;
  }
  .fact dd::first-letter {
    text-transform: uppercase;
  }
  .last-result {
    color: var(--_success);
    font-weight: 600;
  }
  .tips {
    display: grid;
    gap: calc(var(--_space) * 1.5);
    list-style: none;
  }
  :is(.tips, .told) svg {
    opacity: 0.7;
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

  .actions .nothing-yet {
    flex: 1;
    text-wrap: pretty;
  }
  .notice {
    --_tone: var(--_accent);
    display: flex;
    gap: calc(var(--_space) * 3);
    padding: calc(var(--_space) * 3);
    border: 1px solid color-mix(in srgb, var(--_tone) 28%, var(--_surface));
    border-radius: var(--_radius-control);
    background: color-mix(in srgb, var(--_tone) 7%, var(--_surface));
    text-align: start;
  }
  .notice > svg {
    color: var(--_tone);
  }
  .notice-title {
    font-weight: 600;
  }
  .fact dt,
  .reference,
  .below-frame {
    font-size: 0.8125rem;
  }
  .reference {
    margin-block-start: var(--_space);
  }
  .reference strong {
    display: block;
  }
  code {
    padding: 1px 5px;
    border-radius: 4px;
    background: color-mix(in srgb, var(--_on-surface) 7%, transparent);
    color: var(--_on-surface);
    font-family: ui-monospace, 'SF Mono', Menlo, monospace;
    user-select: all;
  }

  .bone {
    display: block;
    border-radius: var(--_radius-control);
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

  .emblem {
    --_tone: var(--_muted);
    position: relative;
    display: grid;
    place-items: center;
    inline-size: 52px;
    block-size: 52px;
    margin-block-end: calc(var(--_space) * 2);
    border-radius: 50%;
    background: color-mix(in srgb, var(--_tone) 13%, var(--_surface));
    color: var(--_tone);
  }
  .emblem.success {
    --_tone: var(--_success);
  }
  :is(.notice, .emblem).warning {
    --_tone: var(--_warning);
  }
  :is(.notice, .emblem).danger {
    --_tone: var(--_danger);
  }
  .emblem svg {
    inline-size: 26px;
    block-size: 26px;
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
    dialog .stage {
      flex: 1;
      aspect-ratio: auto;
      min-block-size: 0;
    }
    dialog .scroll {
      flex: 1;
      align-content: start;
    }
    dialog .scroll.result {
      align-content: center;
      padding-block-start: var(--_pad);
    }
    dialog footer {
      padding-block-end: max(var(--_gap), env(safe-area-inset-bottom));
    }
  }
  @container practice (max-width: 440px) {
    .scroll,
    footer {
      --_pad: calc(var(--_space) * 4);
    }
    .corner {
      inset-block-start: calc(var(--_space) * 4);
      inset-inline-end: calc(var(--_space) * 4);
    }
    footer .actions {
      flex-direction: column-reverse;
      align-items: stretch;
      text-align: center;
    }
    footer .actions button {
      min-block-size: 48px;
    }
    .fact {
      padding-inline: calc(var(--_space) * 3);
    }
  }
  @container practice (max-width: 300px) {
    .facts {
      grid-auto-flow: row;
    }
    .fact + .fact {
      border-block-start: 1px solid var(--_outline);
      border-inline-start: 0;
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
