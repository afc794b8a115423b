import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

/** Seeds to live through, and how. */
export interface Block {
  from: number;
  count: number;
  /** All of them, one after the other, where none is named. */
  profile: string | null;
  /** Whether a violation is made as small as can be before it is told. */
  shrink: boolean;
}

/** What has been lived through. */
export interface Totals {
  schedules: number;
  /** Things that were done or went wrong. */
  events: number;
  conversations: number;
  facts: number;
  steps: number;
}

/** A broken promise. */
export interface Finding {
  seed: number;
  profile: string;
  complaint: string;
  /** The whole story. */
  report: string;
}

export type WorkerAnswer = { totals: Totals; finding: Finding | null };

/** Seeds a worker takes at a time. */
const BLOCK = 20;

/**
 * Lives through many seeds in several processes, until one breaks a promise.
 *
 * @param folder where the compiled product is
 * @throws Error when a process dies
 */
export async function swarm(folder: string, { from, count, ...how }: Block, workers: number): Promise<WorkerAnswer> {
  const sum: Totals = { schedules: 0, events: 0, conversations: 0, facts: 0, steps: 0 };
  let finding: Finding | null = null;
  let next = from;
  const end = from + count;
  const children: ChildProcess[] = [];
  const work = (child: ChildProcess) =>
    new Promise<void>((resolve, reject) => {
      const goOn = (): void => {
        if (next >= end || finding) {
          child.disconnect();
          return resolve();
        }
        child.send({ from: next, count: Math.min(BLOCK, end - next), ...how } satisfies Block);
        next += BLOCK;
      };
      child.on('message', (answer: WorkerAnswer) => {
        for (const key of Object.keys(sum) as (keyof Totals)[]) sum[key] += answer.totals[key];
        finding ??= answer.finding;
        goOn();
      });
      child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`a world ended the process: ${code}`))));
      goOn();
    });
  for (let index = 0; index < Math.max(1, Math.min(workers, Math.ceil(count / BLOCK))); index++)
    children.push(
      fork(join(folder, 'test/simulation/worker.js'), {
        // Worlds are short and make a lot of garbage and errors; neither is worth keeping or describing at length.
        execArgv: ['--max-semi-space-size=32', '--stack-trace-limit=4'],
      }),
    );
  try {
    await Promise.all(children.map(work));
  } finally {
    for (const child of children) child.kill();
  }
  return { totals: sum, finding };
}
