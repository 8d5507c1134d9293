import { derivedIdSql, type Tx } from '../../../../platform/database/index.js';
import { SqlParameters } from '../../../../platform/rules/index.js';
import { type Campaign, type Frequency, funderOf, grantKey } from '../../domain/campaigns/campaign.js';
import { PointsEarned } from '../../domain/ledger/events.js';
import { pointsYear } from '../../domain/ledger/points-year.js';
import { conditionSql, customersOn } from './campaign-conditions.js';
import { lastDayOfSql } from '../earning/earn-items-sql.js';
import type { ByRegion, Room } from '../money/budgets.js';
import { intoOpenBooks } from '../ledger/closed-books.js';
import { post, type Posted } from '../ledger/posting-sql.js';

/** A slice of customers, and how the run signs. */
interface Granting {
  readonly from: string;
  readonly to: string;
  readonly businessDate: string;
  readonly recordedAt: Date;
  readonly runId: string;
}

export interface GrantedByFrequency extends Posted {
  readonly byRegion: ByRegion;
  /** Rewards that were due and not given: the budget of the campaign is used up, or there is no room for what is given on top. */
  readonly beyondCampaign: number;
  readonly beyondRoom: number;
}

/** What is counted, each on its day in China: a payment when it was made, a bill on the first day of its month. */
const COUNTED: Readonly<Record<Frequency['of'], (where: string) => string>> = {
  PAYMENT: (where) => `
    SELECT customer_id, amount_fen AS fen, (paid_at AT TIME ZONE 'Asia/Shanghai')::date AS day FROM usage.payment_made WHERE ${where}`,
  BILL: (where) => `
    SELECT customer_id, net_spend_fen AS fen, cycle AS day FROM usage.bill WHERE is_current AND ${where}`,
};

const counting = (of: string, what: string, isLookedAt: string): string =>
  `SELECT ${what} FROM points.campaign c WHERE ${isLookedAt} AND c.frequency ->> 'of' = '${of}'`;

/** Whoever has paid, or was billed, within the days of a campaign that is looked at on a day. */
export const payersOf = (isLookedAt: string): string =>
  Object.entries(COUNTED)
    .map(
      ([of, rows]) => `
      SELECT r.customer_id FROM (${rows('true')}) r
      WHERE EXISTS (${counting(of, 'c.campaign_id', isLookedAt)})
        AND r.day BETWEEN (${counting(of, `min(date_trunc('month', c.valid_from)::date)`, isLookedAt)})
          AND (${counting(of, 'max(c.valid_until)', isLookedAt)})`,
    )
    .join(' UNION ');

/** Whoever was given something by a campaign that is looked at. */
export const rewardedBy = (isLookedAt: string): string => `
  SELECT u.customer_id FROM points.campaign_use u JOIN points.campaign c USING (campaign_id) WHERE u.points > 0 AND ${isLookedAt}`;

const IS_IN_SLICE = (alias: string): string => `${alias}.customer_id >= $1 AND ${alias}.customer_id < $2`;

/** Customers and periods that are paid often and much enough; and the period of a day. $1, $2: the slice, $3, $4: days of the campaign, $5: today. */
export function reachedSql(
  frequency: Frequency,
  parameters: SqlParameters,
): { readonly reached: string; readonly periodOf: (day: string) => string } {
  const month = (day: string): string => `(EXTRACT(year FROM ${day})::int * 12 + EXTRACT(month FROM ${day})::int)`;
  const length = parameters.add(frequency.periodMonths, 'int');
  const periodOf = (day: string): string => `(${month(day)} - ${month('$3::date')}) / ${length}`;
  const first = frequency.of === 'BILL' ? `date_trunc('month', $3::date)::date` : '$3::date';
  const reached = `
    SELECT customer_id, period FROM (
      SELECT customer_id, fen, ${periodOf('day')} AS period
      FROM (${COUNTED[frequency.of]('customer_id >= $1 AND customer_id < $2')}) counted
      WHERE day BETWEEN ${first} AND LEAST($4::date, $5::date)
    ) in_period
    GROUP BY customer_id, period
    HAVING count(*) >= ${parameters.add(frequency.times ?? 1, 'bigint')}
      AND sum(fen) >= ${parameters.add(frequency.amountFen ?? -Number.MAX_SAFE_INTEGER, 'bigint')}`;
  return { reached, periodOf };
}

/**
 * Gives a slice of customers, in the order of their ids, what a campaign of frequency owes them: one reward for each period in which they have paid, or were billed,
 * often and much enough, as far as caps, budget and `room` go. What a period has given already is found by its key.
 *
 * The budget is one row, taken from once per slice by one conditional statement: between slices it is free.
 */
export async function grantByFrequency(
  tx: Tx,
  campaign: Campaign,
  granting: Granting,
  room?: Room,
): Promise<GrantedByFrequency> {
  const { campaignId, code, frequency, rewardPoints, capPerCustomer, capPerYear, condition, validFrom, validUntil } =
    campaign;
  if (!frequency) throw new Error(`campaign ${code} counts nothing`);
  const { from, to, businessDate, recordedAt, runId } = granting;
  const parameters = new SqlParameters([from, to, validFrom, validUntil, businessDate]);
  const { reached } = reachedSql(frequency, parameters);
  await tx.execute(
    `INSERT INTO points.point_account (customer_id)
     SELECT DISTINCT r.customer_id FROM (${reached}) r JOIN customers.profile p ON p.customer_id = r.customer_id AND ${IS_IN_SLICE('p')}
     WHERE p.archive = 'in-network' ORDER BY 1 ON CONFLICT DO NOTHING`,
    parameters.values,
  );
  // Statements of their own: the next ones must see what others have left that held these locks.
  await tx.execute(
    `SELECT FROM points.point_account a WHERE ${IS_IN_SLICE('a')} AND a.customer_id IN (SELECT customer_id FROM (${reached}) r)
     ORDER BY a.customer_id FOR NO KEY UPDATE`,
    parameters.values,
  );
  await tx.execute('SELECT FROM points.campaign_budget WHERE campaign_id = $1 FOR UPDATE', [campaignId]);

  const id = parameters.add(campaignId, 'uuid');
  const reward = parameters.add(rewardPoints, 'bigint');
  const year = parameters.add(pointsYear(businessDate), 'int');
  const at = parameters.add(recordedAt.toISOString(), 'timestamptz');
  const run = parameters.add(runId, 'uuid');
  const whole = parameters.add(room?.whole ?? Number.MAX_SAFE_INTEGER, 'bigint');
  const regions = parameters.add(JSON.stringify(room?.regions ?? {}), 'jsonb');
  const within = (had: string, cap: number | undefined): string =>
    cap === undefined ? 'true' : `${had} + nth * ${reward} <= ${parameters.add(cap, 'bigint')}`;
  const granted = tx.query<GrantedByFrequency>(
    post(
      `
    candidate AS (
      SELECT r.*, COALESCE(c.region, '') AS region, a.version, a.available, a.debt, COALESCE(u.in_all, 0) AS in_all, COALESCE(u.in_year, 0) AS in_year,
        row_number() OVER (PARTITION BY r.customer_id ORDER BY r.period) AS nth
      FROM (
        SELECT customer_id, period, ${parameters.add(grantKey(code, ''), 'text')} || to_char(date_trunc('month', $3::date)
          + make_interval(months => period * ${parameters.add(frequency.periodMonths, 'int')}), 'YYYY-MM') AS idem_key
        FROM (${reached}) reached
      ) r
      JOIN points.point_account a ON a.customer_id = r.customer_id AND ${IS_IN_SLICE('a')} AND a.status <> 'CLOSED'
      JOIN (${customersOn('$5::date', IS_IN_SLICE)}) c
        ON c.customer_id = r.customer_id AND c.archive = 'in-network' AND (c.real_name OR c.kind = 'group')
      LEFT JOIN (
        SELECT customer_id, sum(points)::bigint AS in_all, COALESCE(sum(points) FILTER (WHERE points_year = ${year}), 0)::bigint AS in_year
        FROM points.campaign_use WHERE campaign_id = ${id} AND customer_id >= $1 AND customer_id < $2 GROUP BY customer_id
      ) u ON u.customer_id = r.customer_id
      WHERE ${conditionSql(condition, businessDate, parameters)}
        AND NOT EXISTS (SELECT FROM points.journal j WHERE j.customer_id = r.customer_id AND j.idem_key = r.idem_key)
    ),
    within_caps AS (
      SELECT *, row_number() OVER (PARTITION BY region ORDER BY customer_id, period) AS place_in_region FROM candidate
      WHERE ${within('in_all', capPerCustomer)} AND ${within('in_year', capPerYear)}
    ),
    within_room AS (
      SELECT *, row_number() OVER (ORDER BY customer_id, period) AS place FROM within_caps
      WHERE place_in_region * ${reward} <= COALESCE((${regions} ->> region)::bigint, ${Number.MAX_SAFE_INTEGER})
    ),
    granted AS MATERIALIZED (
      SELECT *, row_number() OVER (PARTITION BY customer_id ORDER BY period) AS turn FROM within_room
      WHERE place * ${reward} <= (SELECT LEAST(left_points, ${whole}) FROM points.campaign_budget WHERE campaign_id = ${id})
    ),
    taken AS (
      UPDATE points.campaign_budget SET left_points = left_points - (SELECT count(*) FROM granted) * ${reward}
      WHERE campaign_id = ${id} AND EXISTS (SELECT FROM granted)
    ),
    used AS (
      INSERT INTO points.campaign_use AS u (customer_id, campaign_id, points_year, points, times)
      SELECT customer_id, ${id}, ${year}, count(*) * ${reward}, count(*) FROM granted GROUP BY customer_id
      ON CONFLICT (customer_id, campaign_id, points_year)
      DO UPDATE SET points = u.points + excluded.points, times = u.times + excluded.times
    ),
    entry AS (
      SELECT g.customer_id, ${derivedIdSql('g.customer_id || g.idem_key')} AS journal_id, g.version + turn AS account_version,
        'AWARD'::points.journal_kind AS kind, ${reward} AS points,
        GREATEST(g.available - g.debt + turn * ${reward}, 0)::bigint AS available_after, g.idem_key, NULL::text AS request_hash,
        ${at} AS occurred_at, ${at} AS recorded_at, $5::date AS business_date, NULL::text AS channel, NULL::text AS actor_id,
        NULL::text AS source_system, NULL::text AS source_ref, NULL::uuid AS reverses_journal_id, r.version AS rule_set_version,
        ${run} AS run_id, jsonb_build_object('campaignId', ${id}, 'campaign', ${parameters.add(code, 'text')}) AS metadata,
        ${lastDayOfSql(`r.rules ->> 'expiry'`, `date_trunc('month', $5::date)::date`)} AS expires_on,
        (g.available - g.debt + (turn - 1) * ${reward})::bigint AS net_before
      FROM granted g JOIN points.earn_rule_set r ON $5::date >= r.effective_from AND $5::date < r.effective_to
    ),
    told AS (
      INSERT INTO platform.outbox (name, customer_id, payload, occurred_at, recorded_at)
      SELECT '${PointsEarned.name}', customer_id,
        jsonb_build_object('customerId', customer_id, 'journalId', journal_id, 'points', points), occurred_at, recorded_at
      FROM entry
    ),
    line AS (
      SELECT customer_id, journal_id, 1::smallint AS line, business_date, 'ISSUED'::points.account_code AS debit,
        'CUST_AVAILABLE'::points.account_code AS credit, points, expires_on, 'PROMOTION'::points.points_type AS points_type,
        ${parameters.add(funderOf(code), 'text')} AS funder_id
      FROM entry
      UNION ALL
      SELECT customer_id, journal_id, 2, business_date, 'CUST_AVAILABLE', 'CUST_DEBT', LEAST(points, -net_before), expires_on,
        'PROMOTION', ${parameters.add(funderOf(code), 'text')}
      FROM entry WHERE net_before < 0
    )`,
      `COALESCE((SELECT jsonb_object_agg(region, points) FROM (
        SELECT region, count(*) * ${reward} AS points FROM granted GROUP BY region) g), '{}') AS "byRegion",
      (SELECT count(*) FROM within_caps) - (SELECT count(*) FROM within_room WHERE place * ${reward} <= ${whole}) AS "beyondRoom",
      (SELECT count(*) FROM within_room WHERE place * ${reward} <= ${whole}) - (SELECT count(*) FROM granted) AS "beyondCampaign"`,
    ),
    parameters.values,
  );
  const [posted] = await intoOpenBooks(granted);
  if (!posted) throw new Error('what was posted answers one row');
  return posted;
}
