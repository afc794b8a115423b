import { css } from 'lit';

/** What the learner fills in: consent before the start, feedback after it. */
export const formStyles = css`
  fieldset {
    display: grid;
    gap: calc(var(--_space) * 1.5);
  }
  legend {
    padding: 0;
  }
  em {
    color: var(--_muted);
    font-style: normal;
    white-space: nowrap;
  }
  em::before {
    content: '· ';
  }
  label.row {
    padding-block: var(--_space);
    cursor: pointer;
  }
  [type='checkbox'] {
    flex: none;
    inline-size: max(24px, var(--_text) * 1.5);
    block-size: max(24px, var(--_text) * 1.5);
    margin: 0;
    accent-color: var(--_accent);
  }
  .missing {
    color: var(--_danger);
  }

  /* Feedback: the comment follows once there is a rating. */
  .feedback {
    justify-items: center;
    inline-size: min(100%, 24em);
    margin-block-start: var(--_gap);
  }
  .feedback:not(:has(:checked)) .more {
    display: none;
  }
  .scale {
    align-items: center;
    margin-block-start: var(--_space);
  }
  .scale label {
    position: relative;
    display: grid;
    place-items: center;
    inline-size: 2.4em;
    aspect-ratio: 1;
    border: 1px solid var(--_outline);
    border-radius: 50%;
    color: var(--_on-surface);
  }
  .scale > span {
    flex: none;
  }
  .scale label:has(:checked) {
    border-color: var(--_accent);
    background: var(--_accent);
    color: var(--_on-accent);
  }
  .scale input {
    position: absolute;
    inset: 0;
    margin: 0;
    border-radius: 50%;
    appearance: none;
    cursor: pointer;
  }
  .more,
  .more label {
    display: grid;
    gap: calc(var(--_space) * 2);
    inline-size: 100%;
    text-align: start;
  }
  textarea {
    padding: calc(var(--_space) * 2);
    border: 1px solid var(--_muted);
    border-radius: var(--_inner);
    background: none;
    color: inherit;
    font: inherit;
    resize: vertical;
  }
`;
