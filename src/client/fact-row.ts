import type { Fact } from '../protocol/index.js';

type WithoutNumber<F> = F extends Fact ? Omit<F, 'n'> : never;

/** A fact before it has its number. */
export type FactDraft = WithoutNumber<Fact>;

/** Facts the backend has not acknowledged, in order, under the id their numbers belong to. */
export interface FactRow {
  /** Random, at most 64 characters. */
  readonly writer: string;
  /** The newest number given, acknowledged or not. */
  readonly newest: number;
  readonly facts: readonly Fact[];
}

export const emptyRow = (writer: string): FactRow => ({ writer, newest: 0, facts: [] });

/** What is stored may be older than this code, or somebody else's. */
export const isRow = (value: unknown): value is FactRow => Array.isArray((value as FactRow | undefined)?.facts);

export const append = ({ writer, newest, facts }: FactRow, draft: FactDraft): FactRow => ({
  writer,
  newest: newest + 1,
  facts: [...facts, { ...draft, n: newest + 1 }],
});

/** Drops what is done with. */
export const acknowledge = (row: FactRow, n: number): FactRow => ({
  ...row,
  facts: row.facts.filter((fact) => fact.n > n),
});

/** The same facts, numbered from 1 by a new writer. */
export const renumber = ({ facts }: FactRow, writer: string): FactRow => facts.reduce(append, emptyRow(writer));
