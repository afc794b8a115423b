import { css } from 'lit';

/** What is shown before and after the conversation: a sign, a heading and what it means, in the middle. */
export const momentStyles = css`
  .moment {
    position: relative;
    align-content: safe center;
    justify-items: center;
    gap: calc(var(--_space) * 2);
    padding-block: calc(var(--_space) * 10) calc(var(--_space) * 8);
    text-align: center;
  }
  .interlude {
    min-block-size: min(26em, 100dvh - 32px);
  }
  .interlude .moment {
    flex: 1;
  }
  .moment > p {
    max-inline-size: 46ch;
    text-wrap: balance;
  }
  .emblem {
    display: grid;
    place-items: center;
    inline-size: 2.6em;
    block-size: 2.6em;
    margin-block-end: calc(var(--_space) * 2);
    border-radius: 50%;
    background: color-mix(in srgb, var(--_tone, var(--_muted)) 13%, var(--_surface));
    color: var(--_tone, var(--_muted));
    font-size: var(--_large);
  }
  .pulse {
    --_tone: var(--_accent);
  }
  .pulse::after {
    inline-size: 1em;
    block-size: 1em;
    border-radius: 50%;
    background: currentColor;
    content: '';
  }
  .corner {
    position: absolute;
    inset-block-start: calc(var(--_space) * 5);
    inset-inline-end: var(--_pad);
  }
  .moment .facts {
    min-inline-size: min(100%, 17em);
    margin-block: var(--_gap) calc(var(--_space) * 2);
  }
  .facts:not(:has(.fact)) {
    display: none;
  }
  .moment .fact {
    align-items: center;
  }
  .moment dd {
    font-size: calc(var(--_text) * 1.5);
  }
  @media (prefers-reduced-motion: no-preference) {
    .pulse {
      animation: pulse 1.6s ease-in-out infinite alternate;
    }
    @keyframes pulse {
      from {
        transform: scale(0.88);
        opacity: 0.7;
      }
    }
  }
`;
