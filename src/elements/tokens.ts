import { css } from 'lit';

/**
 * The look, as private variables over the public `--tavus-practice-*` ones. Light and dark follow
 * the `color-scheme` the element inherits from the page, never the system behind the page's back.
 */
export const tokens = css`
  :host {
    --_accent: var(--tavus-practice-accent, light-dark(#4f46e5, #a5a2ff));
    --_on-accent: var(--tavus-practice-on-accent, light-dark(#fff, #16143a));
    --_surface: var(--tavus-practice-surface, light-dark(#fff, #1d1e27));
    --_on-surface: var(--tavus-practice-on-surface, light-dark(#1a1b25, #f1f2f6));
    --_muted: var(--tavus-practice-muted, light-dark(#5c6070, #a6aaba));
    --_outline: var(--tavus-practice-outline, light-dark(#e1e3ea, #3a3c49));
    --_danger: var(--tavus-practice-danger, light-dark(#b42318, #ff9c92));
    --_radius: var(--tavus-practice-radius, 12px);
    --_control: var(--tavus-practice-control, var(--_surface));
    --_on-control: var(--tavus-practice-on-control, var(--_on-surface));
    --_control-outline: var(--tavus-practice-control-outline, var(--_outline));
    --_control-radius: var(--tavus-practice-control-radius, calc(var(--_radius) * 2 / 3));
    --_control-weight: var(--tavus-practice-control-weight, 600);
    --_space: var(--tavus-practice-spacing, 4px);
    --_font: var(--tavus-practice-font, inherit);
    --_text: var(--tavus-practice-text, 1rem);
    --_small: calc(var(--_text) * 0.8125);
    --_body: calc(var(--_text) * 0.9375);
    --_large: calc(var(--_text) * 1.25);
    --_ease: cubic-bezier(0.2, 0, 0, 1);
  }
`;
