import {
  EndRequestSchema,
  EventsRequestSchema,
  HeartbeatRequestSchema,
  isId,
  PracticeError,
  PROBLEM_DOCUMENTS,
  PROTOCOL,
  ResumeRequestSchema,
  StartRequestSchema,
} from '../protocol/index.js';
import type { Authenticate, Caller } from './auth.js';
import { corsHeaders, preflight } from './cors.js';
import { problemResponse } from './problem.js';
import type { createRateLimit } from './rate-limit.js';
import { readJson, readText } from './request-body.js';
import type { Runtime } from './runtime.js';
import type { SessionReply } from './session-access.js';
import type { SessionService } from './session-service.js';

/** One request, matched and authorised. */
interface Call {
  request: Request;
  caller: Caller;
  /** The variable parts of the path, decoded. */
  parts: string[];
}

interface Route {
  method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** Path below the base URL; `:` stands for one variable part. */
  path: string;
  /** Needs no caller: what it takes is a capability by itself. */
  open?: true;
  answer(call: Call): Promise<{ status?: number; body: object }>;
}

interface Needs {
  service: SessionService;
  webhook: (capability: string) => Promise<void>;
  authenticate: Authenticate;
  rateLimit: ReturnType<typeof createRateLimit>;
  allowedOrigins: readonly string[];
  runtime: Runtime;
  log: (entry: Record<string, unknown>) => void;
}

/** A session id from the path; one that cannot exist is not found, or for a start not of the agreed form. */
const sessionId = ([id]: string[]): string => {
  if (!isId(id)) throw new PracticeError('not_found');
  return id;
};
const newId = (id: string | undefined): string => {
  if (!isId(id)) throw new PracticeError('invalid_request', { detail: 'The id in the path has to be a UUID.' });
  return id;
};

const sessionAnswer = ({ created, ...body }: SessionReply) => ({
  status: body.retryAfter !== undefined ? 202 : created ? 201 : 200,
  body,
});

function routesOf(service: SessionService, webhook: (capability: string) => Promise<void>): Route[] {
  return [
    {
      method: 'GET',
      path: '/courses/:',
      answer: async ({ caller, parts }) => ({ body: await service.offer(caller, parts[0] ?? '') }),
    },
    {
      method: 'PUT',
      path: '/sessions/:',
      answer: async ({ request, caller, parts }) => {
        const body = await readJson(request, StartRequestSchema);
        return sessionAnswer(await service.start(caller, newId(parts[0]), body));
      },
    },
    {
      method: 'GET',
      path: '/sessions/:',
      answer: async ({ caller, parts }) => sessionAnswer(await service.read(caller, sessionId(parts))),
    },
    {
      method: 'PUT',
      path: '/sessions/:/runs/:',
      answer: async ({ request, caller, parts }) => {
        const body = await readJson(request, ResumeRequestSchema);
        return sessionAnswer(await service.resume(caller, sessionId(parts), newId(parts[1]), body));
      },
    },
    {
      method: 'POST',
      path: '/sessions/:/end',
      answer: async ({ request, caller, parts }) => {
        const { cause } = await readJson(request, EndRequestSchema);
        return sessionAnswer(await service.end(caller, sessionId(parts), cause));
      },
    },
    {
      method: 'POST',
      path: '/sessions/:/extend',
      answer: async ({ caller, parts }) => sessionAnswer(await service.extend(caller, sessionId(parts))),
    },
    {
      method: 'POST',
      path: '/sessions/:/heartbeat',
      answer: async ({ request, caller, parts }) => {
        const body = await readJson(request, HeartbeatRequestSchema);
        return sessionAnswer(await service.heartbeat(caller, sessionId(parts), body));
      },
    },
    {
      method: 'POST',
      path: '/events',
      answer: async ({ request, caller }) => {
        const body = await readJson(request, EventsRequestSchema);
        const { ack, rejected, sessions } = await service.events(caller, body);
        return { body: { ack, rejected, sessions } };
      },
    },
    {
      method: 'POST',
      path: '/leave',
      open: true,
      answer: async ({ request }) => {
        // Nobody is left to read a complaint, so a body that is no ticket is no error either.
        const ticket = await readText(request).catch(() => '');
        await service.leave(ticket.trim());
        return { body: {} };
      },
    },
    {
      method: 'POST',
      path: '/webhooks/tavus/:',
      open: true,
      answer: async ({ parts }) => {
        await webhook(parts[0] ?? '');
        return { body: {} };
      },
    },
  ];
}

/** The HTTP protocol: routes, authorises, turns errors into problems. Never rejects. */
export function createHandler(needs: Needs, basePath: string): (request: Request) => Promise<Response> {
  const { authenticate, rateLimit, allowedOrigins, runtime, log } = needs;
  const routes = routesOf(needs.service, needs.webhook).map((route) => ({
    ...route,
    pattern: new RegExp(`^${route.path.replaceAll(':', '([^/]+)')}/?$`),
  }));

  async function answer(request: Request): Promise<Response> {
    const path = new URL(request.url).pathname;
    if (path !== basePath && !path.startsWith(`${basePath}/`)) throw new PracticeError('not_found');
    const below = path.slice(basePath.length);
    const candidates = routes.filter(({ pattern }) => pattern.test(below));
    if (!candidates.length) throw new PracticeError('not_found');
    const route = candidates.find(({ method }) => method === request.method);
    if (!route) throw new PracticeError('method_not_allowed', { allow: candidates.map(({ method }) => method) });

    const parts = (route.pattern.exec(below) ?? []).slice(1).map(decode);
    const caller: Caller = route.open ? NOBODY : await authenticate(request);
    if (!route.open) rateLimit(caller.userId, runtime.now());
    const { status = 200, body } = await route.answer({ request, caller, parts });
    return Response.json(
      { protocol: PROTOCOL, serverTime: new Date(runtime.now()).toISOString(), ...body },
      { status, headers: { 'cache-control': 'no-store' } },
    );
  }

  return async (request) => {
    if (request.method === 'OPTIONS') return preflight(request, allowedOrigins);
    const response = await answer(request).catch((cause: unknown) => {
      const error = cause instanceof PracticeError ? cause : new PracticeError('internal', {}, cause);
      const reference = error.details.reference ?? runtime.newId().slice(0, 8);
      const isOurs = PROBLEM_DOCUMENTS[error.code].status >= 500;
      // The caller is not told what was wrong with a token. Whoever runs the server can look it up.
      const why = isOurs ? cause : error.code === 'unauthenticated' ? (error.cause ?? 'no launch token') : null;
      if (why !== null)
        log({
          event: 'problem',
          reference,
          code: error.code,
          page: `docs/errors/${error.code}.md`,
          cause: why instanceof Error ? (isOurs ? why.stack : why.message) : String(why),
        });
      return problemResponse(error, reference);
    });
    for (const [name, value] of corsHeaders(request, allowedOrigins)) response.headers.append(name, value);
    return response;
  };
}

const NOBODY: Caller = { userId: '', account: '', role: 'learner' };

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch (cause) {
    throw new PracticeError('not_found', {}, cause);
  }
}
