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
  .beyond {
    display: contents;
  }
  button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: calc(var(--_space) * 2);
    min-block-size: 40px;
    padding: calc(var(--_space) * 2) calc(var(--_space) * 4);
    border: 1px solid var(--_outline);
    border-radius: var(--_radius-control);
    background: var(--_surface);
    color: var(--_on-surface);
    font: inherit;
    font-size: 0.9375rem;
    font-weight: 600;
    line-height: 1.35;
    text-align: center;
    cursor: pointer;
    transition: background-color 120ms var(--_ease);
  }
  button:hover {
    background: color-mix(in srgb, var(--_on-surface) 6%, var(--_surface));
  }
  button:active {
    background: color-mix(in srgb, var(--_on-surface) 11%, var(--_surface));
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
  svg {
    flex: none;
    inline-size: 20px;
    block-size: 20px;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.75;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .memory {
    margin-inline: calc(var(--_space) * 3);
    color: var(--_muted);
    font-size: 0.8125rem;
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
    font-size: 0.875rem;
    line-height: 1.45;
  }
  .error p {
    margin: 0;
  }
  @media (prefers-reduced-motion: no-preference) {
    [aria-busy='true'] {
      animation: breathe 1.2s ease-in-out infinite alternate;
    }
    @keyframes breathe {
      to {
        opacity: 0.7;
      }
    }
  }
  @media (forced-colors: active) {
    button,
    button.primary {
      border-color: ButtonText;
    }
  }
`;
