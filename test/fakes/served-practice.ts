import { createAdaptorServer } from '@hono/node-server';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createPracticeBackend, openSqliteStore, readSettings } from '../../src/server/index.js';
import { serveSimulator, type ServedSimulator } from '../../src/simulator/serve-simulator.js';

export interface ServedPractice {
  /** Base URL of the protocol. */
  url: string;
  port: number;
  simulator: ServedSimulator;
  close(): Promise<void>;
}

/** The backend and the simulated Tavus, both over real HTTP and under the real clock. */
export async function servePractice(env: Record<string, string> = {}): Promise<ServedPractice> {
  const simulator = await serveSimulator({ apiKey: 'canary-key' });
  const store = await openSqliteStore(':memory:');
  const settings = readSettings({
    TAVUS_API_KEY: 'canary-key',
    TAVUS_API_URL: simulator.url,
    PRACTICE_FRAME_ORIGINS: simulator.url,
    PRACTICE_RATE_LIMIT: '0',
    ...env,
  });
  const { handler } = createPracticeBackend({ settings, store, secret: 'a secret for tests only' });
  const server = createAdaptorServer({ fetch: handler, overrideGlobalObjects: false });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/api/practice`,
    port,
    simulator,
    async close() {
      if ('closeAllConnections' in server) server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await simulator.close();
      await store.close();
    },
  };
}
