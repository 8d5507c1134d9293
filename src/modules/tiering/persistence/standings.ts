import type { Database, Tx } from '../../../platform/database/index.js';
import type { Standing } from '../domain/movement.js';
import type { RuleSetBody } from '../domain/rule-set.js';
import { levelYearOf } from '../domain/standing.js';

/** How a customer stands on a day in a programme: what `decide` needs beside the facts. */
export async function standingOf(
  reader: Pick<Database | Tx, 'query'>,
  of: {
    readonly customerId: string;
    readonly program: string;
    readonly review: RuleSetBody['review'];
    readonly asOf: string;
    readonly held: string | undefined;
  },
): Promise<Standing> {
  const { customerId, program, review, asOf, held } = of;
  const [row] = await reader.query<{
    isYearlyReview: boolean;
    override: Standing['override'] | null;
    manualSince: string | null;
    graceEndsOn: string | null;
  }>(
    `SELECT
       NOT EXISTS (SELECT FROM tiering.review y WHERE y.program = $2 AND y.is_yearly AND y.as_of >= $4 AND y.as_of < $3) AS "isYearlyReview",
       (SELECT jsonb_build_object('tier', tier, 'mode', mode) FROM tiering.tier_override
        WHERE customer_id = $1 AND program = $2 AND valid_from <= $3 AND $3 < valid_until) AS override,
       (SELECT max(valid_from) FROM tiering.tier_override WHERE customer_id = $1 AND program = $2 AND valid_from <= $3 AND valid_from < valid_until) AS "manualSince",
       (SELECT ends_on FROM tiering.tier_grace WHERE customer_id = $1 AND program = $2 AND begun_on < $3) AS "graceEndsOn"`,
    [customerId, program, asOf, levelYearOf(review, asOf).from],
  );
  return {
    tier: held,
    isYearlyReview: row?.isYearlyReview ?? false,
    ...(row?.override && { override: row.override }),
    ...(row?.manualSince && { manualSince: row.manualSince }),
    ...(row?.graceEndsOn && { graceEndsOn: row.graceEndsOn }),
  };
}
