import { isInSlice, type Slice } from '../../../platform/queues/index.js';
import {
  collectAggregates,
  compileSql,
  factsSql,
  referencesOf,
  SqlParameters,
  type AggregatePlan,
  type Expression,
} from '../../../platform/rules/index.js';
import { PROFILE_VIEW } from '../../customers/index.js';
import { decisionSql, rankOfTierSql, type DecidedAt, type DecisionSql } from '../domain/decide-sql.js';
import { metricsReadBy, tierMetrics } from '../domain/metrics.js';
import { ratedKind } from '../domain/program.js';
import { rulesOf, type RuleSet } from '../domain/rule-set.js';
import { profileSql } from './customer-facts.js';

/** Where a rule set decides: in these provinces, or everywhere else. */
export type Region = { readonly only: readonly string[] } | { readonly except: readonly string[] };

/** All of a rule set that it decides by. */
export type Deciding = Pick<RuleSet, 'program' | 'kind' | 'scale' | 'body'>;

export interface Decided extends DecidedAt {
  readonly slice: Pick<Slice, 'from' | 'to'>;
  readonly ruleSet: Deciding;
  readonly region?: Region | undefined;
  /** Values that the statement uses besides: they follow those of the slice and are $3, $4, … */
  readonly values: readonly unknown[];
  /** Whom of the slice it is about, as a query for their ids. */
  readonly meant?: (parameters: SqlParameters) => string;
  /** Another rule set of the programme that decides about the same customers in the same scan; its columns bear the prefix. */
  readonly beside?: Beside | undefined;
  /** What else is asked of the facts: columns of `decided` by name. */
  readonly figures?: Readonly<Record<string, Expression>>;
  /** Columns of the profile that `decided` has besides. */
  readonly carries?: readonly string[];
  /** Whether levels are those held on the as-of day, as it is known now, and not those held now. */
  readonly heldOnTheDay?: boolean;
}

interface Beside {
  readonly ruleSet: Deciding;
  readonly isYearlyReview: boolean;
  readonly prefix: string;
}

/** The steps of a statement, up to `decided`: one row for everybody meant, who holds what and what is earned. */
export interface DecidedRows {
  readonly ctes: string;
  readonly decision: DecisionSql;
  readonly beside: DecisionSql | undefined;
  readonly parameters: SqlParameters;
  /** Over `decided` or what is made of it, under that alias: the facts that the rules read, as json. */
  readonly facts: (alias: string) => string;
  /** And how the customer stood. */
  readonly standing: string;
}

/**
 * Columns of `decided`: customer_id, archive, closed_on, region, held, held_by, held_from, held_rank, override_rank, override_mode,
 * manual_since, grace_ends_on, by_rules, is_excluded, earned, outcome, given (ranks), and all that it was computed from.
 */
export function decidedRows({ slice, ruleSet, region, values, meant, ...wanted }: Decided): DecidedRows {
  const { beside: other, figures = {}, carries = [], heldOnTheDay = false, ...at } = wanted;
  const parameters = new SqlParameters([slice.from, slice.to, ...values]);
  const { body, scale } = ruleSet;
  const bodies = [body, ...(other ? [other.ruleSet.body] : [])];
  const plan = collectAggregates({
    rules: [...bodies.flatMap(rulesOf), ...Object.values(figures)],
    catalogue: tierMetrics,
    asOf: at.asOf,
    parameters,
  });
  const decision = decisionSql(ruleSet, plan, at);
  const beside =
    other && decisionSql(other.ruleSet, plan, { asOf: at.asOf, isYearlyReview: other.isYearlyReview }, other.prefix);
  const step = (name: 'measured' | 'rated' | 'earned' | 'outcome' | 'given'): string =>
    [decision[name], ...(beside ? [beside[name]] : [])].join(',\n        ');
  const measured = [
    step('measured'),
    ...Object.entries(figures).map(([name, figure]) => `${compileSql(figure, plan)} AS ${name}`),
  ].join(', ');
  const program = parameters.add(ruleSet.program, 'text');
  const on = parameters.add(at.on ?? at.asOf, 'date');
  const rated = ratedKind(ruleSet.kind);
  const whose = (alias: string): string =>
    [
      isInSlice(alias),
      ...(rated === 'group' ? [isGroup(alias)] : []),
      // One array, so that they are looked up in each table however many they are.
      ...(meant ? [`${alias}.customer_id = ANY((SELECT ids FROM meant)::uuid[])`] : []),
    ].join(' AND ');
  const levels = heldOnTheDay
    ? `(SELECT * FROM tiering.tier_assignment WHERE valid_from <= ${on} AND ${on} < valid_until)`
    : 'tiering.current_level';
  const read = [
    ...bodies.flatMap((each) => [...metricsReadBy(each)]),
    ...Object.values(figures)
      .flatMap(referencesOf)
      .map(({ metric }) => metric),
  ];
  const profiles = profileSql(at.asOf, new Set(read), {
    areMeant: whose,
    ...(!meant && { slice: { from: '$1::uuid', to: '$2::uuid' } }),
  });
  const where = `${region ? ` AND ${isIn(region, 'p', parameters)}` : ''}${rated ? ` AND p.kind = '${rated}'` : ''}`;
  // No more than is needed: every step copies its row.
  const carried = new Set([
    ...['customer_id', 'archive', 'closed_on', 'region'],
    ...plan.customerMetrics.map(({ column }) => column),
    ...carries,
  ]);
  // OFFSET 0 keeps each level of the query whole, so that tenure and measures are computed once and not wherever
  // they are named (one range of customers took about a quarter less time).
  const ctes = `${meant ? `meant AS MATERIALIZED (SELECT array_agg(customer_id) AS ids FROM (${meant(parameters)}) taken), ` : ''}${factsCte(plan, whose, parameters)}measured AS (
      SELECT ${[...carried].map((column) => `c.${column}`).join(', ')}, ${plan.columns.map(({ alias }) => `f.${alias}, `).join('')}
        t.tier AS held, t.decision_id AS held_by, t.valid_from AS held_from, COALESCE(${rankOfTierSql(scale, 't.tier')}, 0) AS held_rank,
        ${rankOfTierSql(scale, 'o.tier')} AS override_rank, o.mode AS override_mode, o.tier AS override_tier, o.manual_since, g.ends_on AS grace_ends_on,
        ${measured}
      FROM (${profiles} WHERE ${whose('p')}${where} OFFSET 0) c
      ${plan.months ? 'LEFT JOIN facts f ON f.customer_id = c.customer_id' : ''}
      LEFT JOIN ${levels} t ON t.customer_id = c.customer_id AND t.program = ${program} AND ${whose('t')}
      LEFT JOIN (
        SELECT customer_id, max(valid_from) AS manual_since, max(tier) FILTER (WHERE ${on} < valid_until) AS tier,
          max(mode) FILTER (WHERE ${on} < valid_until) AS mode
        FROM tiering.tier_override v WHERE program = ${program} AND valid_from <= ${on} AND valid_from < valid_until AND ${whose('v')} GROUP BY customer_id
      ) o ON o.customer_id = c.customer_id
      LEFT JOIN tiering.tier_grace g ON g.customer_id = c.customer_id AND g.program = ${program} AND ${whose('g')}
      OFFSET 0
    ), rated AS (
      SELECT *, ${step('rated')} FROM measured OFFSET 0
    ), earning AS (
      SELECT *, ${step('earned')} FROM rated OFFSET 0
    ), moving AS (
      SELECT *, ${step('outcome')} FROM earning
    ), decided AS (
      SELECT *, ${step('given')} FROM moving
    )`;
  return {
    ctes,
    decision,
    beside,
    parameters,
    facts: (alias) => factsSql({ ...plan, aliases: { ...plan.aliases, customer: alias, facts: alias } }),
    standing: standingSql(at),
  };
}

function factsCte(plan: AggregatePlan, whose: (alias: string) => string, parameters: SqlParameters): string {
  if (!plan.months) return '';
  return `facts AS (
      SELECT m.customer_id, ${plan.select}
      FROM ${plan.readsAnniversary ? `(SELECT n.*, date_part('month', p.activated_on)::int AS anniversary_month FROM usage.month_fact n JOIN customers.profile p USING (customer_id))` : 'usage.month_fact'} m
      WHERE ${whose('m')} AND m.month >= ${parameters.add(plan.months.from, 'date')} AND m.month < ${parameters.add(plan.months.to, 'date')}
      GROUP BY m.customer_id
    ), `;
}

/** Groups are few: their rows are looked up, and nobody else's are read. */
const isGroup = (alias: string): string =>
  `${alias}.customer_id = ANY(ARRAY(SELECT group_.customer_id FROM ${PROFILE_VIEW} group_ WHERE group_.kind = 'group' AND ${isInSlice('group_')}))`;

function isIn(region: Region, alias: string, parameters: SqlParameters): string {
  return 'only' in region
    ? `${alias}.region = ANY(${parameters.add(region.only, 'text[]')})`
    : `(${alias}.region = ANY(${parameters.add(region.except, 'text[]')})) IS NOT TRUE`;
}

/** Almost everybody stands without exceptions: their standing is put together of text. */
function standingSql({ asOf, on = asOf, isYearlyReview, isFraud = false }: DecidedAt): string {
  const always = `"isYearlyReview":${isYearlyReview}${isFraud ? ',"isFraud":true' : ''}${on === asOf ? '' : `,"on":"${on}"`}`;
  return `CASE WHEN manual_since IS NULL AND grace_ends_on IS NULL
      THEN ('{' || COALESCE('"tier":"' || held || '",', '') || '${always}}')::json
      ELSE ('{${always}}'::jsonb || jsonb_strip_nulls(jsonb_build_object('tier', held, 'manualSince', manual_since, 'graceEndsOn', grace_ends_on,
        'override', CASE WHEN override_mode IS NOT NULL THEN jsonb_build_object('mode', override_mode, 'tier', override_tier) END)))::json END`;
}
