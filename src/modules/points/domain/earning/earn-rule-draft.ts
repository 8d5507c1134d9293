import { InvalidEarnRules, parseEarnRules } from './earn-rule-set.js';
import { EarnRulesBeginWrongly, EarnRulesRefused } from './refusals-of-earn-rules.js';

export interface EarnRuleDraft {
  readonly draftId: string;
  /** First billing month (its first day) that it is to decide. */
  readonly effectiveFrom: string;
  /** As they were written; what is not said is as `parseEarnRules` has it. */
  readonly rules: object;
  /** Of day and rules: what an approval is bound to. */
  readonly checksum: string;
  readonly author: string;
  readonly createdAt: Date;
  readonly changedAt: Date;
  /** The rule set that it has become. */
  readonly version: number | undefined;
}

/**
 * Rules that somebody has written, checked as those that bills earn by.
 * @throws EarnRulesRefused naming the first field that is wrong, and what would be right
 */
export function requireEarnRules(written: object): void {
  try {
    const known = parseEarnRules(written);
    const unknown = Object.keys(written).find((field) => !(field in known));
    if (unknown !== undefined) {
      throw new EarnRulesRefused({ field: `rules.${unknown}`, expected: `one of ${Object.keys(EXPECTED).join(', ')}` });
    }
  } catch (error) {
    if (!(error instanceof InvalidEarnRules)) throw error;
    const { field } = error;
    throw new EarnRulesRefused({ field: `rules.${field}`, expected: expectedOf(error), actual: shown(written, field) });
  }
}

/** Rules begin with a month that nobody has billed yet. @throws EarnRulesBeginWrongly */
export function requireBegin(effectiveFrom: string, today: string): void {
  if (!effectiveFrom.endsWith('-01') || effectiveFrom <= today) throw new EarnRulesBeginWrongly(effectiveFrom, today);
}

const EXPECTED: Readonly<Record<string, string>> = {
  fenPerPoint: 'a whole number of fen from 1',
  rounding: 'CEIL or FLOOR',
  factorPercent: 'a whole number of percent from 0 for every level',
  expiry: 'NONE, ROLLING_3_CALENDAR_YEARS or LOT_36_MONTHS',
  joinAbove: 'a whole number of points from 0',
  joinAboveByRegion: 'a whole number of points from 0 by province code',
  excludedCharges: 'a list of different charges of a bill',
  starFactorPercent: 'percentages from 0 to 10000 by star, NO_STAR among them',
  brandBonusPercent: 'percentages from 0 to 10000 by brand',
  factorMode: 'FACTOR or ADDITION',
  tenure: 'steps of ascending fromMonths, each with percent or points',
  credit: 'a whole number of points from 0 by credit grade',
  data: 'fenPerPoint, a whole number of fen from 1',
  creditWhen: 'BILLED or SETTLED',
};

function expectedOf(error: InvalidEarnRules): string {
  if ('expected' in error && typeof error.expected === 'string') return error.expected;
  return EXPECTED[error.field.split('.')[0] ?? ''] ?? 'an object of earn rules';
}

function shown(written: object, path: string): string | undefined {
  const found = path
    .split('.')
    .reduce<unknown>(
      (at, name) => (typeof at === 'object' && at !== null ? Reflect.get(at, name) : undefined),
      written,
    );
  return found === undefined ? undefined : JSON.stringify(found).slice(0, 100);
}
