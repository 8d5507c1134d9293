import type { Fingerprint } from '../proof/fingerprint.js';

/** One invariant of the books, as a query for what breaks it. */
export interface Check {
  /** Number of the invariant. */
  readonly id: string;
  readonly title: string;
  /** Yields one row per violation. */
  readonly sql: string;
  /**
   * What `$1` is in it: the moment since when single entries are looked at, or the first day that is not sealed. What was before has been
   * proven already.
   */
  readonly from?: 'since' | 'openFrom';
  /** Constraints, `table.name`, that prove it when they hold for every row; it is asked for row by row only without them. */
  readonly constraints?: readonly string[];
  /** Whether the fingerprint proves it. */
  readonly isTold?: (fingerprint: Fingerprint) => boolean;
  /** Asks the same since the beginning, but row by row only of those whom sums do not clear; as long as the fingerprint says `when`. */
  readonly ofAll?: { readonly sql: string; readonly when: (fingerprint: Fingerprint) => boolean };
}
