import { defineEvent } from '../../../platform/events/event.js';
import type { Kind } from './codes.js';
import type { IntakeLane } from './intake.js';

/** Records were stored, and the monthly facts hold them: of a file, of a push, of what had waited or was mended. */
export const RecordsLoaded = defineEvent<{
  readonly intakeId: string;
  readonly kind: Kind;
  readonly source: string;
  /** `backfill`: no customer is told anything because of it. */
  readonly lane: IntakeLane;
}>('usage.RecordsLoaded');

/** Of its source and kind, no file before this one is missing. Of one feed in the order of their sequence. */
export const FileClosed = defineEvent<{
  readonly fileId: string;
  readonly source: string;
  readonly kind: Kind;
  readonly sequence: number;
  /** `YYYY-MM-DD` */
  readonly businessDate: string;
}>('usage.FileClosed');

export interface ChangedMonths {
  readonly intakeId: string;
  /** First days, `YYYY-MM-DD`. */
  readonly months: readonly string[];
}

/**
 * An intake has changed figures of months that were closed (关账). Whose they are is in the published view `usage.late_change`; what
 * follows for levels, points and scores is posted beside what was published.
 */
export const ClosedMonthsChanged = defineEvent<ChangedMonths>('usage.ClosedMonthsChanged');

/**
 * A bill above five times the mean of the three months before (巨额话费), once for a bill whatever its versions. `month` is the first
 * day of the month that was billed.
 */
export const HugeBillFound = defineEvent<{
  readonly customerId: string;
  readonly source: string;
  readonly billNo: string;
  readonly month: string;
  readonly payableFen: number;
  readonly meanFen: number;
}>('usage.HugeBillFound');
