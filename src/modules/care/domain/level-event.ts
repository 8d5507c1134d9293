import type { ComingDowngrade, RetainedTier, Tier, TierChange } from '../../tiering/index.js';
import { daysLater, type LevelOccasion } from './standard-action.js';

/** What is told of a level: of a downgrade that comes three times, as its grace begins, in the middle and before the end. */
export const levelEventKinds = [
  'upgraded',
  'will-downgrade-start',
  'will-downgrade-middle',
  'will-downgrade-end',
  'downgraded',
  'retained',
] as const;
export type LevelEventKind = (typeof levelEventKinds)[number];

export type AboutLevel = TierChange | ComingDowngrade | RetainedTier;

/** Something that has happened to somebody's card level, in the words of this module. */
export interface LevelEvent {
  readonly customerId: string;
  readonly decisionId: string;
  readonly kind: LevelEventKind;
  /** What the customer holds, once it has happened. */
  readonly holds: Tier;
  /** The level that is spoken of, and the one before it. */
  readonly level: Tier;
  readonly oldLevel: Tier;
  /** Whether it is of a downgrade that comes: who recovers before is told no more of it. */
  readonly isComing: boolean;
  /** From when, or until when, it holds. */
  readonly date: string;
}

const PROGRAM = 'GOTONE';

/**
 * @param isHigher whether the first of two levels is above the second.
 * @returns undefined for what is told of other programmes.
 */
export function levelEventOf(told: AboutLevel, isHigher: (one: Tier, other: Tier) => boolean): LevelEvent | undefined {
  const { customerId, decisionId } = told;
  if ('program' in told && told.program !== PROGRAM) return undefined;
  // Of this programme the scale is that of the card levels.
  if ('notice' in told) {
    const [from, to] = [told.from as Tier, told.to as Tier];
    const kind = `will-downgrade-${told.notice}` as const;
    return {
      customerId,
      decisionId,
      kind,
      holds: from,
      level: to,
      oldLevel: from,
      isComing: true,
      date: told.effectiveOn,
    };
  }
  if ('tier' in told) {
    const tier = told.tier as Tier;
    return {
      customerId,
      decisionId,
      kind: 'retained',
      holds: tier,
      level: tier,
      oldLevel: tier,
      isComing: false,
      date: told.until,
    };
  }
  const { from, to, effectiveOn } = told;
  const kind = isHigher(to, from) ? 'upgraded' : 'downgraded';
  return { customerId, decisionId, kind, holds: to, level: to, oldLevel: from, isComing: false, date: effectiveOn };
}

/** What has held for longer is no news any more: levels of the past are decided, too, when data is taken over or corrected. */
const NEWS_DAYS = 31;

export const isNews = ({ date }: Pick<LevelEvent, 'date'>, today: string): boolean =>
  daysLater(date, NEWS_DAYS) >= today;

/** What of it standard actions are done on. */
export function occasionOf(kind: LevelEventKind): LevelOccasion | undefined {
  switch (kind) {
    case 'upgraded':
      return 'level-raised';
    case 'downgraded':
      return 'level-lowered';
    case 'retained':
      return undefined;
    default:
      return 'level-will-be-lowered';
  }
}
