import { getRequestListener } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CallbackBody } from './callbacks.js';
import { ConnectionReset } from './faults.js';
import type { SimulatorOptions } from './tavus-simulator.js';
import { TavusSimulator } from './tavus-simulator.js';

export interface ServeOptions extends Pick<SimulatorOptions, 'apiKey' | 'plan'> {
  /** 0 or absent: any free one. */
  port?: number | undefined;
  /** Default `127.0.0.1`. The control calls need no key, so anything else opens them to the network. */
  host?: string | undefined;
  /** Default: `http://HOST:PORT` as it really listens. */
  publicUrl?: string | undefined;
}

export interface ServedSimulator {
  /** Base for the REST calls, the rooms and the control calls; no slash at the end. */
  url: string;
  simulator: TavusSimulator;
  close(): Promise<void>;
}

const CALLBACK_TIMEOUT_MS = 10_000;

const deliver = async (url: string, body: CallbackBody): Promise<void> => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(CALLBACK_TIMEOUT_MS),
  });
  if (!response.ok) throw new Error(`The callback was answered with ${response.status}.`);
};

const schedule = (at: number, run: () => void): (() => void) => {
  const timer = setTimeout(run, Math.max(0, at - Date.now())).unref();
  return () => clearTimeout(timer);
};

/** Serves a simulated Tavus over HTTP, with the real clock and real chance. Rejects when it cannot listen. */
export const serveSimulator = async (options: ServeOptions = {}): Promise<ServedSimulator> => {
  const { port = 0, host = '127.0.0.1', apiKey, plan } = options;
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve);
  });
  const url = options.publicUrl ?? `http://${host}:${(server.address() as AddressInfo).port}`;
  const newId = (): string => randomUUID().replaceAll('-', '');
  const simulator = new TavusSimulator({
    now: Date.now,
    random: Math.random,
    schedule,
    newId,
    deliver,
    publicUrl: url,
    apiKey,
    plan,
  });
  const listener = getRequestListener(
    async (request, { incoming }) => {
      try {
        return await simulator.handle(request);
      } catch (error) {
        if (!(error instanceof ConnectionReset)) throw error;
        incoming.socket.resetAndDestroy();
        return RESPONSE_ALREADY_SENT;
      }
    },
    { overrideGlobalObjects: false },
  );
  server.on('request', (request, response) => void listener(request, response));
  return {
    url,
    simulator,
    close: () =>
      new Promise((resolve, reject) => {
        simulator.reset();
        server.closeAllConnections();
        server.close((error) => (error ? reject(error) : resolve()));
      }),
  };
};
