// A host's page for test/chaos/kill-browsers.ts. The learner is whoever the cookie names, and practises in courses of
// their own. What the page knows goes to /journal at once, because the page may be gone a moment later.
const COURSES = 40;
const PATIENCE = 700;
const element = document.querySelector('tavus-practice');
const page = crypto.randomUUID();
const reported = new Set();
let learner = /(?:^|;\s*)practice-demo=([^;]*)/.exec(document.cookie)[1];
let dismissed = 0;
let dialogs = 0;
let switched = false;
element.courseId = `${learner}-0`;

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const report = (entry) =>
  fetch('/journal', { method: 'POST', body: JSON.stringify({ page, learner, ...entry }) }).catch(() => {});

/** What the browser has stored, read over a connection of our own: only what was committed can be seen. */
async function rows() {
  const databases = await indexedDB.databases();
  if (!databases.some(({ name }) => name === 'tavus-practice')) return [];
  const database = await new Promise((resolve, reject) => {
    const request = indexedDB.open('tavus-practice');
    request.onupgradeneeded = () => request.transaction.abort();
    request.onerror = () => reject(request.error);
    request.onsuccess = () => resolve(request.result);
  });
  database.onversionchange = () => database.close();
  try {
    const store = database.transaction('kept').objectStore('kept');
    const settled = (request) =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const [keys, values] = await Promise.all([settled(store.getAllKeys()), settled(store.getAll())]);
    return keys.flatMap((key, index) => (key[0] === 'facts' ? [{ owner: key[2], ...values[index] }] : []));
  } finally {
    database.close();
  }
}

element.addEventListener('practice-cancelled', () => dismissed++);
element.addEventListener('practice-sync', async ({ pending, storageMode }) => {
  // Every dismissal so far has become a fact by now: with none pending the backend has them all.
  if (pending === 0 && !switched) void report({ acknowledged: dismissed });
  if (storageMode !== 'indexeddb') return;
  const saved = (await rows()).flatMap(({ owner, writer, facts }) =>
    facts.map((fact) => ({ owner, writer, ...fact })).filter(({ n }) => !reported.has(`${writer}/${n}`)),
  );
  for (const { writer, n } of saved) reported.add(`${writer}/${n}`);
  if (saved.length > 0) void report({ saved });
});
for (const type of ['practice-completed', 'practice-abandoned', 'practice-expired'])
  element.addEventListener(type, ({ session: { id, status } }) => void report({ settled: { id, status } }));
element.addEventListener('practice-failed', ({ code }) => void report({ failed: code }));

const button = (part) => element.shadowRoot?.querySelector(`[part~=${part}]:not([disabled])`);

/** What the learner does here, as far as it takes no hands. */
window.host = {
  state: () => element.state,

  /** Opens the dialog and closes it again, each time in another course. */
  async dismiss(times, milliseconds) {
    for (let time = 0; time < times; time++) {
      element.courseId = `${learner}-${dialogs++ % COURSES}`;
      element.open();
      await pause(milliseconds);
      element.close();
      await pause(milliseconds);
    }
    element.courseId = `${learner}-0`;
  },

  open: () => element.open(),
  close: () => element.close(),
  pause: () => element.pause(),
  finish: (accuracyScore) => element.complete({ accuracyScore }),
  flush: () => void element.flush(),

  /** Waits a while for the button. Whether it has the focus now, so that a key press is a press on it. */
  async focus(part) {
    for (const until = Date.now() + PATIENCE; !button(part) && Date.now() < until;) await pause(20);
    button(part)?.focus();
    return element.shadowRoot?.activeElement === button(part);
  },

  /**
   * Somebody else takes the keyboard of this very page. Resolves when the backend has answered for them. Before it has
   * ever answered nobody could tell whose the facts of this page are: a host would have to `forget()` them.
   */
  async become(other) {
    if (element.storageMode !== 'indexeddb') return;
    switched = true;
    learner = other;
    document.cookie = `practice-demo=${other}; path=/; samesite=lax`;
    element.courseId = `${other}-0`;
    element.open();
    await element.updateComplete;
    while (!button('confirm-button') && !button('resume-button') && !button('finish-button')) await pause(20);
  },

  /** How many facts of this learner wait, here and in the browser's storage, which knows them by the backend's name. */
  async waiting() {
    const offer = await fetch(`/api/practice/courses/${learner}-0`);
    const { learner: name } = await offer.json();
    const mine = (await rows()).filter(({ owner }) => owner === name);
    return element.pending + mine.reduce((sum, { facts }) => sum + facts.length, 0);
  },
};
