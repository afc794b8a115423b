import { svg, html, type TemplateResult } from 'lit';

const icon = (shape: TemplateResult<2>): TemplateResult =>
  html`<svg viewBox="0 0 20 20" aria-hidden="true" focusable="false">${shape}</svg>`;

export const closeIcon = icon(svg`<path d="m5.5 5.5 9 9m0-9-9 9" />`);
export const checkIcon = icon(svg`<path d="m4.5 10.5 3.75 3.75L15.5 6.5" />`);
export const clockIcon = icon(svg`<circle cx="10" cy="10" r="7" /><path d="M10 6.25V10l2.5 1.75" />`);
export const pauseIcon = icon(svg`<path d="M7.25 5.5v9m5.5-9v9" />`);
export const infoIcon = icon(svg`<circle cx="10" cy="10" r="7" /><path d="M10 9.25v4M10 6.6v.05" />`);
export const alertIcon = icon(svg`<path d="M10 3.25 17.25 16H2.75Z" /><path d="M10 8v3.75m0 2v.05" />`);
export const offlineIcon = icon(
  svg`<path d="M3 8.25a10.4 10.4 0 0 1 3-1.9m3.2-.8A10.4 10.4 0 0 1 17 8.25M6 11.5a6 6 0 0 1 2-1.25m4 0a6 6 0 0 1 2 1.25M10 14.75v.05M4 3.5l12 13" />`,
);
export const leaveIcon = icon(
  svg`<path class="turns" d="M8.5 4H5a1 1 0 0 0-1 1v10a1 1 0 0 0 1 1h3.5M12.5 6.5 16 10l-3.5 3.5M16 10H8" />`,
);
export const tipIcon = icon(svg`<circle cx="10" cy="10" r="3" />`);
