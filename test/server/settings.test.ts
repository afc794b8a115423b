import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readSettings, SettingsError, type Settings } from '../../src/server/index.js';

const LONG = 'a secret of sixteen or more';
const course = (more: object = {}) => ({ id: 'a', title: 'A', palId: 'p', ...more });

interface Case {
  name: string;
  read: (settings: Settings) => unknown;
  byDefault: unknown;
  /** Text and what it becomes. */
  good: [text: string, value: unknown][];
  bad: string[];
  /** What else has to be set. */
  also?: Record<string, string>;
}

const number = (name: string, read: Case['read'], byDefault: number, bad: string[] = []): Case => ({
  name,
  read,
  byDefault,
  good: [
    ['7', 7],
    [' 12 ', 12],
  ],
  bad: ['-1', '1.5', 'many', '1e3', ...bad],
});

const flag = (name: string, read: Case['read']): Case => ({
  name,
  read,
  byDefault: true,
  good: [
    ['false', false],
    ['true', true],
  ],
  bad: ['yes', '0', 'TRUE'],
});

const CASES: Case[] = [
  { name: 'TAVUS_API_KEY', read: (s) => s.tavus.apiKey, byDefault: null, good: [['key', 'key']], bad: [] },
  {
    name: 'TAVUS_API_URL',
    read: (s) => s.tavus.apiUrl,
    byDefault: 'https://tavusapi.com',
    good: [['http://localhost:8788/', 'http://localhost:8788']],
    bad: ['tavusapi.com', 'ftp://x', 'javascript:1'],
  },
  number('TAVUS_DEFAULT_TTL', (s) => s.defaultTtl, 3600, ['0']),
  number('TAVUS_MAX_CALL_SECONDS', (s) => s.tavus.maxCallSeconds, 3600, ['0']),
  { ...number('TAVUS_MAX_RETRIES', (s) => s.tavus.attempts, 3, ['0', '11']), good: [['5', 5]] },
  number('TAVUS_TIMEOUT_SECONDS', (s) => s.tavus.timeout, 15, ['0', '301']),
  flag('ENABLE_TAVUS_CONFIRMATION', (s) => s.features.confirmation),
  flag('TAVUS_TTL_ENABLED', (s) => s.features.timeLimit),
  flag('TAVUS_OFFLINE_QUEUE', (s) => s.features.offlineQueue),
  number('PORT', (s) => s.port, 8787, ['65536']),
  {
    name: 'HOST',
    read: (s) => s.host,
    byDefault: 'localhost',
    good: [
      ['127.0.0.1', '127.0.0.1'],
      ['::1', '::1'],
    ],
    bad: [],
  },
  {
    name: 'PUBLIC_URL',
    read: (s) => s.publicUrl,
    byDefault: null,
    good: [['https://practice.example/', 'https://practice.example']],
    bad: ['practice.example', 'https://practice.example/path', 'https://practice.example?x'],
  },
  {
    name: 'DATABASE_URL',
    read: (s) => s.databaseUrl,
    byDefault: 'sqlite:./data/practice.db',
    good: [['sqlite:/tmp/x.db', 'sqlite:/tmp/x.db']],
    bad: ['/tmp/x.db', 'sqlite:', 'mysql://localhost/x'],
  },
  {
    name: 'PRACTICE_COURSES',
    read: (s) => s.courses.map(({ id, ttl, onTimeLimit, canPause }) => ({ id, ttl, onTimeLimit, canPause })),
    byDefault: [
      { id: 'spanish-101', ttl: 600, onTimeLimit: 'expire', canPause: true },
      { id: 'interview-basics', ttl: undefined, onTimeLimit: 'complete', canPause: true },
      { id: 'quick-check', ttl: 60, onTimeLimit: 'expire', canPause: false },
    ],
    good: [
      [JSON.stringify([course({ ttl: 1 })]), [{ id: 'a', ttl: 1, onTimeLimit: 'expire', canPause: true }]],
      ['[]', []],
    ],
    bad: [
      'nonsense',
      '{}',
      '[1]',
      JSON.stringify([{ id: 'a' }]),
      JSON.stringify([course({ id: '' })]),
      JSON.stringify([course(), course()]),
      JSON.stringify([course({ tll: 60 })]),
      JSON.stringify([course({ ttl: 0 })]),
      JSON.stringify([course({ ttl: 1.5 })]),
      JSON.stringify([course({ extension: { seconds: 60 } })]),
      JSON.stringify([course({ extension: { seconds: 60, times: 1, more: 1 } })]),
      JSON.stringify([course({ onTimeLimit: 'explode' })]),
      JSON.stringify([course({ dailyLimit: -1 })]),
      JSON.stringify([course({ consent: [{ id: 'a', version: '1' }] })]),
      JSON.stringify([course({ personaId: 'q' })]),
      JSON.stringify([course({ faceId: 'f', replicaId: 'r' })]),
    ],
  },
  {
    name: 'PRACTICE_DAILY_LIMITS',
    read: (s) => s.dailyLimits,
    byDefault: { free: 1, premium: 3 },
    good: [
      ['gold=5, silver=0', { gold: 5, silver: 0 }],
      ['one=1', { one: 1 }],
    ],
    bad: ['gold', 'gold=', '=5', 'gold=-1', 'gold=many', 'gold=1=2', ','],
  },
  {
    name: 'PRACTICE_JWT_SECRET',
    read: (s) => s.jwt?.secret ?? null,
    byDefault: null,
    good: [[LONG, LONG]],
    bad: ['short'],
    also: { PRACTICE_SECRET: LONG },
  },
  {
    name: 'PRACTICE_JWT_AUDIENCE',
    read: (s) => s.jwt?.audience ?? null,
    byDefault: null,
    good: [['lms', 'lms']],
    bad: [],
    also: { PRACTICE_SECRET: LONG, PRACTICE_JWT_SECRET: LONG },
  },
  { name: 'PRACTICE_SECRET', read: (s) => s.secret, byDefault: null, good: [[LONG, LONG]], bad: ['short'] },
  {
    name: 'PRACTICE_FRAME_ORIGINS',
    read: (s) => s.frameOrigins,
    byDefault: ['https://*.daily.co'],
    good: [['https://a.example, https://*.b.example', ['https://a.example', 'https://*.b.example']]],
    bad: ['a.example', 'https://a.example/path', '*', 'https://a.example/'],
  },
  {
    name: 'PRACTICE_ALLOWED_ORIGINS',
    read: (s) => s.allowedOrigins,
    byDefault: [],
    good: [['https://lms.example', ['https://lms.example']]],
    bad: ['lms.example', '*', 'https://*.lms.example', 'null'],
  },
  {
    name: 'PRACTICE_LEASE_SECONDS',
    read: (s) => s.leases,
    byDefault: { visible: 45, hidden: 150, leave: 20 },
    good: [['leave=5,visible=30', { visible: 30, hidden: 150, leave: 5 }]],
    bad: ['visible=0', 'seen=4', 'visible', '45'],
  },
  number('PRACTICE_REJOIN_SECONDS', (s) => s.rejoin, 300, ['0']),
  number('PRACTICE_SWEEP_SECONDS', (s) => s.sweep, 5, ['0']),
  number('PRACTICE_SETTLE_SECONDS', (s) => s.settle, 20),
  number('PRACTICE_OFFER_SECONDS', (s) => s.offer, 600, ['0']),
  number('PRACTICE_RESUME_SECONDS', (s) => s.resume, 3600),
  number('PRACTICE_MIN_SECONDS', (s) => s.minSeconds, 0),
  number('PRACTICE_RATE_LIMIT', (s) => s.rateLimit, 300),
];

const complaint = (env: Record<string, string>): string => {
  try {
    readSettings(env);
  } catch (cause) {
    assert.ok(cause instanceof SettingsError, String(cause));
    return cause.message;
  }
  return '';
};

for (const { name, read, byDefault, good, bad, also = {} } of CASES)
  describe(name, () => {
    it('has its default when it is absent or empty', () => {
      assert.deepEqual(read(readSettings(also)), byDefault);
      assert.deepEqual(read(readSettings({ ...also, [name]: '  ' })), byDefault);
    });

    it('becomes what it says', () => {
      for (const [text, value] of good) assert.deepEqual(read(readSettings({ ...also, [name]: text })), value, text);
    });

    if (bad.length)
      it('is named in one line when it cannot be used', () => {
        for (const text of bad) {
          const said = complaint({ ...also, [name]: text });
          assert.ok(said.startsWith(`${name} `), `${text}: ${said || 'was taken'}`);
          assert.doesNotMatch(said, /\n/);
        }
      });
  });

describe('Settings that go together', () => {
  it('refuse demo learners anywhere but on loopback', () => {
    for (const HOST of ['0.0.0.0', '::', 'practice.example'])
      assert.match(complaint({ HOST }), /^PRACTICE_JWT_SECRET /);
    assert.equal(complaint({ HOST: '0.0.0.0', PRACTICE_JWT_SECRET: LONG, PRACTICE_SECRET: LONG }), '');
  });

  it('want a secret of their own beside one for launch tokens', () => {
    assert.match(complaint({ PRACTICE_JWT_SECRET: LONG }), /^PRACTICE_SECRET /);
  });

  it('never repeat a secret in a complaint', () => {
    assert.doesNotMatch(complaint({ DATABASE_URL: 'mysql://me:hunter2@db/x' }), /hunter2/);
    assert.doesNotMatch(complaint({ PRACTICE_SECRET: 'hunter2' }), /hunter2/);
    assert.doesNotMatch(complaint({ PRACTICE_JWT_SECRET: 'hunter2', PRACTICE_SECRET: LONG }), /hunter2/);
  });

  it('say which course is wrong, and where', () => {
    const courses = JSON.stringify([course(), course({ id: 'b', ttl: 'long' })]);
    assert.match(complaint({ PRACTICE_COURSES: courses }), /^PRACTICE_COURSES course 2, ttl: /);
    assert.match(complaint({ PRACTICE_COURSES: JSON.stringify([course(), course()]) }), /"a" is there twice/);
    assert.match(complaint({ PRACTICE_COURSES: JSON.stringify([course({ tll: 1 })]) }), /tll/);
  });

  it('ignore what they do not know', () => {
    assert.deepEqual(readSettings({ PRACTICE_SOMETHING: 'else', PATH: '/bin' }), readSettings({}));
  });
});
