import { errors, jwtVerify } from 'jose';
import { PracticeError } from '../protocol/index.js';
import type { Runtime } from './runtime.js';
import type { Settings } from './settings.js';

/** Who asks. `account` decides the daily limit. */
export interface Caller {
  userId: string;
  account: string;
  role: 'learner' | 'staff';
  /** An accommodation: so many times the time limit of every course, from 1 (the default) to 10; else `internal`. */
  extraTime?: number | undefined;
}

/** Whether learners can be given so many times the time limit. */
export const isExtraTime = (factor: unknown): factor is number =>
  typeof factor === 'number' && factor >= 1 && factor <= 10;

/** Finds out who asks. Rejects with PracticeError `unauthenticated` or `forbidden`. */
export type Authenticate = (request: Request) => Promise<Caller>;

/**
 * Launch tokens: HS256 JWTs the host's backend makes for its learner. `sub` and `exp` are required;
 * `account` defaults to `free`, `role` to `learner`, `extraTime` to 1. A token with any other value is refused as
 * a whole: an accommodation that is not understood has to be noticed by the host, not by the learner.
 */
export function launchTokens({ secret, audience }: NonNullable<Settings['jwt']>, runtime: Runtime): Authenticate {
  const key = new TextEncoder().encode(secret);
  return async (request) => {
    const token = /^Bearer +(\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1];
    if (!token) throw new PracticeError('unauthenticated');
    try {
      const { payload } = await jwtVerify(token, key, {
        algorithms: ['HS256'],
        requiredClaims: ['sub', 'exp'],
        currentDate: new Date(runtime.now()),
        ...(audience !== null && { audience }),
      });
      const { sub, account = 'free', role = 'learner', extraTime = 1 } = payload;
      const known = role === 'learner' || role === 'staff';
      const named = typeof sub === 'string' && sub !== '' && sub.length <= 200;
      if (!named || typeof account !== 'string' || !known || !isExtraTime(extraTime))
        throw new PracticeError('unauthenticated');
      return { userId: sub, account, role, extraTime };
    } catch (cause) {
      if (cause instanceof errors.JOSEError) throw new PracticeError('unauthenticated', {}, cause);
      throw cause;
    }
  };
}

/** The learners of the demo. Anybody on this machine may be any of them. */
const DEMO_LEARNERS: Record<string, Omit<Caller, 'userId'>> = {
  ada: { account: 'premium', role: 'learner' },
  ben: { account: 'free', role: 'learner' },
  chloe: { account: 'free', role: 'learner', extraTime: 1.5 },
  staff: { account: 'premium', role: 'staff' },
};

const isLoopbackName = (host: string): boolean => /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i.test(host);

/**
 * Demo learners without passwords: named by the cookie `practice-demo` (or a bearer token of that name).
 * Only for a server nobody else can reach, so names that could hide another machine are refused: the `Host`
 * has to be loopback, and so has the `Origin`, if there is one.
 */
export const demoLearners: Authenticate = async (request) => {
  const origin = request.headers.get('origin');
  const foreign = origin !== null && !(URL.canParse(origin) && isLoopbackName(new URL(origin).host));
  if (!isLoopbackName(request.headers.get('host') ?? '') || foreign) throw new PracticeError('forbidden');
  const cookie = /(?:^|;\s*)practice-demo=([^;]*)/.exec(request.headers.get('cookie') ?? '')?.[1];
  const bearer = /^Bearer +(\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1];
  const userId = bearer ?? cookie ?? 'ada';
  if (!/^[\w.-]{1,64}$/.test(userId)) throw new PracticeError('unauthenticated');
  return { userId, ...(DEMO_LEARNERS[userId] ?? { account: 'free', role: 'learner' }) };
};
