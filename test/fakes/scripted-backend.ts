import type {
  EventsRequest,
  Offer,
  ProblemCode,
  ProblemDetails,
  SessionStatus,
  TavusSession,
} from '../../src/protocol/index.js';
import { isLive, isRunning, isSettled, PROBLEMS } from '../../src/protocol/index.js';
import type { Network, VirtualEnvironment, VirtualRequest } from './virtual-environment.js';

type Route = 'offer' | 'start' | 'read' | 'end' | 'heartbeat' | 'events' | 'leave';

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
  wish: Wish = {};
  readonly #world: VirtualEnvironment;
  readonly #twists = new Map<Route, Twist[]>();
  #ack = 0;

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
    const { status, title, retryable } = PROBLEMS[code];
    const headers = { 'content-type': 'application/problem+json' };
    return new Response(JSON.stringify({ code, title, status, retryable, reference: 'ref-1', ...details }), {
      status,
      headers,
    });
  }

  /** The conversation ends, as by the lease, Tavus or the learner. */
  stop(session: TavusSession, status: SessionStatus, endReason: string): void {
    if (isSettled(session.status)) return;
    Object.assign(session, { status, endReason, endedAt: this.#moment() });
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

  #admission(session: TavusSession): object {
    if (!isRunning(session.status)) return { session };
    return { session, join: { url: 'https://tavus.daily.co/room', token: 'room-token' }, leaveTicket: 'ticket' };
  }

  #apply({ events }: EventsRequest): Response {
    const touched = new Set<TavusSession>();
    for (const event of events) {
      if (event.n <= this.#ack) continue;
      if (event.n > this.#ack + 1) return this.problem('sequence_gap', { ack: this.#ack });
      this.#ack = event.n;
      this.facts.push(event);
      const session = this.sessions.get(String(event['sessionId']));
      if (!session) continue;
      touched.add(session);
      if (event['type'] === 'completed') this.stop(session, 'completed', 'finished');
    }
    return this.json({ ack: this.#ack, sessions: [...touched] });
  }

  #expire(): void {
    for (const session of this.sessions.values()) {
      if (isRunning(session.status) && Date.parse(session.expiresAt ?? '') <= this.#world.trueTime) {
        this.stop(session, 'expired', 'expired');
      }
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
  return method === 'PUT' ? 'start' : 'read';
}
