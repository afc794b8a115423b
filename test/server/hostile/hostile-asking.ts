import {
  EndRequestSchema,
  EventsRequestSchema,
  FactSchema,
  HeartbeatRequestSchema,
  ResumeRequestSchema,
  StartRequestSchema,
} from '../../../src/protocol/index.js';
import type { Random } from '../../simulation/random.js';
import { CONSENTS, COURSES, LEARNERS } from './campaign-settings.js';
import { CONTENT_TYPES, hostileBody, hostileHeaders, hostilePath, LARGEST, METHODS, padded } from './hostile-values.js';
import type { KnownAnswers } from './known-answers.js';
import { valueOf, type Hints } from './schema-values.js';

/** A request before it is sent. */
export interface Asking {
  learner: string;
  method: string;
  path: string;
  body: string | Uint8Array | null;
  headers: Record<string, string>;
  /** The session the path is about, or nothing. */
  sessionId: string;
  /** The caller is sure to be who the request says: no header was tampered with. */
  authentic: boolean;
}

/** What a request is made of. */
interface Makings {
  random: Random;
  known: KnownAnswers;
  /** Milliseconds since 1970. */
  now: number;
}

const COURSE_IDS = [...COURSES.map(({ id }) => id), 'nowhere'];

const ROUTES = [
  ...(['offer', 'offer', 'start', 'start', 'start', 'resume', 'resume', 'read', 'end', 'extend'] as const),
  ...(['heartbeat', 'heartbeat', 'events', 'events', 'events', 'leave', 'callback'] as const),
];

/** A request: mostly right, often half broken, sometimes hostile through and through. */
export function hostileAsking(makings: Makings): Asking {
  const { random, known } = makings;
  const learner = random.pick(LEARNERS);
  const broken = random.pick([0, 0, 0, 0.03, 0.1, 0.4]);
  const id = (random.chance(0.9) && known.pick(known.ids, learner, random)?.value) || random.uuid();
  const { method, path, value, sessionId = '' } = route(makings, learner, id, broken);
  const asking: Asking = {
    ...{ learner, method, path, sessionId, authentic: true },
    body: value === undefined ? null : typeof value === 'string' ? value : JSON.stringify(value),
    headers: {
      host: 'localhost:8787',
      cookie: `practice-demo=${learner}`,
      ...(value !== undefined && { 'content-type': 'application/json' }),
    },
  };
  return random.chance(0.2) ? spoiled(asking, makings) : asking;
}

function route(
  makings: Makings,
  learner: string,
  id: string,
  broken: number,
): { method: string; path: string; value?: unknown; sessionId?: string } {
  const { random, known } = makings;
  const wish = { random, broken, hints: hintsFor(makings, learner, broken) };
  const ownId = `/sessions/${id}`;
  switch (random.pick(ROUTES)) {
    case 'offer':
      return { method: 'GET', path: `/courses/${random.pick(COURSE_IDS)}` };
    case 'start': {
      const fresh = random.chance(0.9) ? random.uuid() : id;
      return { method: 'PUT', path: `/sessions/${fresh}`, value: valueOf(StartRequestSchema, wish), sessionId: fresh };
    }
    case 'resume': {
      const path = `${ownId}/runs/${random.chance(0.9) ? random.uuid() : id}`;
      return { method: 'PUT', path, value: valueOf(ResumeRequestSchema, wish), sessionId: id };
    }
    case 'read':
      return { method: 'GET', path: ownId, sessionId: id };
    case 'end':
      return { method: 'POST', path: `${ownId}/end`, value: valueOf(EndRequestSchema, wish), sessionId: id };
    case 'extend':
      return { method: 'POST', path: `${ownId}/extend`, sessionId: id };
    case 'heartbeat': {
      const value = valueOf(HeartbeatRequestSchema, wish);
      return { method: 'POST', path: `${ownId}/heartbeat`, value, sessionId: id };
    }
    case 'events':
      return { method: 'POST', path: '/events', value: valueOf(EventsRequestSchema, wish) };
    case 'leave': {
      const value = known.tickets.length ? random.pick(known.tickets.slice(-9)) : 'x';
      return { method: 'POST', path: '/leave', value };
    }
    case 'callback': {
      const capability = known.capabilities.length ? random.pick(known.capabilities.slice(-5)) : 'a.b';
      return { method: 'POST', path: `/webhooks/tavus/${capability}${random.chance(0.1) ? 'x' : ''}`, value: {} };
    }
  }
}

/** What gets a request somewhere: things that answers told, and moments around now. */
function hintsFor({ random, known, now }: Makings, learner: string, broken: number): Hints {
  const writer = `w${random.whole(1, 3)}`;
  const moment = () => new Date(now - random.pick([0, 0, 1000, 50_000])).toISOString();
  const offer = known.pick(known.offers, learner, random);
  let n = known.nextNumber(learner, writer);
  const fact: Hints = {
    n: () => (random.chance(0.95) ? n++ : random.whole(1, 2 ** 31)),
    at: moment,
    courseId: () => random.pick(COURSE_IDS),
    sessionId: () => known.pick(known.ids, learner, random)?.value ?? 'none',
  };
  return {
    courseId: () => (offer && random.chance(0.95) ? offer.courseId : random.pick(COURSE_IDS)),
    ttl: () => random.pick([60, 600, 3600, undefined]),
    offer: () => offer?.value ?? 'none',
    confirmedAt: moment,
    consent: () => consentsAtRandom(random, moment()),
    seen: moment,
    ticket: () => (random.chance(0.5) || !known.tickets.length ? undefined : random.pick(known.tickets.slice(-8))),
    writer: () => writer,
    learner: () => undefined,
    cause: () => random.pick(['left', 'paused', 'finished', 'staff: no', undefined]),
    events: () =>
      Array.from({ length: random.whole(0, 4) }, () => valueOf(FactSchema, { random, hints: fact, broken })),
  };
}

/** Mostly everything any course asks for, else some of it, or in a version that is none. */
function consentsAtRandom(random: Random, at: string): unknown {
  if (random.chance(0.1)) return undefined;
  const share = random.pick([1, 1, 1, 0.5]);
  return CONSENTS.filter(() => random.chance(share)).map(({ id, version }) => ({
    id,
    version: random.chance(0.05) ? 'none' : version,
    at,
  }));
}

/** Right until here; now somebody who means harm, or something on the way, has had a hand in it. */
function spoiled(asking: Asking, { random, known }: Makings): Asking {
  const { body } = asking;
  switch (random.whole(1, 6)) {
    case 1:
      return { ...asking, body: body === null ? null : hostileBody(random) };
    case 2: {
      const type = random.pick(CONTENT_TYPES);
      const { 'content-type': _, ...others } = asking.headers;
      return { ...asking, headers: type === null ? others : { ...others, 'content-type': type } };
    }
    case 3: {
      const ids = known.ids.slice(-3).map(({ value }) => value);
      return { ...asking, path: hostilePath(random, ids), sessionId: '' };
    }
    case 4:
      return { ...asking, method: random.pick(METHODS) };
    case 5:
      return { ...asking, headers: { ...asking.headers, ...hostileHeaders(random) }, authentic: false };
    default:
      return typeof body === 'string' && body.startsWith('{')
        ? { ...asking, body: padded(body, random.pick([LARGEST - 1, LARGEST, LARGEST + 1, 2 * LARGEST])) }
        : asking;
  }
}
