import { css } from 'lit';

/** The conversation: a slim bar, the face, and nothing over it. */
export const sessionStyles = css`
  .session-room {
    position: relative;
    display: flex;
    flex: 1;
    flex-direction: column;
    min-block-size: 0;
  }
  .toolbar {
    display: flex;
    flex: none;
    flex-wrap: wrap;
    align-items: center;
    gap: calc(var(--_space) * 2) calc(var(--_space) * 3);
    padding: calc(var(--_space) * 2) var(--_gap) 0;
    transition: background-color 200ms var(--_ease);
  }
  .toolbar h2 {
    flex: 1 1 7em;
    min-inline-size: min(7em, 100%);
    font-size: inherit;
  }
  .live-dot {
    inline-size: 8px;
    block-size: 8px;
    border-radius: 50%;
    background: var(--_accent);
  }
  .toolbar > :is(.timer, .actions) {
    flex-wrap: nowrap;
    white-space: nowrap;
  }
  .timer {
    font-size: var(--_text);
    line-height: 2.5;
  }
  progress {
    flex: none;
    order: 2;
    inline-size: calc(100% + 2 * var(--_gap));
    block-size: 2px;
    margin-inline: calc(-1 * var(--_gap));
    border: 0;
    appearance: none;
    background: var(--_outline);
    color: var(--_accent);
  }
  progress::-webkit-progress-bar {
    background: none;
  }
  progress::-webkit-progress-value {
    background: currentColor;
  }
  progress::-moz-progress-bar {
    background: currentColor;
  }
  .toolbar.warm {
    background: color-mix(in srgb, var(--_warning) 9%, var(--_surface));
  }
  .warm :is(.timer, progress) {
    color: var(--_warning);
  }
  .message {
    align-items: center;
    color: var(--_warning);
    font-size: var(--_small);
    line-height: 1.35;
  }
  .stage {
    display: grid;
    flex: 0 1 auto;
    aspect-ratio: var(--tavus-practice-frame-ratio, 16 / 9);
    min-block-size: 240px;
    background: color-mix(in srgb, var(--_on-surface) 5%, var(--_surface));
  }
  .stage > * {
    grid-area: 1 / 1;
    min-inline-size: 0;
  }
  iframe {
    inline-size: 100%;
    block-size: 100%;
    border: 0;
  }
  .behind-frame {
    place-self: center;
  }
  .cover {
    position: absolute;
    inset: 0;
    z-index: 1;
    display: grid;
    place-items: safe center;
    overflow: auto;
    padding: var(--_gap);
    background: var(--_backdrop);
  }
  .card {
    display: grid;
    gap: calc(var(--_space) * 2);
    inline-size: min(100%, 27em);
    padding: var(--_pad);
    border: 1px solid var(--_outline);
    border-radius: var(--_radius);
    background: var(--_surface);
    box-shadow: var(--_shadow);
  }
  .card .actions {
    margin-block-start: calc(var(--_space) * 3);
  }
  .below-frame {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: calc(var(--_space) * 3);
    min-block-size: 48px;
    padding: calc(var(--_space) * 1.5) calc(var(--_space) * 3);
    padding-inline-start: var(--_gap);
    border: 0;
  }

  .turns:dir(rtl) {
    transform: scaleX(-1);
    transform-origin: center;
  }

  @container practice (max-width: 56em) {
    .message {
      order: 1;
      inline-size: 100%;
    }
  }
  @container practice (max-width: 37em) {
    .session-room {
      padding-block-end: 76px;
    }
    .toolbar .actions {
      position: absolute;
      inset-inline: 0;
      inset-block-end: 0;
      padding: calc(var(--_space) * 3) var(--_gap) var(--_gap);
    }
    .toolbar .actions button {
      flex: 1;
      min-block-size: 48px;
    }
    .cover {
      align-items: safe end;
    }
    button.danger {
      margin-inline-end: 0;
    }
  }
  @media (prefers-reduced-motion: no-preference) {
    .live-dot {
      animation: breathe 1.4s ease-in-out infinite alternate;
    }
    .message {
      animation: slide 180ms var(--_ease);
    }
    .cover {
      animation: appear 140ms var(--_ease);
    }
    @keyframes slide {
      from {
        opacity: 0;
        transform: translateY(-6px);
      }
    }
  }
  @media (forced-colors: active) {
    .live-dot,
    .pulse::after {
      background: Highlight;
    }
    .toolbar,
    .below-frame {
      border-block-end: 1px solid CanvasText;
    }
  }
`;
