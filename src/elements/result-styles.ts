import { css } from 'lit';

/** What came out of it: a quiet win, in the middle. */
export const resultStyles = css`
  .scroll.result {
    position: relative;
    justify-items: center;
    gap: calc(var(--_space) * 2);
    padding-block-start: calc(var(--_space) * 10);
    text-align: center;
  }
  .corner {
    position: absolute;
    inset-block-start: calc(var(--_space) * 5);
    inset-inline-end: calc(var(--_space) * 6);
  }
  .result .facts {
    min-inline-size: min(100%, 260px);
    margin-block: var(--_gap) calc(var(--_space) * 2);
  }
  .result .facts:not(:has(.fact)) {
    display: none;
  }
  .result .fact {
    align-items: center;
    padding-inline: calc(var(--_space) * 5);
  }
  .result .fact dd {
    font-size: 1.5rem;
  }
  .outcome {
    max-inline-size: 44ch;
    text-wrap: pretty;
  }
`;
