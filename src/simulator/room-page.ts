import { ROOM_SCRIPT } from './room-script.js';
import { ROOM_STYLE } from './room-style.js';

const ASSETS: Readonly<Record<string, { type: string; text: string }>> = {
  '/assets/room.css': { type: 'text/css; charset=utf-8', text: ROOM_STYLE },
  '/assets/room.js': { type: 'text/javascript; charset=utf-8', text: ROOM_SCRIPT },
};

/** The style or script of the room page, when the path is one of theirs. */
export const roomAsset = (path: string): Response | undefined => {
  const asset = ASSETS[path];
  return asset && new Response(asset.text, { headers: { 'content-type': asset.type, 'cache-control': 'no-store' } });
};

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  'frame-ancestors *',
].join('; ');

const page = (status: number, body: string): Response =>
  new Response(
    `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Simulated room</title>
<link rel="stylesheet" href="/assets/room.css">
</head>
<body>
${body}
</body>
</html>
`,
    {
      status,
      headers: {
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': POLICY,
        'cross-origin-resource-policy': 'cross-origin',
        'cache-control': 'no-store',
      },
    },
  );

/** A room that cannot be entered: one sentence in its place. */
export const roomNotice = (status: number, sentence: string): Response =>
  page(status, `<main class="notice"><h1>${sentence}</h1></main>`);

const PARTNER = `<svg class="partner" viewBox="0 0 320 320" role="img" aria-label="A drawn face, nobody real">
<defs>
<radialGradient id="halo">
<stop offset="0.45" stop-color="#7c9cff" stop-opacity="0.34"/><stop offset="1" stop-color="#7c9cff" stop-opacity="0"/>
</radialGradient>
<linearGradient id="figure" x1="0" y1="0" x2="0" y2="1">
<stop stop-color="#c9d6ff"/><stop offset="1" stop-color="#5f7be0"/>
</linearGradient>
<clipPath id="disc"><circle cx="160" cy="160" r="104"/></clipPath>
</defs>
<circle class="halo" cx="160" cy="160" r="160" fill="url(#halo)"/>
<circle cx="160" cy="160" r="104" fill="#1d2748"/>
<g clip-path="url(#disc)" fill="url(#figure)">
<path d="M72 290c0-58 38-86 88-86s88 28 88 86z"/>
<rect x="117" y="88" width="86" height="106" rx="43"/>
</g>
<g fill="none" stroke="#1d2748" stroke-width="5" stroke-linecap="round">
<path d="M136 138v6M184 138v6"/><path d="M143 166q17 13 34 0"/>
</g>
</svg>`;

const WAVE = `<svg class="wave" viewBox="0 0 132 32" aria-hidden="true">${[8, 16, 26, 14, 30, 20, 28, 12, 22, 16, 8]
  .map((height, index) => `<rect x="${index * 12 + 3}" y="${16 - height / 2}" width="4" height="${height}" rx="2"/>`)
  .join('')}</svg>`;

const notice = (view: string, sentence: string, button = ''): string =>
  `<section class="notice" data-view="${view}" hidden><h1>${sentence}</h1>${button}</section>`;

const joinButton = (label: string): string => `<button type="button" data-action="join">${label}</button>`;

/** The room itself. It is joined on loading, or with `?prejoin` in the address, by its Join button. */
export const roomPage = (): Response =>
  page(
    200,
    `<main aria-live="polite">
<section class="call" data-view="joined" hidden>
<p class="badge">Simulation</p>
<figure>${PARTNER}${WAVE}
<figcaption>
<strong>Simulated partner</strong><span>Nobody is really here. Camera and microphone stay off.</span>
</figcaption>
</figure>
<button type="button" class="leave" data-action="leave">Leave</button>
</section>
${notice('joining', 'Joining…')}
${notice('prejoin', 'Ready to join?', joinButton('Join'))}
${notice('left', 'You have left the call', joinButton('Join again'))}
${notice('connection-error', 'The connection is lost', joinButton('Join again'))}
${notice('ejected', 'Meeting has ended')}
${notice('meeting-full', 'This room is full', joinButton('Join again'))}
${notice('exp-token', 'The meeting token is not valid')}
${notice('no-room', 'This room does not exist')}
</main>
<script type="module" src="/assets/room.js"></script>`,
  );
