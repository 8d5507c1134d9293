import { withoutNestedLoops, type Tx } from '../../../platform/database/index.js';
import type { Counts, Run, Slice } from '../../../platform/queues/index.js';
import { SqlParameters, type Expression } from '../../../platform/rules/index.js';
import { ratedKind } from '../domain/program.js';
import { literal, lowersOn, tierSql, type DecisionSql } from '../domain/decide-sql.js';
import { BORDER_PERCENT } from '../domain/preview.js';
import { canonical } from '../domain/rule-set-checksum.js';
import { levelYearOf } from '../domain/standing.js';
import type { Route, RuleSetBody } from '../domain/rule-set.js';
import { decidedRows, type Deciding } from './decided-rows.js';
import { isSheltered } from './review-slice.js';

/** How many of those who would fall a preview names. */
export const NAMED = 1_000;

export interface Compared {
  readonly ruleSet: Deciding & { readonly checksum: string };
  readonly isYearly: boolean;
}

interface PreviewSlice {
  readonly run: Pick<Run, 'runId' | 'asOf'>;
  readonly slice: Slice;
  readonly draft: Compared;
  readonly against: Compared;
}

/** Counted once for everybody: customers with a number below and above 0. */
interface Measure {
  readonly kind: 'border' | 'requirement' | 'exclusion' | 'route';
  readonly code: string;
  readonly tier?: string;
  readonly sql: string;
}

const ownSpend: Expression = { metric: 'netSpendFen', agg: 'sum', window: { kind: 'rolling-months', months: 12 } };
/** What would be at risk; with a group that is what its members spend, too. */
const netSpendOfAYear = ({ kind }: Pick<Deciding, 'kind'>): Expression =>
  ratedKind(kind) === 'group' ? { add: [ownSpend, { metric: 'membersSpendFen' }] } : ownSpend;

/** Decides the customers of a slice by two rule sets in one scan, and keeps what becomes of how many. Nobody's level changes. */
export async function previewSlice(tx: Tx, preview: PreviewSlice): Promise<Counts> {
  const { sql, params } = previewSql(preview);
  const rows = await withoutNestedLoops(tx, () => tx.query<{ outcome: string; customers: number }>(sql, params));
  return Object.fromEntries(rows.map(({ outcome, customers }) => [outcome, customers]));
}

export function previewSql({ run, slice, draft, against }: PreviewSlice): {
  readonly sql: string;
  readonly params: readonly unknown[];
} {
  const { asOf } = run;
  const { scale } = draft.ruleSet;
  const comparesItself = draft.ruleSet.checksum === against.ruleSet.checksum;
  const { ctes, decision, beside, parameters } = decidedRows({
    slice,
    ruleSet: undescribed(draft.ruleSet),
    asOf,
    isYearlyReview: draft.isYearly,
    beside: comparesItself
      ? undefined
      : { ruleSet: undescribed(against.ruleSet), isYearlyReview: against.isYearly, prefix: 'b_' },
    figures: { net_spend: netSpendOfAYear(draft.ruleSet) },
    carries: ['brand', 'manager_id'],
    heldOnTheDay: true,
    values: [run.runId, slice.sliceNo],
  });
  const becomes = (of: Compared, prefix: string) => becomesSql(of, { prefix, asOf, parameters });
  const measures = [
    ...bordersOf(decision),
    ...(beside ? changesOf(decision, beside, [draft.ruleSet.body, against.ruleSet.body]) : []),
  ];
  const lowered = parameters.add(lowersOn(draft.ruleSet.body, asOf), 'date');
  const day = parameters.add(asOf, 'date');
  const named = (rank: string): string => tierSql(scale, rank);
  const falls = `outcome IN ('downgraded', 'warned')`;
  const sql = `
    WITH ${ctes}, becoming AS (
      SELECT *, ${becomes(draft, '')} AS result, ${beside ? becomes(against, 'b_') : 'NULL'} AS b_result
      FROM decided d WHERE archive = 'in-network' OR held IS NOT NULL OFFSET 0
    ), seen AS MATERIALIZED (
      SELECT customer_id, COALESCE(region, '') AS region, COALESCE(brand, '') AS brand, manager_id, held_rank,
        result AS outcome, ${givenSql('')} AS given, ${beside ? 'b_result' : 'result'} AS b_outcome, ${givenSql(beside ? 'b_' : '')} AS b_given,
        net_spend, CASE WHEN result IN ('downgraded', 'warned') THEN ${decidedBySql(decision)} ELSE '' END AS decided_by
        ${measures.map(({ sql }, i) => `, ${sql} AS d${i + 1}`).join('')}
      FROM becoming
    ), cells AS (
      SELECT region, brand, held_rank, given, outcome, b_given, b_outcome, decided_by, count(*) AS customers,
        COALESCE(sum(net_spend) FILTER (WHERE ${falls}), 0)::bigint AS at_risk_fen,
        COALESCE(sum(net_spend) FILTER (WHERE b_${falls}), 0)::bigint AS against_at_risk_fen,
        sum(uuid_hash_extended(customer_id, 0)) AS hash
      FROM seen GROUP BY region, brand, held_rank, given, outcome, b_given, b_outcome, decided_by
    ), stored_cells AS (
      INSERT INTO tiering.preview_cell (run_id, slice_no, region, brand, held, given, outcome, against_given, against_outcome, decided_by,
        customers, at_risk_fen, against_at_risk_fen, hash)
      SELECT $3, $4, region, brand, ${named('held_rank')}, ${named('given')}, outcome, ${named('b_given')}, b_outcome, decided_by,
        customers, at_risk_fen, against_at_risk_fen, hash
      FROM cells
    ), ${measuredSql(measures)}stored_portfolios AS (
      INSERT INTO tiering.preview_portfolio (run_id, slice_no, manager_id, customers, rises, falls, warned, kept, at_risk_fen)
      SELECT $3, $4, manager_id, count(*), count(*) FILTER (WHERE outcome IN ('entered', 'upgraded')),
        count(*) FILTER (WHERE outcome = 'downgraded'), count(*) FILTER (WHERE outcome = 'warned'),
        count(*) FILTER (WHERE outcome IN ('held', 'kept')), COALESCE(sum(net_spend) FILTER (WHERE ${falls}), 0)
      FROM seen WHERE manager_id IS NOT NULL AND outcome <> 'departed' GROUP BY manager_id
    ), stored_drops AS (
      INSERT INTO tiering.preview_drop (customer_id, run_id, from_tier, to_tier, outcome, ranks_lost, net_spend_fen, decided_by, lowers_on)
      SELECT customer_id, $3, ${named('held_rank')}, ${named('given')}, outcome, held_rank - given, net_spend, decided_by,
        CASE outcome WHEN 'warned' THEN ${lowered} ELSE ${day} END
      FROM seen WHERE ${falls}
      ORDER BY held_rank - given DESC, net_spend DESC, customer_id LIMIT ${NAMED}
    )
    SELECT outcome, sum(customers)::bigint AS customers FROM cells GROUP BY outcome`;
  return { sql, params: parameters.values };
}

/** Figures that are only shown are not read for everybody. */
const undescribed = (ruleSet: Deciding): Deciding => ({ ...ruleSet, body: { ...ruleSet.body, inputs: [] } });

/** What a review says of a row of `decided`, as `reviewSlice` has it; the first one of a level year shelters nobody. */
function becomesSql(
  { ruleSet, isYearly }: Compared,
  { prefix, asOf, parameters }: { readonly prefix: string; readonly asOf: string; readonly parameters: SqlParameters },
): string {
  const year = levelYearOf(ruleSet.body.review, asOf);
  const sheltered = isYearly
    ? 'FALSE'
    : isSheltered(parameters.add(year.from, 'date'), {
        day: parameters.add(asOf, 'date'),
        program: parameters.add(ruleSet.program, 'text'),
      });
  return `CASE WHEN archive <> 'in-network' THEN 'departed'
      WHEN ${prefix}outcome IN ('downgraded', 'warned') AND ${sheltered} THEN 'kept' ELSE ${prefix}outcome END`;
}

/** The rank from now on or, of a warning, later. */
const givenSql = (prefix: string): string =>
  `CASE WHEN ${prefix}result IN ('entered', 'upgraded', 'downgraded', 'warned') THEN ${prefix}given
     WHEN ${prefix}result = 'departed' THEN 0 ELSE held_rank END`;

/** The one condition that a lower level is put down to: an exception, a gate, else the route that gives most; '' when no route gives a level. */
function decidedBySql({ gates, routes }: DecisionSql): string {
  const failing = [...gates]
    .sort((a, b) => Number(a.kind === 'requirement') - Number(b.kind === 'requirement'))
    .map(
      ({ kind, code, holds }) =>
        `WHEN ${kind === 'requirement' ? 'NOT ' : ''}${holds} THEN ${literal(`${kind} ${code}`)}`,
    );
  const giving = routes.map(({ code, rank }) => `WHEN by_rules = (${rank}) THEN ${literal(`route ${code}`)}`);
  return `CASE WHEN override_mode = 'exactly' OR override_rank > by_rules THEN 'override' ${failing.join(' ')}
    WHEN by_rules = 0 THEN 'route' ${giving.join(' ')} ELSE 'route' END`;
}

/** -1 within the band below a threshold, 1 within the band from it on (临界客户). */
function bordersOf({ isRated, routes }: DecisionSql): readonly Measure[] {
  return routes.flatMap(({ code, measure, asked }) =>
    asked.map(({ tier, amount }) => ({
      kind: 'border' as const,
      code,
      tier,
      sql: `CASE WHEN NOT ${isRated} OR ${amount} <= 0 THEN 0
        WHEN ${measure} < ${amount} THEN CASE WHEN ${measure} * 100 >= ${amount} * ${100 - BORDER_PERCENT} THEN -1 END
        WHEN ${measure} * 100 <= ${amount} * ${100 + BORDER_PERCENT} THEN 1 END`,
    })),
  );
}

/** What each condition says now less what it said before, where they are not written alike. A condition that is not there asks nothing. */
function changesOf(
  draft: DecisionSql,
  against: DecisionSql,
  [after, before]: readonly [RuleSetBody, RuleSetBody],
): readonly Measure[] {
  const gates = namedOnce([...draft.gates, ...against.gates], ({ kind, code }) => `${kind} ${code}`);
  const holds = ({ gates }: DecisionSql, of: (typeof gates)[number]): string | undefined =>
    gates.find(({ kind, code }) => kind === of.kind && code === of.code)?.holds;
  const changedGates = gates
    .filter(({ kind, code }) => gateText(after, kind, code) !== gateText(before, kind, code))
    .map((gate): Measure => {
      const absent = gate.kind === 'requirement' ? 'TRUE' : 'FALSE';
      const [now, then] = [holds(draft, gate) ?? absent, holds(against, gate) ?? absent];
      return { kind: gate.kind, code: gate.code, sql: `(${now})::int - (${then})::int` };
    });
  const routes = namedOnce([...draft.routes, ...against.routes], ({ code }) => code);
  const rank = ({ routes }: DecisionSql, code: string): string =>
    routes.find((each) => each.code === code)?.rank ?? '0';
  const changedRoutes = routes
    .filter(({ code }) => routeText(after, code) !== routeText(before, code))
    .map(({ code }): Measure => ({ kind: 'route', code, sql: `(${rank(draft, code)}) - (${rank(against, code)})` }));
  return [...changedGates, ...changedRoutes];
}

function gateText(body: RuleSetBody, kind: 'requirement' | 'exclusion', code: string): string {
  const found = (kind === 'requirement' ? body.requirements : body.exclusions).find((each) => each.code === code);
  return canonical(found?.condition ?? null);
}

function routeText(body: RuleSetBody, code: string): string {
  const asks = (route: Pick<Route, 'thresholds'> | undefined) => route?.thresholds ?? null;
  const route = body.routes.find((each) => each.code === code);
  const provinces = (body.provinces ?? []).map(({ region, routes }) => [
    region,
    asks(routes.find((each) => each.code === code)),
  ]);
  return canonical([route?.measure ?? null, asks(route), provinces.filter(([, own]) => own !== null)]);
}

const namedOnce = <T>(all: readonly T[], name: (each: T) => string): readonly T[] => [
  ...new Map(all.map((each) => [name(each), each])).values(),
];

function measuredSql(measures: readonly Measure[]): string {
  if (measures.length === 0) return '';
  const counts = measures.map(
    (_, i) => `count(*) FILTER (WHERE d${i + 1} < 0) AS l${i + 1}, count(*) FILTER (WHERE d${i + 1} > 0) AS h${i + 1}`,
  );
  const rows = measures.map(
    ({ kind, code, tier = '' }, i) => `('${kind}', ${literal(code)}, ${literal(tier)}, l${i + 1}, h${i + 1})`,
  );
  return `measures AS (
      SELECT ${counts.join(', ')} FROM seen WHERE outcome <> 'departed'
    ), stored_measures AS (
      INSERT INTO tiering.preview_measure (run_id, slice_no, kind, code, tier, below, above)
      SELECT $3, $4, v.* FROM measures CROSS JOIN LATERAL (VALUES ${rows.join(', ')}) AS v
    ), `;
}
