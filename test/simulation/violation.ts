/** A promise that did not hold, by its number among the invariants. */
export class Violation extends Error {
  readonly invariant: string;

  constructor(invariant: string, complaint: string) {
    super(`${invariant}: ${complaint}`);
    this.name = 'Violation';
    this.invariant = invariant;
  }
}
