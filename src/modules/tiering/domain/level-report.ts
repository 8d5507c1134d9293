import { LevelNotOnScale } from './refusals-of-reports.js';
import { sharesOf } from './shares.js';

/** Levels that a report counts as one: mostly one, or those that are merged (钻金卡). Highest first. */
export type LevelGroup = readonly string[];

/**
 * The lines of a report, highest first: every level of the scale, and those that are merged on the line of the highest of them.
 * @throws LevelNotOnScale
 */
export function levelGroups(scale: readonly string[], merged: readonly string[]): readonly LevelGroup[] {
  const isMerged = new Set(merged);
  if (isMerged.size === 1 || [...isMerged].some((level) => !scale.includes(level))) throw new LevelNotOnScale(scale);
  const together = scale.filter((level) => isMerged.has(level));
  return scale.flatMap((level) => {
    if (!isMerged.has(level)) return [[level]];
    return level === together[0] ? [together] : [];
  });
}

/** How many customers of a level, or of all (null), there are more at the beginning of a month than of the one before. */
export interface LevelChange {
  readonly level: string | null;
  /** First day. */
  readonly month: string;
  readonly change: number;
}

export interface LevelShare {
  readonly levels: LevelGroup;
  readonly customers: number;
  readonly shareBasisPoints: number;
}

export interface MonthOfLevels {
  /** First day: the report is as of it. */
  readonly month: string;
  readonly customers: number;
  readonly shares: readonly LevelShare[];
}

/** The customers of each level at the beginning of each month; whoever holds none has the lowest. @param months in order. */
export function levelShares(
  months: readonly string[],
  {
    scale,
    groups,
    changes,
  }: { scale: readonly string[]; groups: readonly LevelGroup[]; changes: readonly LevelChange[] },
): readonly MonthOfLevels[] {
  const lowest = scale[scale.length - 1];
  return months.map((month) => {
    const countOf = (level: string | null): number =>
      changes.reduce((sum, each) => sum + (each.level === level && each.month <= month ? each.change : 0), 0);
    const customers = countOf(null);
    const above = new Map(scale.filter((level) => level !== lowest).map((level) => [level, countOf(level)]));
    const rest = customers - [...above.values()].reduce((sum, count) => sum + count, 0);
    const counts = groups.map((levels) => levels.reduce((sum, level) => sum + (above.get(level) ?? rest), 0));
    const shares = sharesOf(counts);
    return {
      month,
      customers,
      shares: groups.map((levels, i) => ({ levels, customers: counts[i] ?? 0, shareBasisPoints: shares[i] ?? 0 })),
    };
  });
}

export interface Movement {
  /** null: was not in the network. */
  readonly from: string | null;
  /** null: has left. */
  readonly to: string | null;
  readonly customers: number;
}

export interface MergedMovement {
  readonly from: LevelGroup | null;
  readonly to: LevelGroup | null;
  readonly customers: number;
}

/** From which line of the report to which, in their order; only moves that somebody has made. */
export function mergedMovements(
  movements: readonly Movement[],
  groups: readonly LevelGroup[],
): readonly MergedMovement[] {
  const ends = [...groups, null];
  const isOf = (group: LevelGroup | null, level: string | null): boolean =>
    group === null ? level === null : level !== null && group.includes(level);
  return ends.flatMap((from) =>
    ends.flatMap((to) => {
      const customers = movements.reduce(
        (sum, each) => sum + (isOf(from, each.from) && isOf(to, each.to) ? each.customers : 0),
        0,
      );
      return customers === 0 ? [] : [{ from, to, customers }];
    }),
  );
}
