export const customerKinds = ['individual', 'group'] as const;
export type CustomerKind = (typeof customerKinds)[number];

/** By whose levels it goes. */
export const programOf: Readonly<Record<CustomerKind, string>> = { individual: 'GOTONE', group: 'GROUP' };

/** What may happen to a level, once each time. */
export const levelOccasions = ['level-raised', 'level-will-be-lowered', 'level-lowered'] as const;
export type LevelOccasion = (typeof levelOccasions)[number];

/** Months between two turns: they divide the year, so that periods are those of the calendar. */
export const rhythms = [1, 2, 3, 4, 6, 12] as const;

/** The last day of what has no end. */
export const FOREVER = '9999-12-31';

/**
 * What is done for customers of a level and kind (规定动作, TIER-09, AM-14): every so many months of the calendar, or when something happens to
 * the level. It holds on the days `effectiveFrom <= day < effectiveUntil`.
 */
export interface StandardAction {
  readonly actionId: string;
  /** Level of the programme {@link programOf} the kind. */
  readonly tier: string;
  readonly customerKind: CustomerKind;
  /** Of the same code there is one for a level and kind on a day: `CALL`. */
  readonly code: string;
  readonly label: { readonly en: string; readonly zh: string };
  /** What is to be done, in words. */
  readonly content: string;
  /** One of {@link rhythms}; null for what is done when something happens. */
  readonly everyMonths: number | null;
  /** With the level that the customer holds once it has happened. */
  readonly onEvent: LevelOccasion | null;
  /** Days within which a task of it is due. */
  readonly dueWithinDays: number;
  readonly effectiveFrom: string;
  readonly effectiveUntil: string;
  readonly author: string;
  readonly createdAt: Date;
}

export type ChangeOfAction = Partial<
  Pick<StandardAction, 'label' | 'content' | 'everyMonths' | 'dueWithinDays' | 'effectiveUntil'>
>;

/** Every so many months of the calendar, or when something happens to a card level. */
export const hasOneOccasion = ({
  customerKind,
  everyMonths,
  onEvent,
}: Pick<StandardAction, 'customerKind' | 'everyMonths' | 'onEvent'>): boolean =>
  everyMonths === null
    ? onEvent !== null && customerKind === 'individual'
    : onEvent === null && (rhythms as readonly number[]).includes(everyMonths);

/** What cannot be changed, and why. */
export type NoChange = 'in-effect' | 'days' | 'occasion';

/**
 * An action that has begun to hold is ended, and followed by another; what is still to come may be changed. Days only become fewer, and none
 * that has passed.
 */
export function changedAction(
  action: StandardAction,
  change: ChangeOfAction,
  today: string,
): StandardAction | NoChange {
  const { effectiveUntil = action.effectiveUntil, ...words } = change;
  const hasBegun = action.effectiveFrom <= today;
  if (hasBegun && Object.values(words).some((value) => value !== undefined)) return 'in-effect';
  const after = { ...action, ...words, effectiveUntil };
  if (!hasOneOccasion(after)) return 'occasion';
  const earliest = hasBegun ? today : action.effectiveFrom;
  if (
    effectiveUntil !== action.effectiveUntil &&
    (effectiveUntil < earliest || effectiveUntil > action.effectiveUntil)
  ) {
    return 'days';
  }
  return after;
}

/** When a task that is made on a day belongs to, and when it is due. */
export interface Turn {
  /** The first day of the period: what is asked once in it has this for its key. */
  readonly occasion: string;
  readonly dueOn: string;
}

/** A task is due within its own, however late in it the level was given. */
export function turnOf(
  { everyMonths, dueWithinDays }: { everyMonths: number; dueWithinDays: number },
  day: string,
): Turn {
  const [year = 0, month = 1] = day.split('-').map(Number);
  const months = year * 12 + month - 1;
  const begin = months - (months % everyMonths);
  const lastDay = daysLater(firstOf(begin + everyMonths), -1);
  const dueOn = daysLater(day, dueWithinDays);
  return { occasion: firstOf(begin), dueOn: dueOn < lastDay ? dueOn : lastDay };
}

/** @param day 'YYYY-MM-DD'. */
export function daysLater(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

const firstOf = (months: number): string =>
  `${Math.floor(months / 12)}-${String((months % 12) + 1).padStart(2, '0')}-01`;
