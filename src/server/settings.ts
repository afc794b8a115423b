import { DEMO_COURSES, readCourses, type Course } from './courses.js';
import type { LeaseSeconds } from './session-lifecycle.js';

/** How the reference backend is set up. Lengths are seconds. */
export interface Settings {
  tavus: { apiKey: string | null; apiUrl: string; timeout: number; attempts: number; maxCallSeconds: number };
  defaultTtl: number;
  features: { confirmation: boolean; timeLimit: boolean; offlineQueue: boolean };
  port: number;
  host: string;
  publicUrl: string | null;
  databaseUrl: string;
  courses: Course[];
  dailyLimits: Record<string, number>;
  jwt: { secret: string; audience: string | null } | null;
  /** Signs offers, tickets and capabilities. Null: made and kept beside the SQLite file. */
  secret: string | null;
  frameOrigins: string[];
  allowedOrigins: string[];
  leases: LeaseSeconds;
  rejoin: number;
  sweep: number;
  settle: number;
  offer: number;
  resume: number;
  minSeconds: number;
  /** Requests per minute and learner, 0 for no limit. */
  rateLimit: number;
}

/** No length or count of ours is larger; as seconds it is 31 years. */
const LARGEST = 1_000_000_000;

type Environment = Readonly<Record<string, string | undefined>>;

/** A setting that cannot be used. The message is one line that names it and says what would do. */
export class SettingsError extends Error {
  constructor(name: string, complaint: string) {
    super(`${name} ${complaint}`);
    this.name = 'SettingsError';
  }
}

/**
 * Reads the settings of the reference backend from the environment. Unknown names are ignored.
 *
 * @throws SettingsError for the first setting that cannot be used
 */
export function readSettings(env: Environment): Settings {
  const text = (name: string): string | null => env[name]?.trim() || null;

  const whole = (name: string, fallback: number, least: number, most = LARGEST): number => {
    const value = text(name);
    if (value === null) return fallback;
    const number = /^\d+$/.test(value) ? Number(value) : NaN;
    if (!(number >= least && number <= most))
      throw new SettingsError(name, `has to be a whole number from ${least} to ${most}, not ${JSON.stringify(value)}`);
    return number;
  };

  const flag = (name: string): boolean => {
    const value = text(name) ?? 'true';
    if (value !== 'true' && value !== 'false')
      throw new SettingsError(name, `has to be true or false, not ${JSON.stringify(value)}`);
    return value === 'true';
  };

  const list = (name: string): string[] =>
    (text(name) ?? '')
      .split(',')
      .map((entry) => entry.trim())
      .filter(Boolean);

  const numbers = (name: string, fallback: Record<string, number>): Record<string, number> => {
    if (text(name) === null) return fallback;
    return Object.fromEntries(
      list(name).map((entry) => {
        const [key, value, ...rest] = entry.split('=');
        if (!key || !value || rest.length || !/^\d+$/.test(value))
          throw new SettingsError(name, `has to look like name=number,name=number; ${JSON.stringify(entry)} does not`);
        return [key, Number(value)];
      }),
    );
  };

  const origins = (name: string, wildcards: boolean): string[] =>
    list(name).map((entry) => {
      const plain = wildcards ? entry.replace('://*.', '://any.') : entry;
      if (!URL.canParse(plain) || new URL(plain).origin !== plain || plain.includes('*'))
        throw new SettingsError(
          name,
          `has to list origins such as https://example.com, separated by commas, without a path or a slash at the end; ${JSON.stringify(entry)} is none`,
        );
      return entry;
    });

  const url = (name: string): string | null => {
    const value = text(name);
    if (value === null) return null;
    if (!URL.canParse(value) || !/^https?:$/.test(new URL(value).protocol))
      throw new SettingsError(name, `has to be an http or https address, not ${JSON.stringify(value)}`);
    return value.replace(/\/+$/, '');
  };

  const courses = (): Course[] => {
    const value = text('PRACTICE_COURSES');
    if (value === null) return DEMO_COURSES;
    try {
      return readCourses(value);
    } catch (cause) {
      throw new SettingsError('PRACTICE_COURSES', cause instanceof Error ? cause.message : String(cause));
    }
  };

  const publicUrl = url('PUBLIC_URL');
  if (publicUrl !== null && new URL(publicUrl).origin !== publicUrl)
    throw new SettingsError('PUBLIC_URL', `has to be an origin without a path, not ${JSON.stringify(publicUrl)}`);

  const jwtSecret = text('PRACTICE_JWT_SECRET');
  if (jwtSecret !== null && jwtSecret.length < 16)
    throw new SettingsError('PRACTICE_JWT_SECRET', 'has to have at least 16 characters');
  const host = text('HOST') ?? 'localhost';
  if (jwtSecret === null && !['localhost', '127.0.0.1', '::1'].includes(host))
    throw new SettingsError(
      'PRACTICE_JWT_SECRET',
      `has to be set when HOST is not loopback (it is ${JSON.stringify(host)}): demo learners need no password`,
    );

  const databaseUrl = text('DATABASE_URL') ?? 'sqlite:./data/practice.db';
  if (!/^sqlite:.+/.test(databaseUrl))
    throw new SettingsError(
      'DATABASE_URL',
      `has to be sqlite:PATH, not ${JSON.stringify(databaseUrl.replace(/\/\/.*@/, '//…@'))}`,
    );

  const secret = text('PRACTICE_SECRET');
  if (secret !== null && secret.length < 16)
    throw new SettingsError('PRACTICE_SECRET', 'has to have at least 16 characters');
  if (secret === null && jwtSecret !== null)
    throw new SettingsError('PRACTICE_SECRET', 'has to be set when PRACTICE_JWT_SECRET is');

  const leases = numbers('PRACTICE_LEASE_SECONDS', {});
  for (const key of Object.keys(leases))
    if (!['visible', 'hidden', 'leave'].includes(key) || !leases[key])
      throw new SettingsError('PRACTICE_LEASE_SECONDS', 'knows visible, hidden and leave, each at least 1');

  const dailyLimits = numbers('PRACTICE_DAILY_LIMITS', { free: 1, premium: 3 });
  if (!Object.keys(dailyLimits).length)
    throw new SettingsError('PRACTICE_DAILY_LIMITS', 'has to name at least one account type');

  const frameOrigins = origins('PRACTICE_FRAME_ORIGINS', true);

  return {
    tavus: {
      apiKey: text('TAVUS_API_KEY'),
      apiUrl: url('TAVUS_API_URL') ?? 'https://tavusapi.com',
      timeout: whole('TAVUS_TIMEOUT_SECONDS', 15, 1, 300),
      attempts: whole('TAVUS_MAX_RETRIES', 3, 1, 10),
      maxCallSeconds: whole('TAVUS_MAX_CALL_SECONDS', 3600, 1),
    },
    defaultTtl: whole('TAVUS_DEFAULT_TTL', 3600, 1),
    features: {
      confirmation: flag('ENABLE_TAVUS_CONFIRMATION'),
      timeLimit: flag('TAVUS_TTL_ENABLED'),
      offlineQueue: flag('TAVUS_OFFLINE_QUEUE'),
    },
    port: whole('PORT', 8787, 0, 65535),
    host,
    publicUrl,
    databaseUrl,
    courses: courses(),
    dailyLimits,
    jwt: jwtSecret === null ? null : { secret: jwtSecret, audience: text('PRACTICE_JWT_AUDIENCE') },
    secret,
    frameOrigins: frameOrigins.length ? frameOrigins : ['https://*.daily.co'],
    allowedOrigins: origins('PRACTICE_ALLOWED_ORIGINS', false),
    leases: { visible: 45, hidden: 150, leave: 20, ...leases },
    rejoin: whole('PRACTICE_REJOIN_SECONDS', 300, 1),
    sweep: whole('PRACTICE_SWEEP_SECONDS', 5, 1),
    settle: whole('PRACTICE_SETTLE_SECONDS', 20, 0),
    offer: whole('PRACTICE_OFFER_SECONDS', 600, 1),
    resume: whole('PRACTICE_RESUME_SECONDS', 3600, 0),
    minSeconds: whole('PRACTICE_MIN_SECONDS', 0, 0),
    rateLimit: whole('PRACTICE_RATE_LIMIT', 300, 0),
  };
}
