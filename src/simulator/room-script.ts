/**
 * The script of the room page: joins, says every few seconds that the page is still there, and leaves. Like a
 * room framed without its vendor's library, it tells the page around it nothing.
 */
export const ROOM_SCRIPT = `
const KEEP_ALIVE_MS = 5000;
const query = new URLSearchParams(location.search);
let participant = null;
let timer;

const show = (view) => {
  for (const part of document.querySelectorAll('[data-view]')) part.hidden = part.dataset.view !== view;
};

const post = async (call, body) => {
  const response = await fetch(location.pathname + '/' + call, { method: 'POST', body: JSON.stringify(body) });
  if (!response.ok) throw new Error('The room answered with ' + response.status);
  return response.json();
};

const stop = (view) => {
  clearInterval(timer);
  participant = null;
  show(view);
};

const keepAlive = async () => {
  // One that is lost on the way is made good by the next.
  const { error } = await post('alive', { participant }).catch(() => ({}));
  if (error && participant) stop(error);
};

const join = async () => {
  show('joining');
  try {
    const answer = await post('join', { token: query.get('t') });
    if (answer.error) return stop(answer.error);
    participant = answer.participant;
  } catch {
    return stop('connection-error');
  }
  show('joined');
  clearInterval(timer);
  timer = setInterval(keepAlive, KEEP_ALIVE_MS);
};

const leave = () => {
  if (participant) navigator.sendBeacon(location.pathname + '/leave', JSON.stringify({ participant }));
  stop('left');
};

addEventListener('click', (event) => {
  const action = event.target.closest('[data-action]')?.dataset.action;
  if (action === 'join') join();
  if (action === 'leave') leave();
});
addEventListener('pagehide', leave);
addEventListener('pageshow', (event) => {
  if (event.persisted) join();
});

if (query.has('prejoin')) show('prejoin');
else join();
`;
