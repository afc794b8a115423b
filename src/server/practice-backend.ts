import { demoLearners, launchTokens, type Authenticate } from './auth.js';
import { createConversations } from './conversations.js';
import { createHandler } from './handler.js';
import { adviceOn } from './provider-advice.js';
import { createRateLimit } from './rate-limit.js';
import { systemRuntime, type Runtime } from './runtime.js';
import { createSessionService } from './session-service.js';
import type { SessionStore } from './session-store.js';
import type { Settings } from './settings.js';
import { createSigner } from './signing.js';
import { createSweeper, type Sweeper } from './sweeper.js';
import { createTavusRequests } from './tavus-requests.js';
import { createTavus } from './tavus.js';
import { createTavusWebhooks } from './tavus-webhooks.js';

/** What a backend is made of. */
export interface PracticeBackendOptions {
  /** From `readSettings(process.env)`, or written by hand. */
  settings: Settings;
  store: SessionStore;
  /** At least 16 characters; signs offers, tickets and capabilities. All processes share one. */
  secret: string;
  /** Who asks; by default launch tokens or demo learners, as the settings say. */
  authenticate?: Authenticate;
  /** Path the protocol lives under, without a trailing slash. Default `/api/practice`. */
  basePath?: string;
  /** Where Tavus can call back: origin without a path. Default: `settings.publicUrl`. */
  publicUrl?: string | null;
  runtime?: Runtime;
  /** Gets one flat object per event worth telling an operator. No secrets, no learner texts. */
  log?: (entry: Record<string, unknown>) => void;
}

export interface PracticeBackend {
  handler: (request: Request) => Promise<Response>;
  /** Has to run somewhere, here or in `tavus-practice sweep`: it ends what nobody else ended. */
  sweeper: Sweeper;
}

/** Puts the parts together. Nothing runs until the handler is called or the sweeper started. */
export function createPracticeBackend(options: PracticeBackendOptions): PracticeBackend {
  const {
    settings,
    store,
    secret,
    basePath = '/api/practice',
    runtime = systemRuntime,
    log = () => undefined,
  } = options;
  if (settings.tavus.apiKey === null) {
    throw new TypeError(
      'TAVUS_API_KEY (settings.tavus.apiKey) has to be set; only "tavus-practice serve" simulates Tavus',
    );
  }
  if (typeof secret !== 'string' || secret.length < 16) {
    throw new TypeError('secret (PRACTICE_SECRET) has to have at least 16 characters');
  }
  const { publicUrl = settings.publicUrl } = options;
  const signer = createSigner(secret);
  const access = { ...settings.tavus, apiKey: settings.tavus.apiKey };
  const tavus = createTavus(
    createTavusRequests(access, runtime, (what, state) =>
      log({ event: 'tavus', what, state, ...(state === 'open' && adviceOn('provider_unavailable')) }),
    ),
  );
  const webhookUrl = publicUrl === null ? null : publicUrl + basePath;
  const conversations = createConversations({ store, tavus, runtime, signer, settings, webhookUrl, log });
  const service = createSessionService({ store, conversations, runtime, signer, settings });
  const handler = createHandler(
    {
      service,
      webhook: createTavusWebhooks({ store, conversations, runtime, signer }),
      authenticate: options.authenticate ?? (settings.jwt ? launchTokens(settings.jwt, runtime) : demoLearners),
      rateLimit: createRateLimit(settings.rateLimit),
      allowedOrigins: settings.allowedOrigins,
      runtime,
      log,
    },
    basePath,
  );
  return { handler, sweeper: createSweeper({ store, conversations, runtime, log }) };
}

/** The handler alone: `(request: Request) => Promise<Response>` for any web-standard server. */
export const createPracticeHandler = (options: PracticeBackendOptions): ((request: Request) => Promise<Response>) =>
  createPracticeBackend(options).handler;
