import type { Kind } from './codes.js';
import { nameOfDay, type SourceDay } from './source-day.js';

/** What billing's intake calls somebody for. */
export const ALARM_KINDS = [
  /** A file of an unbroken sequence has not come, later ones have. */
  'SEQUENCE_GAP',
  /** The files of a business date were not complete at their time. */
  'DEADLINE_MISSED',
  /** Somebody came with a key that was revoked. */
  'KEY_REFUSED',
  /** A file was given up after its last attempt. */
  'DEAD_LETTER',
  /** Records waited as long as records may wait. */
  'HELD_EXPIRED',
  /** Both sides count differently. */
  'DIFFERENCE',
  /** Billing says nothing of orders that customers have paid for with points. */
  'ORDERS_UNANSWERED',
] as const;
/** Of these nobody can tell when their cause is gone: who acknowledges them ends them. */
export const END_WHEN_ACKNOWLEDGED: readonly AlarmKind[] = ['KEY_REFUSED', 'DEAD_LETTER', 'HELD_EXPIRED'];
export type AlarmKind = (typeof ALARM_KINDS)[number];

export const gapAlarmKey = (source: string, kind: Kind): string => `gap/${source}/${kind}`;
export const batchGapAlarmKey = (source: string, kind: Kind): string => `batch-gap/${source}/${kind}`;
export const deadLetterAlarmKey = (fileName: string): string => `dead/${fileName}`;
export const deadlineAlarmKey = (source: string, kind: Kind, businessDate: string): string =>
  `deadline/${source}/${kind}/${businessDate}`;
export const differenceAlarmKey = (day: SourceDay): string => `difference/${nameOfDay(day)}`;
export const heldExpiredAlarmKey = (source: string, kind: Kind): string => `held-expired/${source}/${kind}`;
