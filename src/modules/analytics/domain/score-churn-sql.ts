import { compileSql, type AggregatePlan } from '../../../platform/rules/index.js';
import type { ChurnRuleSetBody } from './churn-rule-set.js';
import { MAX_RISK } from './score-churn.js';

/** {@link scoreChurn} for everybody at once. A property test holds the two together. */
export interface ScoreSql {
  /** Over the rows of the plan's aliases: weights w1… (0 when not raised), evidence e1_1… and the yearly revenue. */
  readonly measured: string;
  /** Over `measured`. */
  readonly risk: string;
  /** Over `measured`: jsonb equal to {@link ChurnScore.reasons}. Dear: only for those who have any. */
  readonly reasons: string;
}

export function scoreSql(body: ChurnRuleSetBody, plan: AggregatePlan): ScoreSql {
  const weights = body.flags.map((_, i) => `w${i + 1}`);
  return {
    measured: [
      `COALESCE(${compileSql(body.yearlyRevenueFen, plan)}, 0) AS yearly_revenue_fen`,
      ...body.flags.flatMap(({ degrees, evidence }, i) => [
        `CASE ${degrees
          .map(({ weight, when }) => `WHEN ${compileSql(when, plan)} THEN ${whole(weight)}`)
          .join(' ')} ELSE 0 END AS w${i + 1}`,
        ...evidence.map(({ value }, j) => `${compileSql(value, plan)} AS e${i + 1}_${j + 1}`),
      ]),
    ].join(',\n'),
    risk: `LEAST(${MAX_RISK}, ${weights.join(' + ')})`,
    reasons: body.flags
      .map(({ code, evidence }, i) => {
        const figures = evidence.map((each, j) => `${literal(each.code)}, e${i + 1}_${j + 1}`).join(', ');
        return `CASE WHEN w${i + 1} > 0 THEN jsonb_build_array(jsonb_build_object('code', ${literal(code)},
          'weight', w${i + 1}, 'evidence', jsonb_build_object(${figures}))) ELSE '[]' END`;
      })
      .join(' || '),
  };
}

export function bandSql({ bands: { high, medium } }: ChurnRuleSetBody, risk: string): string {
  return `CASE WHEN ${risk} >= ${whole(high)} THEN 'high' WHEN ${risk} >= ${whole(medium)} THEN 'medium' ELSE 'low' END`;
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function whole(value: number): string {
  if (!Number.isSafeInteger(value)) throw new Error('a weight is a whole number');
  return String(value);
}
