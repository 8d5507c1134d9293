import type { EarnItem } from '../../domain/earning/earn-quote.js';
import { CHARGES, type Charge } from '../../domain/earning/earn-rule-set.js';

/**
 * A rule set as columns, so that a run unpacks it once and not for every bill. The steps of tenure become arrays, in which
 * `width_bucket` finds a step without a search.
 * @param rules SQL of the jsonb
 */
export const ruleColumns = (rules: string): string => `
  (${rules} ->> 'fenPerPoint')::bigint AS fen_per_point,
  ${rules} ->> 'rounding' = 'CEIL' AS rounds_up,
  ${rules} -> 'factorPercent' AS tier_percent,
  ${rules} -> 'starFactorPercent' AS star_percent,
  ${rules} -> 'brandBonusPercent' AS brand_percent,
  ${rules} ->> 'factorMode' IS NOT DISTINCT FROM 'ADDITION' AS adds_factors,
  CASE WHEN ${rules} ? 'excludedCharges' THEN ARRAY(SELECT jsonb_array_elements_text(${rules} -> 'excludedCharges')) END AS excluded,
  CASE WHEN ${rules} ? 'tenure' THEN ARRAY(${steps(rules, 'fromMonths', 'int')}) END AS tenure_from,
  CASE WHEN ${rules} ? 'tenure' THEN ARRAY(${steps(rules, 'percent', 'bigint')}) END AS tenure_percent,
  CASE WHEN ${rules} ? 'tenure' THEN ARRAY(${steps(rules, 'points', 'bigint')}) END AS tenure_points,
  ${rules} -> 'credit' AS grade_points,
  (${rules} #>> '{data,fenPerPoint}')::bigint AS data_fen_per_point,
  ${rules} ->> 'creditWhen' IS NOT DISTINCT FROM 'SETTLED' AS waits_for_payment,
  ${rules} ->> 'expiry' AS expiry_policy,
  ${rules} ?| ARRAY['starFactorPercent', 'brandBonusPercent', 'tenure', 'credit'] AS looks_further`;

function steps(rules: string, field: string, type: string): string {
  return `SELECT (step.value ->> '${field}')::${type} FROM jsonb_array_elements(${rules} -> 'tenure') WITH ORDINALITY AS step (value, nth)
    ORDER BY step.nth`;
}

const CHARGE_COLUMNS: Readonly<Record<Charge, string>> = {
  monthlyFee: 'monthly_fee_fen',
  voice: 'voice_fen',
  sms: 'sms_fen',
  data: 'data_fen',
  roaming: 'roaming_fen',
  valueAddedService: 'vas_fen',
  collectedForOthers: 'collected_for_others_fen',
  adjustment: 'adjustment_fen',
};

/** The columns of a bill that decide what it earns. */
export const BILL_FIGURES = ['payable_fen', ...Object.values(CHARGE_COLUMNS)].join(', ');

/** `earningFen` in SQL, over the columns of a bill and of its rules. */
export const EARNING_FEN = `CASE WHEN excluded IS NULL THEN payable_fen - collected_for_others_fen ELSE payable_fen
  ${CHARGES.map((charge) => `- CASE WHEN '${charge}' = ANY(excluded) THEN ${CHARGE_COLUMNS[charge]} ELSE 0 END`).join('\n  ')} END`;

/** `monthsInNetwork` in SQL; null where it is not known since when. */
export const MONTHS_IN_NETWORK = (activatedOn: string, cycle: string): string => `
  CASE WHEN ${activatedOn} IS NOT NULL THEN GREATEST(${monthNumber(cycle)} - ${monthNumber(activatedOn)}, 0) END`;

function monthNumber(day: string): string {
  return `(EXTRACT(year FROM ${day}) * 12 + EXTRACT(month FROM ${day}))::int`;
}

const pointsOf = (fen: string, hundredths: string, fenPerPoint: string): string => `(
  GREATEST(${fen}, 0) * ${hundredths} + CASE WHEN rounds_up THEN ${fenPerPoint} * 10000 - 1 ELSE 0 END) / (${fenPerPoint} * 10000)`;

const OF_TIER = '(tier_percent ->> tier)::bigint';
const OF_BRAND = 'COALESCE((brand_percent ->> brand)::bigint, 0)';
const OF_STAR = `COALESCE(star_percent ->> star, star_percent ->> 'NO_STAR')::bigint`;
const PERCENT = `CASE WHEN adds_factors THEN (100 + ${OF_TIER} + ${OF_BRAND} + COALESCE(${OF_STAR}, 0)) * 100
  ELSE (${OF_TIER} + ${OF_BRAND}) * COALESCE(${OF_STAR}, 100) END`;

// Below the first step the place is 0, where an array has nothing.
const STEP = 'width_bucket(months, tenure_from)';

/**
 * `quoteOf` in SQL, item by item: expressions over `earning_fen`, `data_fen`, the facts `tier, star, brand, months, grade, suspensions` and
 * {@link ruleColumns}. An item that the rules do not know is null. A property test holds the two together.
 */
export const ITEM_POINTS: Readonly<Record<EarnItem, string>> = {
  SPENDING: pointsOf('earning_fen', `(${PERCENT})`, 'fen_per_point'),
  TENURE: `CASE WHEN tenure_from IS NOT NULL THEN COALESCE(CASE WHEN tenure_points[${STEP}] IS NULL
      THEN ${pointsOf('earning_fen', `(tenure_percent[${STEP}] * 100)`, 'fen_per_point')}
      WHEN earning_fen > 0 THEN tenure_points[${STEP}] END, 0) END`,
  CREDIT: `CASE WHEN grade_points IS NOT NULL THEN
      CASE WHEN earning_fen > 0 AND suspensions = 0 THEN COALESCE((grade_points ->> grade)::bigint, 0) ELSE 0 END END`,
  DATA: `CASE WHEN data_fen_per_point IS NOT NULL THEN ${pointsOf('data_fen', '10000', 'data_fen_per_point')} END`,
};

/** `lastDayOf` in SQL, held to it by a property test. `earnedIn` is an expression of the first day of a month. */
export const lastDayOfSql = (policy: string, earnedIn: string): string => `
  CASE ${policy}
    WHEN 'LOT_36_MONTHS' THEN (${earnedIn} + interval '37 months' - interval '1 day')::date
    WHEN 'ROLLING_3_CALENDAR_YEARS' THEN make_date(EXTRACT(year FROM ${earnedIn})::int + 2, 12, 31)
    WHEN 'NONE' THEN 'infinity'::date
  END`;

/** More than so many points must have been earned before any can be used, in a region. @param rules SQL of the jsonb */
export const mustExceedSql = (rules: string, region: string): string =>
  `COALESCE((${rules} #>> ARRAY['joinAboveByRegion', ${region}])::bigint, (${rules} ->> 'joinAbove')::bigint)`;

/**
 * What an entry of a bill says of each of its items: one row each of `item`, `should_earn`, `earned_before` and `points`. An entry is of
 * spending, of one other item, or of several.
 */
export const itemsOfEntry = (alias: string): string => `LATERAL (
  SELECT COALESCE(${alias}.metadata ->> 'item', 'SPENDING') AS item, (${alias}.metadata ->> 'shouldEarn')::bigint AS should_earn,
    COALESCE((${alias}.metadata ->> 'earnedBefore')::bigint, 0) AS earned_before, ${alias}.points
  WHERE NOT ${alias}.metadata ? 'items'
  UNION ALL
  SELECT key, (value ->> 'shouldEarn')::bigint, (value ->> 'earnedBefore')::bigint,
    (value ->> 'shouldEarn')::bigint - (value ->> 'earnedBefore')::bigint
  FROM jsonb_each(${alias}.metadata -> 'items'))`;
