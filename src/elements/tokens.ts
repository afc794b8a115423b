import { css } from 'lit';

/**
 * The look, as private variables over the public `--tavus-practice-*` ones. Light and dark follow
 * the `color-scheme` the element inherits from the page, never the system behind the page's back.
 */
export const tokens = css`
  :host {
    --_accent: var(--tavus-practice-accent, #4f46e5);
    --_on-accent: var(--tavus-practice-on-accent, #fff);
    --_surface: var(--tavus-practice-surface, #fff);
    --_on-surface: var(--tavus-practice-on-surface, #1a1b25);
    --_muted: var(--tavus-practice-muted, #5c6070);
    --_outline: var(--tavus-practice-outline, #e1e3ea);
    --_danger: var(--tavus-practice-danger, #b42318);
    --_warning: var(--tavus-practice-warning, #8f5300);
    --_success: var(--tavus-practice-success, #0b7a4b);
    --_radius: var(--tavus-practice-radius, 12px);
    --_radius-control: calc(var(--_radius) * 2 / 3);
    --_space: var(--tavus-practice-spacing, 4px);
    --_font: var(--tavus-practice-font, inherit);
    --_shadow: var(--tavus-practice-shadow, 0 1px 3px rgb(16 18 32 / 0.08), 0 16px 48px rgb(16 18 32 / 0.18));
    --_backdrop: var(--tavus-practice-backdrop, rgb(18 19 30 / 0.48));
    --_ease: cubic-bezier(0.2, 0, 0, 1);
  }
  @supports (color: light-dark(#000, #fff)) {
    :host {
      --_accent: var(--tavus-practice-accent, light-dark(#4f46e5, #a5a2ff));
      --_on-accent: var(--tavus-practice-on-accent, light-dark(#fff, #16143a));
      --_surface: var(--tavus-practice-surface, light-dark(#fff, #1d1e27));
      --_on-surface: var(--tavus-practice-on-surface, light-dark(#1a1b25, #f1f2f6));
      --_muted: var(--tavus-practice-muted, light-dark(#5c6070, #a6aaba));
      --_outline: var(--tavus-practice-outline, light-dark(#e1e3ea, #3a3c49));
      --_danger: var(--tavus-practice-danger, light-dark(#b42318, #ff9c92));
      --_warning: var(--tavus-practice-warning, light-dark(#8f5300, #f3c26b));
      --_success: var(--tavus-practice-success, light-dark(#0b7a4b, #62d6a2));
      --_shadow: var(
        --tavus-practice-shadow,
        0 1px 3px light-dark(rgb(16 18 32 / 0.08), transparent),
        0 16px 48px light-dark(rgb(16 18 32 / 0.18), rgb(0 0 0 / 0.4))
      );
      --_backdrop: var(--tavus-practice-backdrop, light-dark(rgb(18 19 30 / 0.48), rgb(5 5 10 / 0.64)));
    }
  }
`;
