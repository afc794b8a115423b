import { css } from 'lit';

/** What only the surface needs of the look. The launcher's part is in `tokens.ts`. */
export const surfaceTokens = css`
  :host {
    --_warning: var(--tavus-practice-warning, light-dark(#8f5300, #f3c26b));
    --_success: var(--tavus-practice-success, light-dark(#0b7a4b, #62d6a2));
    --_shadow: var(
      --tavus-practice-shadow,
      0 1px 3px light-dark(rgb(16 18 32 / 0.08), transparent),
      0 16px 48px light-dark(rgb(16 18 32 / 0.18), rgb(0 0 0 / 0.4))
    );
    --_backdrop: var(--tavus-practice-backdrop, light-dark(rgb(18 19 30 / 0.48), rgb(5 5 10 / 0.64)));
  }
`;
