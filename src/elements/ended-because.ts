import type { EndReason } from '../protocol/session.js';

type Because = 'pausedNext' | 'endedLeft' | 'endedLease' | 'endedProvider' | 'endedStaff' | 'endedOther';

const BECAUSE: Readonly<Record<string, Because>> = {
  paused: 'pausedNext',
  left: 'endedLeft',
  lease: 'endedLease',
  provider: 'endedProvider',
};

/** Why a conversation stopped before the learner finished, as the key of its sentence. */
export function endedBecause(reason: EndReason | undefined): Because {
  if (reason?.startsWith('staff')) return 'endedStaff';
  return BECAUSE[reason ?? ''] ?? 'endedOther';
}
