import { css } from 'lit';

/** The button in the page and what may stand beside it, until something is opened. */
export const launcherStyles = css`
  :host {
    display: inline-block;
    max-inline-size: 100%;
    vertical-align: middle;
    font: var(--_font);
  }
  :host([display='inline']) {
    display: block;
  }
  :host([hidden]),
  [hidden] {
    display: none !important;
  }
  *,
  ::before,
  ::after {
    box-sizing: border-box;
  }
  /* Of what a page sets on everything in it, only its font and its colour scheme belong in here. */
  .beyond {
    all: initial;
    display: contents;
    color-scheme: inherit;
    visibility: inherit;
    font: var(--_font);
  }
  button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: calc(var(--_space) * 2);
    min-block-size: 40px;
    padding: calc(var(--_space) * 2) calc(var(--_space) * 4);
    border: 1px solid var(--_control-outline);
    border-radius: var(--_control-radius);
    background: var(--_control);
    color: var(--_on-control);
    font: inherit;
    font-size: var(--_body);
    font-weight: var(--_control-weight);
    line-height: 1.35;
    text-align: center;
    cursor: pointer;
    transition: background-color 120ms var(--_ease);
  }
  button:hover {
    background: color-mix(in srgb, var(--_on-surface) 6%, var(--_control));
  }
  button:active {
    background: color-mix(in srgb, var(--_on-surface) 11%, var(--_control));
  }
  button.primary {
    border-color: transparent;
    background: var(--_accent);
    color: var(--_on-accent);
  }
  button.primary:hover {
    background: color-mix(in srgb, var(--_on-surface) 14%, var(--_accent));
  }
  button.primary:active {
    background: color-mix(in srgb, var(--_on-surface) 26%, var(--_accent));
  }
  button:disabled {
    cursor: not-allowed;
    opacity: 0.55;
  }
  :focus-visible {
    outline: 2px solid var(--_accent);
    outline-offset: 2px;
  }
  .memory {
    margin-inline: calc(var(--_space) * 3);
    color: var(--_muted);
    font-size: var(--_small);
    font-variant-numeric: tabular-nums;
  }
  .error {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: calc(var(--_space) * 3);
    max-inline-size: 60ch;
    margin-block-start: calc(var(--_space) * 2);
    color: var(--_danger);
    font-size: var(--_body);
    line-height: 1.45;
  }
  .error p {
    margin: 0;
  }
  @media (prefers-reduced-motion: no-preference) {
    button[aria-busy='true'] {
      animation: breathe 1.2s ease-in-out infinite alternate;
    }
    @keyframes breathe {
      to {
        opacity: 0.7;
      }
    }
  }
  @media (forced-colors: active) {
    button {
      border-color: ButtonText;
    }
    button.primary {
      border-color: Highlight;
      background: Highlight;
      color: HighlightText;
      forced-color-adjust: none;
    }
  }
`;
