import { monthsLater } from './months.js';
import { ExceptionInThePast, ExceptionNeverHolds, ExceptionTooLong, TierNotOnScale } from './refusals-of-exceptions.js';

/** Who becomes a big customer by approval and not by figures (经审批成为大客户): 政府、党委、军队、媒体、重点客户、合约客户. */
export const askedCategories = ['government', 'party', 'army', 'media', 'key-account', 'contract'] as const;
/** `transfer`: nobody asks for it, the transfer of a membership gives it. */
export const exceptionCategories = [...askedCategories, 'transfer'] as const;
export type ExceptionCategory = (typeof exceptionCategories)[number];

/** `at-least`: the level may be higher by rule (floor); `exactly`: the rules do not count. */
export const exceptionModes = ['at-least', 'exactly'] as const;
export type ExceptionMode = (typeof exceptionModes)[number];

const LONGEST_MONTHS = 24;

/** A level that somebody asks for by hand. Days 'YYYY-MM-DD', it holds for `validFrom <= day < validUntil`. */
export interface AskedLevel {
  readonly customerId: string;
  readonly program: string;
  readonly tier: string;
  readonly mode: ExceptionMode;
  readonly category: (typeof askedCategories)[number];
  /** Without it: from the day of the approval. */
  readonly validFrom: string | undefined;
  readonly validUntil: string;
}

/** A level given by hand (特批): asked for by one person, approved by another. */
export interface LevelException extends Omit<AskedLevel, 'validFrom' | 'category'> {
  readonly exceptionId: string;
  readonly category: ExceptionCategory;
  readonly validFrom: string;
  readonly reason: string;
  readonly askedBy: string;
  readonly approvedBy: string;
  readonly recordedAt: Date;
  /** Who ended it before its time, and when. */
  readonly endedBy: string | undefined;
  readonly endedAt: Date | undefined;
}

/** Whether such a level may be asked for. @throws TierNotOnScale, ExceptionInThePast, ExceptionNeverHolds, ExceptionTooLong */
export function requireAskable(
  { tier, validFrom, validUntil }: Pick<AskedLevel, 'tier' | 'validFrom' | 'validUntil'>,
  { scale, today }: { readonly scale: readonly string[]; readonly today: string },
): void {
  if (!scale.includes(tier)) throw new TierNotOnScale(scale);
  if (validFrom !== undefined && validFrom < today) throw new ExceptionInThePast(today);
  beginOf({ validFrom, validUntil }, today);
  const latest = monthsLater(today, LONGEST_MONTHS);
  if (validUntil > latest) throw new ExceptionTooLong(latest);
}

/**
 * The day from which a level holds that is approved today: nothing is given for days that have passed meanwhile.
 * @throws ExceptionNeverHolds
 */
export function beginOf(
  { validFrom, validUntil }: Pick<AskedLevel, 'validFrom' | 'validUntil'>,
  today: string,
): string {
  const from = validFrom === undefined || validFrom < today ? today : validFrom;
  if (validUntil <= from) throw new ExceptionNeverHolds(from);
  return from;
}

export const exceptionStates = ['coming', 'holding', 'over'] as const;
export type ExceptionState = (typeof exceptionStates)[number];

export function stateOf(
  { validFrom, validUntil }: Pick<LevelException, 'validFrom' | 'validUntil'>,
  today: string,
): ExceptionState {
  if (validUntil <= today || validUntil === validFrom) return 'over';
  return validFrom <= today ? 'holding' : 'coming';
}

/** The end of an exception that is ended today: from today on it does not hold; one that has not begun never does. */
export const endedToday = ({ validFrom }: Pick<LevelException, 'validFrom'>, today: string): string =>
  validFrom > today ? validFrom : today;
