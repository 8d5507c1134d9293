import { InvalidTargets, LevelMissing, LongerThanPromised } from './refusals.js';

/** Within what time a ticket is answered for the first time, and solved. Seconds of running clock. */
export interface ServiceTarget {
  readonly firstAnswerSeconds: number;
  readonly solveSeconds: number;
}

/** A version of the promises by customer level (服务时限). */
export interface ServiceLevels {
  readonly version: number;
  /** The province whose own promises these are; `undefined`: the whole operator's. */
  readonly region: string | undefined;
  readonly effectiveFrom: Date;
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

const isCount = (value: unknown, most: number): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= most;

const YEAR_SECONDS = 366 * 86_400;

/** What a client sent as promises by level. @throws InvalidTargets */
export function requireTargets(given: Readonly<Record<string, unknown>>): ServiceLevels['targets'] {
  const targets: [string, ServiceTarget][] = [];
  for (const [tier, target] of Object.entries(given)) {
    const { firstAnswerSeconds, solveSeconds } = (target ?? {}) as Readonly<Record<string, unknown>>;
    if (!isCount(firstAnswerSeconds, YEAR_SECONDS)) throw new InvalidTargets(`targets.${tier}.firstAnswerSeconds`);
    if (!isCount(solveSeconds, YEAR_SECONDS)) throw new InvalidTargets(`targets.${tier}.solveSeconds`);
    targets.push([tier, { firstAnswerSeconds, solveSeconds }]);
  }
  if (!Object.hasOwn(given, 'ORDINARY')) throw new LevelMissing('ORDINARY');
  return Object.fromEntries(targets);
}

/** @throws InvalidTargets */
export function requirePercents(given: Readonly<Record<string, unknown>>): ServiceLevels['severityPercent'] {
  return Object.fromEntries(
    Object.entries(given).map(([severity, percent]) => {
      if (!isCount(percent, 100)) throw new InvalidTargets(`severityPercent.${severity}`);
      return [severity.toLowerCase(), percent];
    }),
  );
}

/**
 * Provinces complete what the operator promises (PLT-10): each time may be shorter, none longer. All levels are named, so that a
 * later change of the operator's own does not change a province's unseen.
 * @throws LevelMissing, LongerThanPromised
 */
export function requireWithin(
  operator: Pick<ServiceLevels, 'targets'>,
  province: Pick<ServiceLevels, 'targets' | 'severityPercent'>,
): void {
  for (const [tier, promised] of Object.entries(operator.targets)) {
    const own = province.targets[tier];
    if (!own) throw new LevelMissing(tier);
    for (const what of ['firstAnswerSeconds', 'solveSeconds'] as const) {
      if (own[what] > promised[what])
        throw new LongerThanPromised(`targets.${tier}.${what}`, own[what], promised[what]);
    }
  }
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
