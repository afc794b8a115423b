import type {
  EventsRequest,
  Offer,
  ProblemCode,
  ProblemDetails,
  SessionStatus,
  TavusSession,
} from '../../src/protocol/index.js';
import { isLive, isRunning, isSettled, PracticeError, PROBLEM_DOCUMENTS } from '../../src/protocol/index.js';
import type { Network, VirtualEnvironment, VirtualRequest } from './virtual-environment.js';

type Route = 'offer' | 'start' | 'resume' | 'read' | 'end' | 'heartbeat' | 'events' | 'leave';

/** Stands in for one request: answers it, or passes by returning `undefined`. */
type Twist = (request: VirtualRequest) => Response | Promise<Response> | undefined;

interface Wish {
  course?: Partial<Offer['policy']>;
  offer?: Partial<Omit<Offer, 'protocol' | 'serverTime' | 'policy'>>;
}

/**
 * A backend just clever enough for a journey: one learner, sessions in a map, the contract's answers.
 * `twist` puts something else in the way of the next requests of a route.
 */
export class ScriptedBackend {
  readonly sessions = new Map<string, TavusSession>();
  readonly facts: EventsRequest['events'] = [];
  ttl = 600;
  /** Seconds a paused session waits to be resumed or finished. */
  resumeWithin = 3600;
  wish: Wish = {};
  readonly #runs = new Set<string>();
  readonly #world: VirtualEnvironment;
  readonly #twists = new Map<Route, Twist[]>();
  readonly #acks = new Map<string, number>();

  constructor(world: VirtualEnvironment) {
    this.#world = world;
    world.network = this.#answer;
  }

  /** The next request of this route meets `twist`; `times` for more of them. */
  twist(route: Route, twist: Twist, times = 1): void {
    this.#twists.set(route, [...(this.#twists.get(route) ?? []), ...Array.from({ length: times }, () => twist)]);
  }

  requests(route: Route): VirtualRequest[] {
    return this.#world.requests.filter((request) => routeOf(request) === route);
  }

  json(body: object, status = 200): Response {
    const common = { protocol: 1, serverTime: new Date(this.#world.trueTime).toISOString() };
    return Response.json({ ...common, ...body }, { status });
  }

  problem(code: ProblemCode, details: ProblemDetails = {}): Response {
    const { status, title } = PROBLEM_DOCUMENTS[code];
    const { retryable } = new PracticeError(code);
    const headers = { 'content-type': 'application/problem+json' };
    return new Response(JSON.stringify({ code, title, status, retryable, reference: 'ref-1', ...details }), {
      status,
      headers,
    });
  }

  /** The conversation ends, as by the lease, Tavus or the learner. */
  stop(session: TavusSession, status: SessionStatus, endReason: string): void {
    if (isSettled(session.status)) return;
    const left = (Date.parse(session.expiresAt ?? '') - this.#world.trueTime) / 1000;
    const remaining = isRunning(session.status) ? Math.max(0, Math.round(left)) : session.remaining;
    const expiresAt = status === 'paused' ? this.#moment(this.resumeWithin) : session.expiresAt;
    Object.assign(session, { status, endReason, endedAt: this.#moment(), remaining, expiresAt });
  }

  readonly #answer: Network = async (request) => {
    const twisted = await this.#twists.get(routeOf(request))?.shift()?.(request);
    return twisted ?? this.reach(request);
  };

  /** What the backend does when a request gets through. */
  reach(request: VirtualRequest): Response {
    const route = routeOf(request);
    this.#expire();
    const session = this.sessions.get(idOf(request));
    switch (route) {
      case 'offer':
        return this.json(this.#offer());
      case 'start':
        return this.#start(idOf(request), request);
      case 'events':
        return this.#apply(JSON.parse(request.body) as EventsRequest);
      case 'leave':
        return this.json({});
      default:
        if (!session) return this.problem('not_found');
        if (route === 'resume') return this.#resume(session, request);
        if (route === 'end' && isLive(session.status)) {
          this.stop(session, 'paused', (JSON.parse(request.body) as { cause: string }).cause);
        }
        return this.json(route === 'read' ? this.#admission(session) : { session });
    }
  }

  #offer(): object {
    const active = [...this.sessions.values()].find(({ status }) => isLive(status) || status === 'paused');
    return {
      course: { id: 'spanish-101', title: 'Ordering tapas' },
      availability: { canStart: true, remaining: 2, limit: 3, accountType: 'premium' },
      policy: { ttl: this.ttl, canPause: true, heartbeat: { visible: 15, hidden: 50 }, ...this.wish.course },
      frameOrigins: ['https://*.daily.co'],
      offer: 'signed-offer',
      offerExpiresAt: this.#moment(600),
      activeSession: active ?? null,
      ...this.wish.offer,
    };
  }

  #start(id: string, request: VirtualRequest): Response {
    const known = this.sessions.get(id);
    if (known) return this.json(this.#admission(known));
    const { courseId } = JSON.parse(request.body) as { courseId: string };
    const session: TavusSession = {
      id,
      userId: 'ada',
      courseId,
      status: 'started',
      confirmedAt: this.#moment(),
      startedAt: this.#moment(),
      expiresAt: this.#moment(this.ttl),
      ttl: this.ttl,
      remaining: this.ttl,
      runs: 1,
      scorePending: false,
      late: [],
    };
    this.sessions.set(id, session);
    return this.json(this.#admission(session), 201);
  }

  #resume(session: TavusSession, { url }: VirtualRequest): Response {
    const runId = url.pathname.split('/')[6] ?? '';
    if (!this.#runs.has(runId)) {
      if (isLive(session.status)) return this.problem('session_active', { retryAfter: 5 });
      if (session.status !== 'paused' || session.remaining < 1) return this.problem('session_ended');
      this.#runs.add(runId);
      const expiresAt = this.#moment(session.remaining);
      Object.assign(session, { status: 'started', runs: session.runs + 1, endReason: undefined, expiresAt });
    }
    return this.json(this.#admission(session), 201);
  }

  #admission(session: TavusSession): object {
    if (!isRunning(session.status)) return { session };
    return { session, join: { url: 'https://tavus.daily.co/room', token: 'room-token' }, leaveTicket: 'ticket' };
  }

  #apply({ writer, events }: EventsRequest): Response {
    const touched = new Set<TavusSession>();
    let ack = this.#acks.get(writer) ?? 0;
    for (const event of events) {
      if (event.n <= ack) continue;
      if (event.n > ack + 1) return this.problem('sequence_gap', { ack });
      this.#acks.set(writer, (ack = event.n));
      this.facts.push(event);
      const session = this.sessions.get(String(event['sessionId']));
      if (!session) continue;
      touched.add(session);
      if (isSettled(session.status)) session.late.push({ n: event.n, type: String(event['type']), at: this.#moment() });
      if (event['type'] === 'completed') this.stop(session, 'completed', 'finished');
    }
    return this.json({ ack, sessions: [...touched] });
  }

  #expire(): void {
    for (const session of this.sessions.values()) {
      if (Date.parse(session.expiresAt ?? '') > this.#world.trueTime) continue;
      if (isRunning(session.status)) this.stop(session, 'expired', 'expired');
      else if (session.status === 'paused') this.stop(session, 'abandoned', session.endReason ?? 'paused');
    }
  }

  #moment(secondsFromNow = 0): string {
    return new Date(this.#world.trueTime + secondsFromNow * 1000).toISOString();
  }
}

const idOf = ({ url }: VirtualRequest): string => url.pathname.split('/')[4] ?? '';

function routeOf({ method, url }: VirtualRequest): Route {
  const [, , , kind, , verb] = url.pathname.split('/');
  if (kind === 'courses') return 'offer';
  if (kind === 'events' || kind === 'leave') return kind;
  if (verb === 'end' || verb === 'heartbeat') return verb;
  if (verb === 'runs') return 'resume';
  return method === 'PUT' ? 'start' : 'read';
}
