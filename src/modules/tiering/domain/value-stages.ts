import { tenureMonthsSql } from './tenure.js';

/** Stages of value (价值阶段), as a report names them. */
export const stages = ['NEW', 'GROWING', 'MATURE', 'DECLINING', 'LEAVING'] as const;

/**
 * What the stages mean, compared by the net spend of the three full months before a day and of the three before them. Defaults of this
 * product: the source asks for the stages and does not say what they are.
 */
export const stageRules = {
  /** NEW: shorter in the network; nothing to compare with yet. */
  newBelowMonths: 6,
  /** LEAVING: at most so many percent of what was spent before, nothing at all, or suspended. */
  leavingUpToPercent: 30,
  /** DECLINING: at most so many percent. */
  decliningUpToPercent: 90,
  /** GROWING: at least so many percent. MATURE is everybody else. */
  growingFromPercent: 110,
} as const;

/** The stage of a row of the profile `p`, as SQL, by the sums of the two quarters. */
export function stageSql({
  quarter,
  before,
  asOf,
}: {
  readonly quarter: string;
  readonly before: string;
  readonly asOf: string;
}): string {
  const { newBelowMonths, leavingUpToPercent, decliningUpToPercent, growingFromPercent } = stageRules;
  return `CASE WHEN ${tenureMonthsSql('p.activated_on', asOf)} < ${newBelowMonths} THEN 'NEW'
    WHEN p.status = 'suspended' OR ${quarter} * 100 <= ${before} * ${leavingUpToPercent} THEN 'LEAVING'
    WHEN ${quarter} * 100 <= ${before} * ${decliningUpToPercent} THEN 'DECLINING'
    WHEN ${quarter} * 100 >= ${before} * ${growingFromPercent} THEN 'GROWING' ELSE 'MATURE' END`;
}
