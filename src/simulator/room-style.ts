/** The style of the room page. */
export const ROOM_STYLE = `
:root {
  color-scheme: dark;
  font: 400 1rem/1.5 system-ui, sans-serif;
  color: #e8ecfa;
  background: #0e1326;
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html, body, main { block-size: 100%; margin: 0; }
body { background: radial-gradient(120% 90% at 50% 30%, #202b52, #0e1326 70%); }
h1 { margin: 0; font-size: 1.125rem; font-weight: 600; }

.call, .notice {
  position: relative;
  display: flex;
  flex-direction: column;
  align-items: center;
  justify-content: center;
  gap: 1rem;
  block-size: 100%;
  padding: 1rem;
  text-align: center;
}
.badge {
  position: absolute;
  inset-block-start: 0.75rem;
  inset-inline-start: 0.75rem;
  margin: 0;
  padding: 0.125rem 0.625rem;
  border: 1px solid #45507a;
  border-radius: 99px;
  color: #c3cbe8;
  font-size: 0.8125rem;
}

figure {
  display: flex;
  flex-direction: column;
  align-items: center;
  gap: 0.5rem;
  min-block-size: 0;
  margin: 0;
}
figcaption { display: flex; flex-direction: column; flex: none; text-wrap: balance; }
figcaption span { color: #aab4d6; font-size: 0.875rem; }
.partner { flex: 0 1 auto; inline-size: min(62vmin, 20rem); min-block-size: 0; }
.halo { transform-origin: center; animation: breathe 5s ease-in-out infinite alternate; }
.wave { flex: none; inline-size: 7.5rem; fill: #9db3ff; }
.wave rect {
  transform-box: fill-box;
  transform-origin: center;
  animation: speak 1.6s ease-in-out infinite alternate;
}
.wave rect:nth-child(2n) { animation-delay: -0.5s; }
.wave rect:nth-child(3n) { animation-delay: -1.1s; }

button {
  flex: none;
  min-block-size: 2.5rem;
  padding: 0 1.25rem;
  border: 0;
  border-radius: 0.5rem;
  font: inherit;
  font-weight: 600;
  color: #0e1326;
  background: #a9bcff;
  cursor: pointer;
}
button.leave { color: #fff; background: #c0334a; }
button:focus-visible { outline: 2px solid #fff; outline-offset: 2px; }

@keyframes speak { from { transform: scaleY(0.35); } }
@keyframes breathe { from { transform: scale(0.94); opacity: 0.7; } }
@media (max-height: 22rem) {
  .wave, .badge { display: none; }
  .call { gap: 0.5rem; padding: 0.5rem; }
}
@media (prefers-reduced-motion: reduce) {
  .wave rect, .halo { animation: none; }
}
`;
