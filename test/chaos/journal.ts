import type { Fact } from '../../src/protocol/index.js';

/** A fact as the browser's storage shows it: `owner` is the learner it is kept for. */
export type SavedFact = Fact & { owner: string; writer: string };

/** What a page knew when it said so. Each entry has one of the optional fields. */
export interface JournalEntry {
  page: string;
  learner: string;
  /** Facts the page found committed in its storage. */
  saved?: SavedFact[];
  /** How many dismissed dialogs of this page the backend has acknowledged, by `practice-sync`. */
  acknowledged?: number;
  /** A session the page was told has settled. */
  settled?: { id: string; status: string };
  /** The code of a `practice-failed`. */
  failed?: string;
}

/** Everything the pages knew, whatever became of them. */
export class Journal {
  /** By writer and number. */
  readonly saved = new Map<string, SavedFact>();
  readonly settled = new Map<string, string>();
  readonly failures = new Map<string, number>();
  readonly #acknowledged = new Map<string, { learner: string; dismissals: number }>();

  readonly take = ({ page, learner, saved = [], acknowledged, settled, failed }: JournalEntry): void => {
    for (const fact of saved) this.saved.set(`${fact.writer}/${fact.n}`, fact);
    if (acknowledged !== undefined) {
      const before = this.#acknowledged.get(page)?.dismissals ?? 0;
      this.#acknowledged.set(page, { learner, dismissals: Math.max(before, acknowledged) });
    }
    if (settled) this.settled.set(settled.id, settled.status);
    if (failed) this.failures.set(failed, (this.failures.get(failed) ?? 0) + 1);
  };

  /** Dismissed dialogs of this learner that pages were told the backend has. */
  acknowledgedDismissals(learner: string): number {
    const pages = [...this.#acknowledged.values()].filter((page) => page.learner === learner);
    return pages.reduce((sum, { dismissals }) => sum + dismissals, 0);
  }
}
