import { isLive, PracticeError, type Offer, type TavusSession, type UnavailableReason } from '../protocol/index.js';
import { isExtraTime, type Caller } from './auth.js';
import type { Course } from './courses.js';
import { quotaOf } from './quota.js';
import type { Runtime } from './runtime.js';
import { blocksStart, currentRun, isAsked, toRecord } from './session-lifecycle.js';
import type { AgreedPolicy, Learner, StoredSession } from './session-store.js';
import type { Settings } from './settings.js';
import type { Signer } from './signing.js';

/** The offer without the fields every answer carries. */
export type CourseOffer = Omit<Offer, 'protocol' | 'serverTime'> & {
  course: { consent: Course['consent']; recorded: boolean };
};

/** What a sealed offer says: who may start what, for how long. */
export interface SealedOffer {
  id: string;
  learner: string;
  course: string;
  ttl: number;
  extension: AgreedPolicy['extension'];
  onTimeLimit: AgreedPolicy['onTimeLimit'];
  expires: number;
}

export interface Offers {
  /** @throws PracticeError `not_found` */
  course(id: string): Course;
  /** What this learner would get in this course now. Never asks Tavus. */
  make(caller: Caller, courseId: string, learner: Learner, active: StoredSession | null): CourseOffer;
  /** @throws PracticeError `offer_expired` for one that is expired, altered or somebody else's */
  open(caller: Caller, course: Course, sealed: string, now: number): SealedOffer;
  /** Sessions left today, over all courses and in this one. */
  availability(
    caller: Caller,
    course: Course,
    learner: Learner,
    now: number,
  ): { remaining: number; limit: number; resetsAt: string };
}

const DAY = 24 * 60 * 60 * 1000;

export function createOffers({
  runtime,
  signer,
  settings,
}: {
  runtime: Runtime;
  signer: Signer;
  settings: Settings;
}): Offers {
  function course(id: string): Course {
    const found = settings.courses.find((each) => each.id === id);
    if (!found) throw new PracticeError('not_found');
    return found;
  }

  /** Time limit with the learner's extra time, and extensions, cut to what Tavus honours in one call. */
  function limits(
    { extraTime = 1 }: Caller,
    { ttl = settings.defaultTtl, extension }: Course,
  ): { ttl: number; extension: AgreedPolicy['extension'] } {
    if (!isExtraTime(extraTime)) throw new RangeError(`extraTime has to be from 1 to 10, not ${String(extraTime)}`);
    const most = settings.tavus.maxCallSeconds;
    const granted = Math.min(Math.round(ttl * extraTime), most);
    const times = extension ? Math.min(extension.times, Math.floor((most - granted) / extension.seconds)) : 0;
    return { ttl: granted, extension: extension && times > 0 ? { seconds: extension.seconds, times } : null };
  }

  function availability(caller: Caller, { id, dailyLimit }: Course, learner: Learner, now: number) {
    const limits = settings.dailyLimits;
    const limit = Object.hasOwn(limits, caller.account)
      ? (limits[caller.account] ?? 0)
      : Math.min(...Object.values(limits));
    const today = quotaOf(learner, now);
    const left = { limit, remaining: Math.max(0, limit - today.total) };
    const inCourse = {
      limit: dailyLimit ?? Infinity,
      remaining: Math.max(0, (dailyLimit ?? Infinity) - (today.courses[id] ?? 0)),
    };
    const tighter = inCourse.remaining < left.remaining ? inCourse : left;
    return { ...tighter, resetsAt: new Date((Math.floor(now / DAY) + 1) * DAY).toISOString() };
  }

  return {
    course,
    availability,

    make(caller, courseId, learner, active) {
      const now = runtime.now();
      const found = course(courseId);
      const { remaining, limit, resetsAt } = availability(caller, found, learner, now);
      const { ttl, extension } = limits(caller, found);
      const reason = (active && reasonOf(active)) ?? (remaining === 0 ? 'quota_exceeded' : undefined);
      const expires = now + settings.offer * 1000;
      const sealed: SealedOffer = {
        id: runtime.newId(),
        learner: caller.userId,
        course: courseId,
        ttl,
        extension,
        onTimeLimit: found.onTimeLimit,
        expires,
      };
      const { id, title, briefing, tips, consent, recorded } = found;
      return {
        course: { id, title, briefing, tips, consent, recorded },
        availability: {
          canStart: reason === undefined,
          ...(reason && { reason }),
          remaining,
          limit,
          ...(remaining === 0 && { resetsAt }),
          accountType: caller.account,
        },
        policy: {
          ttl,
          warnAt: found.warnAt.filter((seconds) => seconds < ttl),
          canPause: found.canPause,
          resumeWithin: settings.resume,
          onTimeLimit: found.onTimeLimit,
          extension,
          heartbeat: {
            visible: Math.max(1, Math.floor(settings.leases.visible / 3)),
            // Browsers slow the timers of hidden pages to one a minute.
            hidden: Math.max(1, Math.floor(settings.leases.hidden / 2.5)),
          },
        },
        features: settings.features,
        frameOrigins: settings.frameOrigins,
        learner: signer.pseudonym(caller.userId),
        offer: signer.seal('offer', sealed),
        offerExpiresAt: new Date(expires).toISOString(),
        completion: learner.completions[courseId] ?? null,
        activeSession: visible(active, now),
      };
    },

    open(caller, { id }, sealed, now) {
      const offer = signer.open('offer', sealed) as SealedOffer | null;
      if (!offer || offer.expires <= now || offer.learner !== caller.userId || offer.course !== id)
        throw new PracticeError('offer_expired');
      return offer;
    },
  };
}

/** Only a session that can still be continued is worth telling about. */
const visible = (session: StoredSession | null, now: number): TavusSession | null =>
  session && (isLive(session.status) || session.status === 'paused') ? toRecord(session, now) : null;

/** Why a session keeps its learner from starting another one, if it does. */
function reasonOf(session: StoredSession): UnavailableReason | undefined {
  if (isLive(session.status)) return 'session_active';
  if (!blocksStart(session)) return undefined;
  return session.status === 'paused' && isAsked(currentRun(session)) ? 'session_active' : 'ending';
}
