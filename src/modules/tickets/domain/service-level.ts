/** Within what time a ticket is answered for the first time, and solved. Seconds of running clock. */
export interface ServiceTarget {
  readonly firstAnswerSeconds: number;
  readonly solveSeconds: number;
}

/** A version of the promises by customer level (服务时限); data, so that a province can have its own. */
export interface ServiceLevels {
  readonly version: number;
  /** By level; must hold ORDINARY. */
  readonly targets: Readonly<Record<string, ServiceTarget>>;
  /** How much of the time a severity leaves, 1–100, by its name in lower case; others leave all of it. */
  readonly severityPercent: Readonly<Record<string, number>>;
}

/** The target of a ticket. A level without a promise of its own has that of ORDINARY. */
export function targetFor(levels: ServiceLevels, tier: string, severity: string): ServiceTarget {
  const target = levels.targets[tier] ?? levels.targets['ORDINARY'];
  if (!target) throw new Error(`Service levels ${levels.version} promise nothing to ORDINARY`);
  const percent = Object.hasOwn(levels.severityPercent, severity.toLowerCase())
    ? (levels.severityPercent[severity.toLowerCase()] ?? 100)
    : 100;
  const shortened = (seconds: number): number => Math.ceil((seconds * percent) / 100);
  return {
    firstAnswerSeconds: shortened(target.firstAnswerSeconds),
    solveSeconds: shortened(target.solveSeconds),
  };
}

export const priorities = ['Critical', 'High', 'Medium', 'Low'] as const;
export type Priority = (typeof priorities)[number];

const SEVERITY_WEIGHT: Readonly<Record<string, number>> = { critical: 3, major: 1 };

/**
 * How soon staff should turn to a ticket: the customer's level (5 diamond … 0 ordinary) plus 3 for a critical and 1 for a
 * major severity; 6 and more is Critical, 4 High, 2 Medium. Ours: no standard names figures.
 */
export function priorityOf({ serviceRank, severity }: { serviceRank: number; severity: string }): Priority {
  const score = serviceRank + (SEVERITY_WEIGHT[severity.toLowerCase()] ?? 0);
  return score >= 6 ? 'Critical' : score >= 4 ? 'High' : score >= 2 ? 'Medium' : 'Low';
}
