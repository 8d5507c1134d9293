import type { Database, Tx } from '../../../platform/database/index.js';
import { monthsOf, readFactsOfOne, type CustomerFacts } from '../../../platform/rules/index.js';
import { BIRTH_YEAR_VIEW, GROUP_MEMBERSHIP_VIEW, PROFILE_VIEW } from '../../customers/index.js';
import { ARREARS_AGEING, MONTH_FACT, PAYMENT_BEHAVIOUR, PAYMENT_BEHAVIOUR_BETWEEN } from '../../usage/index.js';
import { metricsReadBy, tierMetrics } from '../domain/metrics.js';
import { rulesOf, type RuleSetBody } from '../domain/rule-set.js';
import { monthsUntilSql, tenureMonthsSql } from '../domain/tenure.js';
import { serviceRank, tiers } from '../domain/tier.js';

/** What stands beside the profile only when a rule reads it, so that the rules that do not read it do not pay for it. */
interface Beside {
  readonly metrics: readonly string[];
  readonly columns: string;
  readonly join: string;
}

/** Whose profiles are asked for: a condition on `customer_id` of an alias, and the ends of their range where they are a whole slice. */
export interface Whose {
  readonly areMeant: (alias: string) => string;
  readonly slice?: { readonly from: string; readonly to: string };
}

/** What is joined is narrowed to the same customers, as the planner narrows one side of a join by no range of the other. */
function besideProfile(asOf: string, { areMeant, slice }: Whose): readonly Beside[] {
  return [
    {
      metrics: ['contractMonthsLeft'],
      columns: `${monthsUntilSql('p.contract_ends_on', asOf)} AS contract_months_left`,
      join: '',
    },
    {
      metrics: ['age'],
      columns: `${Number(asOf.slice(0, 4))} - born.birth_year AS age`,
      join: `LEFT JOIN ${BIRTH_YEAR_VIEW} born ON born.customer_id = p.customer_id AND ${areMeant('born')}`,
    },
    {
      metrics: ['tierRank'],
      columns: `CASE card.tier ${tiers.map((tier) => `WHEN '${tier}' THEN ${serviceRank(tier)}`).join(' ')} ELSE 0 END AS tier_rank`,
      join: `LEFT JOIN tiering.current_tier card ON card.customer_id = p.customer_id AND ${areMeant('card')}`,
    },
    {
      metrics: ['settledBills', 'onTimePercent', 'unsettledMonths', 'writtenOffBills'],
      columns: `COALESCE(pays.settled_bills, 0) AS settled_bills, pays.on_time_bills * 100 / NULLIF(pays.settled_bills, 0) AS on_time_percent,
        COALESCE(pays.billed_of_last_12 - pays.settled_of_last_12, 0) AS unsettled_months,
        COALESCE(pays.written_off_bills, 0) AS written_off_bills`,
      join: slice
        ? `LEFT JOIN ${PAYMENT_BEHAVIOUR_BETWEEN}(${slice.from}, ${slice.to}, 'infinity') pays ON pays.customer_id = p.customer_id`
        : `LEFT JOIN LATERAL (SELECT * FROM ${PAYMENT_BEHAVIOUR} b WHERE b.customer_id = p.customer_id) pays ON true`,
    },
    {
      metrics: ['overdueBillsFen'],
      columns: 'COALESCE(owes.overdue_fen, 0) AS overdue_fen',
      join: `LEFT JOIN ${ARREARS_AGEING} owes ON owes.customer_id = p.customer_id AND ${areMeant('owes')}`,
    },
    {
      metrics: ['memberCount', 'membersSpendFen'],
      columns: 'COALESCE(crowd.members, 0) AS member_count, COALESCE(crowd.fen, 0) AS members_spend_fen',
      join: slice
        ? `LEFT JOIN (${membersSql(asOf, areMeant('g'))}) crowd ON crowd.customer_id = p.customer_id`
        : `LEFT JOIN LATERAL (${membersSql(asOf, 'g.customer_id = p.customer_id')}) crowd ON true`,
    },
    {
      metrics: ['fraudCases'],
      columns: 'COALESCE(fraud.cases, 0) AS fraud_cases',
      join: `LEFT JOIN (
          SELECT customer_id::uuid, count(*) AS cases
          FROM platform.run r CROSS JOIN jsonb_array_elements_text(r.parameters -> 'customerIds') AS of_case (customer_id)
          WHERE r.kind = 'tiering.lower-for-fraud' GROUP BY 1
        ) fraud ON fraud.customer_id = p.customer_id`,
    },
  ];
}

/** How many belong to each group on the day, and what they have spent in a year. */
function membersSql(asOf: string, groups: string): string {
  const { from, to } = monthsOf({ kind: 'rolling-months', months: 12 }, asOf);
  return `SELECT customer_id, count(*) AS members, sum(fen)::bigint AS fen
    FROM (
      SELECT g.customer_id, COALESCE(sum(f.net_spend_fen), 0) AS fen
      FROM ${GROUP_MEMBERSHIP_VIEW} g
      JOIN ${PROFILE_VIEW} who ON who.customer_id = g.member_id AND who.archive = 'in-network'
      LEFT JOIN ${MONTH_FACT} f ON f.customer_id = g.member_id AND f.month >= '${from}' AND f.month < '${to}'
      WHERE ${groups} AND g.joined_on <= '${asOf}' AND '${asOf}' < g.left_on
      GROUP BY g.customer_id, g.member_id
    ) member GROUP BY customer_id`;
}

/**
 * Customers as the rules see them: the published profile with the tenure on the as-of day, and what else those metrics need.
 * @param metricsRead {@link metricsReadBy} the rules.
 */
export function profileSql(
  asOf: string,
  metricsRead: ReadonlySet<string> = new Set(),
  whose: Whose = { areMeant: () => 'true' },
): string {
  const beside = besideProfile(asOf, whose).filter(({ metrics }) => metrics.some((metric) => metricsRead.has(metric)));
  const columns = [
    'p.*',
    `${tenureMonthsSql('p.activated_on', asOf)} AS tenure_months`,
    `date_part('month', p.activated_on)::int AS anniversary_month`,
    ...beside.map((each) => each.columns),
  ];
  return `SELECT ${columns.join(', ')} FROM ${PROFILE_VIEW} p ${beside.map(({ join }) => join).join(' ')}`;
}

/** The facts of one customer that the rule set reads; undefined for an unknown customer and one without a subscription. */
export function readFacts(
  reader: Pick<Database | Tx, 'query'>,
  { customerId, body, asOf }: { readonly customerId: string; readonly body: RuleSetBody; readonly asOf: string },
): Promise<CustomerFacts | undefined> {
  return readFactsOfOne(reader, {
    customerId,
    rules: rulesOf(body),
    catalogue: tierMetrics,
    asOf,
    customers: { sql: profileSql(asOf, metricsReadBy(body)) },
    months: MONTH_FACT,
  });
}
