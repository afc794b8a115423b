import { createAdaptorServer } from '@hono/node-server';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { createPracticeBackend, readSettings, type Settings } from '../server/index.js';
import { serveSimulator, type ServedSimulator } from '../simulator/serve-simulator.js';
import { createDemoPages } from './demo-pages.js';
import { log, openStore, secretOf, SIMULATOR_KEY, simulatorPort } from './practice-environment.js';

const BASE_PATH = '/api/practice';
const PACKAGE = fileURLToPath(new URL('../../../', import.meta.url));

/** `tavus-practice serve`: the reference backend and the demo, until SIGINT or SIGTERM. */
export async function serve(): Promise<void> {
  const settings = readSettings(process.env);
  const store = await openStore(settings);
  const simulator = settings.tavus.apiKey === null ? await simulate(settings) : null;

  const listening = await listen(settings);
  const url = `http://${settings.host === '::1' ? '[::1]' : settings.host}:${listening.port}`;
  const publicUrl = settings.publicUrl ?? (simulator ? url : null);
  const backend = createPracticeBackend({
    settings,
    store,
    secret: secretOf(settings),
    basePath: BASE_PATH,
    publicUrl,
    log,
  });
  const demo = createDemoPages({
    folder: PACKAGE,
    frameOrigins: settings.frameOrigins,
    ledger: simulator && !settings.jwt ? () => simulator.simulator.ledger : null,
  });
  listening.answer(async (request) =>
    new URL(request.url).pathname.startsWith(BASE_PATH) ? backend.handler(request) : demo(request),
  );

  const stopping = new AbortController();
  const swept = backend.sweeper.run(settings.sweep, stopping.signal);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());

  if (simulator)
    console.log(
      `SIMULATED TAVUS at ${simulator.url}: nobody is really there and nothing is billed. Set TAVUS_API_KEY for the real one. ` +
        `A server of your own can use it: TAVUS_API_URL=${simulator.url} TAVUS_API_KEY=${SIMULATOR_KEY} PRACTICE_FRAME_ORIGINS=${simulator.url}`,
    );
  if (!settings.jwt)
    console.log('DEMO LEARNERS: anybody on this machine may be any of them. Set PRACTICE_JWT_SECRET for real ones.');
  else console.log('Learners need launch tokens, which the demo pages have none of: they are signed out.');
  if (!settings.jwt && settings.allowedOrigins.length > 0)
    console.log(
      'PRACTICE_ALLOWED_ORIGINS has no effect without PRACTICE_JWT_SECRET: demo learners are for this machine only.',
    );
  console.log(`tavus-practice listening on ${url}`);

  await swept;
  await listening.close();
  await simulator?.close();
  await store.close();
}

/** Starts the simulated Tavus and points the settings at it. */
async function simulate(settings: Settings): Promise<ServedSimulator> {
  const simulator = await serveSimulator({ port: simulatorPort(settings), host: '127.0.0.1', apiKey: SIMULATOR_KEY });
  settings.tavus.apiKey = SIMULATOR_KEY;
  settings.tavus.apiUrl = simulator.url;
  settings.frameOrigins = [...settings.frameOrigins, new URL(simulator.url).origin];
  return simulator;
}

type Answer = (request: Request) => Promise<Response>;

/** Ports the system may offer before one is free on both loopback addresses. */
const MOST_OFFERS = 20;

/** Takes the port first: the address has to be known before there is anything to answer with. */
async function listen({ host, port }: Pick<Settings, 'host' | 'port'>, offers = 1): ReturnType<typeof listenOnce> {
  try {
    return await listenOnce(host, port);
  } catch (cause) {
    const elsewhere = port === 0 && cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE';
    if (!elsewhere || offers === MOST_OFFERS) throw cause;
    return listen({ host, port }, offers + 1);
  }
}

async function listenOnce(host: string, port: number) {
  let answer: Answer = async () => new Response('Starting.', { status: 503 });
  const fetch = (request: Request) => answer(request);
  const open = (name: string, number: number) =>
    new Promise<ReturnType<typeof createAdaptorServer>>((resolve, reject) => {
      const server = createAdaptorServer({ fetch, overrideGlobalObjects: false });
      server.once('error', reject).listen(number, name, () => resolve(server));
    });

  // A browser may take `localhost` for either loopback address.
  const [name, ...others] = host === 'localhost' ? ['127.0.0.1', '::1'] : [host];
  const first = await open(name ?? host, port);
  const taken = (first.address() as AddressInfo).port;
  const more = await Promise.all(
    others.map((other) =>
      open(other, taken).catch((cause: NodeJS.ErrnoException) => {
        // A machine without IPv6 has one loopback address only.
        if (cause.code === 'EADDRNOTAVAIL' || cause.code === 'EAFNOSUPPORT') return null;
        first.close();
        throw cause;
      }),
    ),
  );
  const servers = [first, ...more.filter((server) => server !== null)];
  return {
    port: taken,
    answer: (handler: Answer) => void (answer = handler),
    close: async () => {
      await Promise.all(
        servers.map(
          (server) =>
            new Promise<void>((resolve) => {
              server.close(() => resolve());
              if ('closeIdleConnections' in server) server.closeIdleConnections();
            }),
        ),
      );
    },
  };
}
