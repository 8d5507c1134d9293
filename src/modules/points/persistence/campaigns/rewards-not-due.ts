import type { Tx } from '../../../../platform/database/index.js';
import { SqlParameters } from '../../../../platform/rules/index.js';
import { type Campaign, grantKey } from '../../domain/campaigns/campaign.js';
import { reachedSql } from './grant-by-frequency.js';

export interface RewardNotDue {
  readonly customerId: string;
  /** The entry that gave it. */
  readonly journalId: string;
  readonly period: string;
  readonly points: number;
  readonly expiresOn: string;
  readonly pointsYear: number;
  /** What was paid in the period and taken back: `source:id`. */
  readonly payments: readonly string[];
}

/** Rewards of a slice for periods that, after payments of theirs were taken back, are not paid often or much enough any more. */
export function rewardsNotDue(
  tx: Tx,
  campaign: Campaign,
  { from, to, businessDate }: { readonly from: string; readonly to: string; readonly businessDate: string },
): Promise<readonly RewardNotDue[]> {
  const { campaignId, code, validFrom, validUntil, frequency } = campaign;
  if (frequency?.of !== 'PAYMENT') return Promise.resolve([]);
  const parameters = new SqlParameters([from, to, validFrom, validUntil, businessDate]);
  const { reached, periodOf } = reachedSql(frequency, parameters);
  const key = parameters.add(grantKey(code, ''), 'text');
  return tx.query<RewardNotDue & Record<string, unknown>>(
    `WITH reward AS (
       SELECT j.customer_id, j.journal_id, right(j.idem_key, 7) AS month, j.points, j.business_date,
         ${periodOf(`to_date(right(j.idem_key, 7), 'YYYY-MM')`)} AS period
       FROM points.campaign_use u JOIN points.journal j ON j.customer_id = u.customer_id AND j.kind = 'AWARD'
         AND starts_with(j.idem_key, ${key}) AND points.points_year(j.business_date) = u.points_year
       WHERE u.campaign_id = ${parameters.add(campaignId, 'uuid')} AND u.customer_id >= $1 AND u.customer_id < $2 AND u.points > 0
         AND NOT EXISTS (SELECT FROM points.journal b WHERE b.customer_id = j.customer_id AND b.reverses_journal_id = j.journal_id)
     ), gone AS (
       SELECT r.customer_id, r.journal_id, array_agg(p.source || ':' || p.payment_id ORDER BY p.source, p.payment_id) AS payments
       FROM reward r JOIN usage.payment_taken_back p ON p.customer_id = r.customer_id
         AND ${periodOf(`(p.paid_at AT TIME ZONE 'Asia/Shanghai')::date`)} = r.period
       GROUP BY 1, 2
     )
     SELECT r.customer_id AS "customerId", r.journal_id AS "journalId", r.month AS period, r.points, l.expires_on AS "expiresOn",
       points.points_year(r.business_date) AS "pointsYear", g.payments
     FROM reward r JOIN gone g USING (customer_id, journal_id)
     JOIN points.posting l ON l.customer_id = r.customer_id AND l.journal_id = r.journal_id AND l.business_date = r.business_date AND l.line = 1
     WHERE NOT EXISTS (SELECT FROM (${reached}) d WHERE d.customer_id = r.customer_id AND d.period = r.period)
     ORDER BY r.customer_id, r.month`,
    parameters.values,
  );
}

/** It may be given to somebody else now. */
export async function uncountReward(
  tx: Tx,
  campaignId: string,
  { customerId, pointsYear, points }: Pick<RewardNotDue, 'customerId' | 'pointsYear' | 'points'>,
): Promise<void> {
  await tx.execute(
    `UPDATE points.campaign_use SET points = points - $4, times = times - 1
     WHERE customer_id = $1 AND campaign_id = $2 AND points_year = $3`,
    [customerId, campaignId, pointsYear, points],
  );
  await tx.execute('UPDATE points.campaign_budget SET left_points = left_points + $2 WHERE campaign_id = $1', [
    campaignId,
    points,
  ]);
}
