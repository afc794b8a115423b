import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { findWebKit } from './webkit.mjs';

const START_MILLISECONDS = 10_000;
const FLAGS = ['--automation', '--enable-media-stream=true', '--enable-mock-capture-devices=true'];
/** The names the tests use, as WebDriver writes them. */
const KEYS = { Escape: '\uE00C', Tab: '\uE004', Enter: '\uE007', Space: ' ' };

/**
 * WebKitGTK for @web/test-runner: MiniBrowser on a screen of its own, driven over plain WebDriver. Every test file has
 * a browser of its own, which keeps nothing when it ends.
 */
export function webkitLauncher() {
  const sessions = new Map();
  const programs = [];
  let driver = '';

  async function call(method, path, body) {
    const request = { method, ...(body && { body: JSON.stringify(body) }) };
    const { value } = await (await fetch(`${driver}${path}`, request)).json();
    if (value?.error) throw new Error(`WebKitGTK: ${value.error}: ${value.message}`);
    return value;
  }

  const act = (id, source) => call('POST', `/session/${sessions.get(id)}/actions`, { actions: [source] });

  return {
    name: 'WebKitGTK',
    // What the runner's commands for keyboard and mouse go by: they call the methods of the same names below.
    type: 'webdriver',
    concurrency: 1,

    async initialize() {
      const webkit = findWebKit();
      if (!webkit)
        throw new Error('No WebKitGTK: `node scripts/setup.mjs webkit` installs it or says what is missing.');
      const display = await startScreen(webkit.screen, programs);
      driver = await startDriver(webkit.driver, display, programs);
    },

    async startSession(id, url) {
      const { browser } = findWebKit();
      const { sessionId } = await call('POST', '/session', {
        capabilities: {
          alwaysMatch: { browserName: 'MiniBrowser', 'webkitgtk:browserOptions': { binary: browser, args: FLAGS } },
        },
      });
      sessions.set(id, sessionId);
      await call('POST', `/session/${sessionId}/url`, { url });
    },

    isActive: (id) => sessions.has(id),
    getBrowserUrl: (id) => call('GET', `/session/${sessions.get(id)}/url`),

    async stopSession(id) {
      await call('DELETE', `/session/${sessions.get(id)}`);
      sessions.delete(id);
      return {};
    },

    startDebugSession() {
      throw new Error('WebKitGTK is drawn where nobody sees it: debug in another browser.');
    },

    async stop() {
      for (const program of programs.reverse()) program.kill();
    },

    async sendKeys(id, names) {
      const strokes = names.flatMap((name) =>
        ['keyDown', 'keyUp'].map((type) => ({ type, value: KEYS[name] ?? name })),
      );
      await act(id, { type: 'key', id: 'keyboard', actions: strokes });
    },

    async sendMouseClick(id, x, y) {
      const actions = [
        { type: 'pointerMove', x, y },
        { type: 'pointerDown', button: 0 },
        { type: 'pointerUp', button: 0 },
      ];
      await act(id, { type: 'pointer', id: 'mouse', actions });
    },
  };
}

/** Resolves with the display's name. The server itself chooses one that is free. */
async function startScreen(path, programs) {
  const flags = ['-displayfd', '3', '-screen', '0', '1280x900x24', '-nolisten', 'tcp'];
  const screen = spawn(path, flags, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  programs.push(screen);
  const [number] = await once(screen.stdio[3], 'data', { signal: AbortSignal.timeout(START_MILLISECONDS) });
  return `:${String(number).trim()}`;
}

/** Resolves with the address it answers at. */
async function startDriver(path, display, programs) {
  const port = await freePort();
  const environment = { ...process.env, DISPLAY: display };
  programs.push(spawn(path, [`--port=${port}`, '--host=127.0.0.1'], { env: environment, stdio: 'ignore' }));
  const address = `http://127.0.0.1:${port}`;
  for (let waited = 0; waited < START_MILLISECONDS; waited += 50) {
    const answer = await fetch(`${address}/status`).catch(() => null);
    if (answer?.ok) return address;
    await wait(50);
  }
  throw new Error('WebKitWebDriver does not answer.');
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}
