import type { Fingerprint } from '../proof/fingerprint.js';

/** One invariant of the books, as a query for what breaks it. */
export interface Check {
  /** Number of the invariant. */
  readonly id: string;
  readonly title: string;
  /** Yields one row per violation. `$1`, when it is there, is the moment before which everything has been proven already. */
  readonly sql: string;
  /** Constraints, `table.name`, that prove it when they hold for every row; it is asked for row by row only without them. */
  readonly constraints?: readonly string[];
  /** The fingerprint proves it when the books agree. */
  readonly isToldByFingerprint?: true;
  /** The fingerprint has counted these lines. */
  readonly isCountedByFingerprint?: true;
  /** Asks the same since the beginning, but row by row only of those whom sums do not clear; as long as the fingerprint says `when`. */
  readonly ofAll?: { readonly sql: string; readonly when: (fingerprint: Fingerprint) => boolean };
}
