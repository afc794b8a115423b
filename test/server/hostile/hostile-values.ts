import type { Random } from '../../simulation/random.js';

/** Values that have broken something somewhere before. */
const VALUES: readonly unknown[] = [
  ...['', ' ', '\0', '%', '%00', '%ff', '../..', '__proto__', 'constructor', 'toString', 'null', 'undefined', 'NaN'],
  ...["' OR 1=1 --", '<script>', '\ud800', '\udc00\ud800', '\u202e', '🙂', '{}', '[]', '.', '..', '=1+1', '-0'],
  ...['x'.repeat(300), '9'.repeat(400), 'a'.repeat(5000), '\u0000'.repeat(50), 'é'.repeat(200)],
  ...['2026-11-22T10:00:00+05', '2026-02-31T10:00:00Z', '+275760-09-13T00:00:00.001Z', '0000-01-01 00:00:00Z'],
  ...['9999-12-31T23:59:59Z', '2026-11-22T24:00:00Z', '1970-01-01T00:00:00Z', 'tomorrow'],
  ...[null, true, false, 0, -0, 1, -1, 0.5, 1e308, 2 ** 53, 2 ** 53 - 1, 2 ** 31, 5e-324, -(2 ** 63)],
  ...[[], {}, [[]], [null], { length: 1e9 }, { toString: 1 }, { valueOf: null }, [1, 'a', {}]],
];

export function hostileValue(random: Random): unknown {
  if (random.chance(0.03)) return nested(random.pick([10, 100, 500]));
  return random.pick(VALUES);
}

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let i = 0; i < depth; i++) value = i % 2 ? [value] : { a: value };
  return value;
}

const deep = (open: string, close: string, depth: number) => open.repeat(depth) + close.repeat(depth);

/** Bodies that are no JSON, hardly JSON, or JSON no serializer writes. */
const BODIES: readonly (string | Uint8Array)[] = [
  ...['', ' ', '{', '}', 'null', 'true', '[]', '"text"', '0', '-', 'NaN', 'Infinity', '1e999', '-1e999', '{"a":NaN}'],
  ...['{"n":1e999}', '{"a":1,"a":2}', '{"__proto__":{"polluted":1}}', '{"constructor":{"prototype":{"polluted":1}}}'],
  ...['{"writer":"w","events":[{"n":1e999}]}', '{"writer":"w","events":[{"n":1},{"n":1},{"n":-0}]}', "{'a':1}"],
  ...['{"writer":"\\ud800","events":[]}', '{"a":"\\u0000"}', '\ufeff{}', '{}\n{}', '{"a":undefined}', '<xml/>'],
  ...[deep('[', ']', 5000), deep('{"a":', '}', 5000), '['.repeat(30_000), `{"events":${deep('[', ']', 20_000)}}`],
  new Uint8Array([0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00]),
  new Uint8Array([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x3a, 0x31, 0x7d]),
  new Uint8Array([0x1f, 0x8b, 0x08, 0x00, 0x00]),
  new Uint8Array(200).map((_, i) => (i * 37) & 255),
];

export const hostileBody = (random: Random): string | Uint8Array => random.pick(BODIES);

/** The largest body that is taken, in bytes. */
export const LARGEST = 64 * 1024;

/** A body of exactly so many bytes that means the same. */
export const padded = (json: string, bytes: number): string =>
  json.padEnd(json.length + bytes - Buffer.byteLength(json));

export const CONTENT_TYPES: readonly (string | null)[] = [
  ...['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'application/json;charset=utf-16'],
  ...['APPLICATION/JSON', 'application/json; charset=utf-8; boundary=x', 'application/json,text/plain', 'json', ''],
  ...['application/problem+json', 'application/jsonp', null],
];

export const METHODS = ['GET', 'PUT', 'POST', 'DELETE', 'PATCH', 'OPTIONS', 'PROPFIND', 'QUERY', 'LOCK'] as const;

const SEGMENTS = [
  ...[
    'sessions',
    'courses',
    'events',
    'leave',
    'webhooks',
    'tavus',
    'runs',
    'end',
    'extend',
    'heartbeat',
    'users',
    'me',
  ],
  ...['live', 'analytics', '..', '.', '%2e%2e', '%2f', '%00', '%ff', '%ED%A0%80', '__proto__', 'constructor', ''],
  ...['spanish-101', 'spanish-101%20', 'SPANISH-101', '%F0%9F%99%82', 'x'.repeat(2000), ';', '*', '@', '~'],
];

export const hostilePath = (random: Random, ids: readonly string[]): string =>
  `/${Array.from({ length: random.whole(0, 5) }, () => random.pick([...SEGMENTS, ...ids])).join('/')}` +
  random.pick(['', '', '/', '?', '?a=b&a=c', '?__proto__=1', '#x', '//']);

const HEADER_VALUES = [
  ...['', 'Bearer', 'Bearer a.b.c', 'Bearer ada', 'Bearer ..', 'Basic YWRhOg==', 'null', 'localhost', 'evil.example'],
  ...['practice-demo=', 'practice-demo=%', 'practice-demo=a b', 'practice-demo=ada; practice-demo=ben', '-1', '1e9'],
  ...['https://evil.example', 'http://localhost:1', 'http://[::1]', 'file://', 'x'.repeat(3000), '*', 'é'],
];
const HEADER_NAMES = [
  ...['authorization', 'cookie', 'origin', 'host', 'accept', 'content-length', 'x-forwarded-for', 'x-forwarded-host'],
  ...['access-control-request-headers', 'access-control-request-method', 'transfer-encoding', 'content-encoding'],
  ...['x-http-method-override', 'if-none-match', 'range', 'expect', 'x-api-key'],
];

export const hostileHeaders = (random: Random): Record<string, string> =>
  Object.fromEntries(
    Array.from({ length: random.whole(1, 4) }, () => [random.pick(HEADER_NAMES), random.pick(HEADER_VALUES)]),
  );
