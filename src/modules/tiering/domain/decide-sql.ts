import { compileSql, type AggregatePlan } from '../../../platform/rules/index.js';
import type { GateReason } from './decide.js';
import { monthsLater } from './months.js';
import {
  freeMovement,
  rankOn,
  type Gate,
  type ProvinceRules,
  type Route,
  type RuleSetBody,
  type Rules,
  type Threshold,
} from './rule-set.js';

/** `decide` for everybody at once, in steps over steps: each reads the columns of those before. A property test holds the two together. */
export interface DecisionSql {
  /** Over the rows of the plan's aliases: measures m1… and gates g1…, each computed once. */
  readonly measured: string;
  /**
   * Over `measured` with `held_rank` (never null), `held` (null when never rated), `override_rank` and `override_mode` (null without):
   * `by_rules`, the rank that the rules give, and `is_excluded`.
   */
  readonly rated: string;
  /** Over `rated`: `earned`, the rank with the exception. */
  readonly earned: string;
  /** Over `earned` with `manual_since` and `grace_ends_on` (null without): the outcome, 'same' and 'held' instead of 'retained'. */
  readonly outcome: string;
  /** Over `outcome`: the rank that is given now or, of a warning, later. */
  readonly given: string;
  /**
   * json equal to the `inputs` of a decision, over one row with the columns of both of the plan's aliases. Dear, as are the `reasons`
   * over `earned`: only where they are kept.
   */
  readonly inputs: (alias: string) => string;
  readonly reasons: string;
  /** Over `measured`: whether every requirement and no exclusion holds. */
  readonly isRated: string;
  /** Over `measured`: what each gate and each route says by itself, in the order of the rule set. */
  readonly gates: readonly { readonly kind: GateReason['kind']; readonly code: string; readonly holds: string }[];
  readonly routes: readonly RouteSql[];
}

export interface RouteSql {
  readonly code: string;
  readonly measure: string;
  /** The rank that it gives. */
  readonly rank: string;
  /** By level of its thresholds, what is asked of the customer; null where the level cannot be reached. */
  readonly asked: readonly { readonly tier: string; readonly amount: string }[];
}

export interface DecidedAt {
  readonly asOf: string;
  readonly isYearlyReview: boolean;
  readonly isFraud?: boolean;
  /** The day on which the customers stand as they do; default `asOf`. */
  readonly on?: string;
}

/** @param prefix of the columns that the steps make (a word and `_`), so that two rule sets decide beside each other. */
export function decisionSql({ scale, body }: Rules, plan: AggregatePlan, at: DecidedAt, prefix = ''): DecisionSql {
  const gates = gatesOf(body);
  const holds = gates.map(({ kind, gate: { code } }, i) => ({ kind, code, holds: `${prefix}g${i + 1}` }));
  const isRated = [
    'TRUE',
    ...holds.map((each) => (each.kind === 'requirement' ? each.holds : `NOT ${each.holds}`)),
  ].join(' AND ');
  const exclusions = holds.flatMap((each) => (each.kind === 'exclusion' ? [each.holds] : []));
  const routes = body.routes.map((route, i) => routeSql({ scale, body }, route, `${prefix}m${i + 1}`));
  const columns: Columns = {
    byRules: `${prefix}by_rules`,
    isExcluded: `${prefix}is_excluded`,
    earned: `${prefix}earned`,
    outcome: `${prefix}outcome`,
    given: `${prefix}given`,
  };
  const { byRules, isExcluded, earned } = columns;
  return {
    measured: [
      ...body.routes.map(({ measure }, i) => `${compileSql(measure, plan)} AS ${prefix}m${i + 1}`),
      ...gates.map(({ gate }, i) => `${compileSql(gate.condition, plan)} AS ${prefix}g${i + 1}`),
    ].join(',\n'),
    rated: `CASE WHEN ${isRated} THEN GREATEST(${routes.map(({ rank }) => rank).join(', ')}) ELSE 0 END AS ${byRules},
      ${exclusions.length === 0 ? 'FALSE' : `(${exclusions.join(' OR ')})`} AS ${isExcluded}`,
    earned: `CASE WHEN override_mode = 'exactly' THEN override_rank ELSE GREATEST(${byRules}, override_rank) END AS ${earned}`,
    outcome: outcomeSql(body, at, columns),
    given: givenSql({ scale, body }, at, columns),
    inputs: (alias) => inputsSql(body, { ...plan, aliases: { ...plan.aliases, customer: alias, facts: alias } }),
    reasons: reasonsSql({ scale, body }, gates, prefix),
    isRated: `(${isRated})`,
    gates: holds,
    routes,
  };
}

interface Columns {
  readonly byRules: string;
  readonly isExcluded: string;
  readonly earned: string;
  readonly outcome: string;
  readonly given: string;
}

function routeSql({ scale, body }: Rules, route: Route, measure: string): RouteSql {
  const tiers = scale.filter((tier) =>
    [route, ...(body.provinces ?? []).flatMap(({ routes }) => routes.filter(({ code }) => code === route.code))].some(
      ({ thresholds }) => thresholds.some((each) => each.tier === tier),
    ),
  );
  return {
    code: route.code,
    measure,
    rank: byProvince(body, route, (thresholds) => rankSql(scale, thresholds, measure)),
    asked: tiers.map((tier) => ({
      tier,
      amount: byProvince(body, route, (thresholds) => {
        const threshold = thresholds.find((each) => each.tier === tier);
        return threshold ? askedSql(scale, threshold) : 'NULL::bigint';
      }),
    })),
  };
}

/** The name of a rank, as SQL. */
export function tierSql(scale: readonly string[], rank: string): string {
  const lowestFirst = [...scale].reverse().map((tier) => literal(tier));
  return `(ARRAY[${lowestFirst.join(', ')}])[${rank} + 1]`;
}

/** The rank of a level's name, as SQL; null stays null. */
export function rankOfTierSql(scale: readonly string[], tier: string): string {
  return `CASE ${tier} ${scale.map((each) => `WHEN ${literal(each)} THEN ${rankOn(scale, each)}`).join(' ')} END`;
}

/** Codes are checked to be plain words, yet what reaches SQL as text is quoted where it does. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function gatesOf(body: RuleSetBody): readonly { readonly gate: Gate; readonly kind: GateReason['kind'] }[] {
  return [
    ...body.requirements.map((gate) => ({ gate, kind: 'requirement' as const })),
    ...body.exclusions.map((gate) => ({ gate, kind: 'exclusion' as const })),
  ];
}

/** The thresholds of the route where the customer lives. */
function byProvince(body: RuleSetBody, route: Route, of: (thresholds: readonly Threshold[]) => string): string {
  const own = (body.provinces ?? []).flatMap(({ region, routes }: ProvinceRules) =>
    routes.filter(({ code }) => code === route.code).map(({ thresholds }) => ({ region, thresholds })),
  );
  if (own.length === 0) return of(route.thresholds);
  const branches = own.map(({ region, thresholds }) => `WHEN ${literal(region)} THEN ${of(thresholds)}`);
  return `CASE region ${branches.join('\n')} ELSE ${of(route.thresholds)} END`;
}

function rankSql(scale: readonly string[], thresholds: readonly Threshold[], measure: string): string {
  const branches = thresholds.map(
    (each) => `WHEN ${measure} >= ${askedSql(scale, each)} THEN ${rankOn(scale, each.tier)}`,
  );
  return `CASE ${branches.join(' ')} ELSE 0 END`;
}

/** What the threshold asks of the customer: less of who holds the level, or a higher one, already. */
function askedSql(scale: readonly string[], { tier, atLeast, retainAtLeast = atLeast }: Threshold): string {
  if (retainAtLeast === atLeast) return whole(atLeast);
  return `CASE WHEN held_rank >= ${rankOn(scale, tier)} THEN ${whole(retainAtLeast)} ELSE ${whole(atLeast)} END`;
}

function outcomeSql(
  body: RuleSetBody,
  { asOf, isYearlyReview, isFraud = false, on = asOf }: DecidedAt,
  { earned, isExcluded, outcome }: Columns,
): string {
  const { upgrade, downgrade, graceMonths, coolDownMonths } = body.movement ?? freeMovement;
  const mayRise = upgrade === 'any-run' || isYearlyReview ? 'TRUE' : `${earned} IS NOT DISTINCT FROM override_rank`;
  const lowers = graceMonths === 0 ? 'downgraded' : 'warned';
  return `CASE
    WHEN ${earned} > held_rank AND ${mayRise} THEN CASE WHEN held IS NULL THEN 'entered' ELSE 'upgraded' END
    WHEN ${earned} >= held_rank THEN
      CASE WHEN grace_ends_on IS NOT NULL THEN 'recovered' WHEN ${earned} > held_rank THEN 'held' ELSE 'same' END
    WHEN ${isExcluded} OR ${isFraud} OR override_mode IS NOT DISTINCT FROM 'exactly' THEN 'downgraded'
    WHEN ${day(on)} < (manual_since + make_interval(months => ${coolDownMonths}))::date THEN 'held'
    WHEN grace_ends_on IS NOT NULL THEN CASE WHEN ${day(on)} < grace_ends_on THEN 'held' ELSE 'downgraded' END
    ELSE ${literal(downgrade === 'review' && !isYearlyReview ? 'held' : lowers)} END AS ${outcome}`;
}

/** The day on which a downgrade comes that is announced on the day. */
export function lowersOn(body: RuleSetBody, on: string): string {
  return monthsLater(on, (body.movement ?? freeMovement).graceMonths);
}

function givenSql(
  { scale, body }: Rules,
  { isFraud = false }: DecidedAt,
  { earned, isExcluded, outcome, given }: Columns,
): string {
  if (isFraud || !(body.movement ?? freeMovement).stepwise) return `${earned} AS ${given}`;
  const ranks = body.levels.map(({ tier }) => rankOn(scale, tier));
  const oneDown = scale.flatMap((tier) => {
    const below = ranks.find((rank) => rank < rankOn(scale, tier));
    return below === undefined ? [] : [`WHEN ${rankOn(scale, tier)} THEN ${below}`];
  });
  return `CASE WHEN ${outcome} IN ('downgraded', 'warned') AND NOT ${isExcluded} AND override_mode IS DISTINCT FROM 'exactly'
    THEN GREATEST(${earned}, CASE held_rank ${oneDown.join(' ')} END) ELSE ${earned} END AS ${given}`;
}

function inputsSql(body: RuleSetBody, plan: AggregatePlan): string {
  const values = body.inputs.map(
    ({ code, value }) =>
      `${literal(`${JSON.stringify(code)}:`)} || COALESCE((${compileSql(value, plan)})::text, 'null')`,
  );
  if (values.length === 0) return `'{}'::json`;
  return `('{' || ${values.join(` || ',' || `)} || '}')::json`;
}

function reasonsSql({ scale, body }: Rules, gates: ReturnType<typeof gatesOf>, prefix: string): string {
  const parts = [
    ...gates.map(({ gate, kind }, i) => gateJson(gate, kind, `${prefix}g${i + 1}`)),
    ...body.routes.map((route, i) =>
      byProvince(body, route, (thresholds) => routeJson(scale, { code: route.code, thresholds }, `${prefix}m${i + 1}`)),
    ),
  ];
  return `(${literal('[')} || ${parts.join(` || ',' || `)}
    || CASE WHEN override_rank IS NULL THEN '' ELSE ',{"kind":"override","mode":"' || override_mode || '","tier":"' || ${tierSql(scale, 'override_rank')} || '"}' END
    || ']')::json`;
}

/** A piece of JSON text: one cast of all of it costs less than building it of jsonb values. */
function gateJson({ code }: Gate, kind: GateReason['kind'], holds: string): string {
  const text = JSON.stringify({ kind, code }).slice(0, -1);
  return `CASE WHEN ${holds} THEN ${literal(`${text},"holds":true}`)} ELSE ${literal(`${text},"holds":false}`)} END`;
}

function routeJson(
  scale: readonly string[],
  { code, thresholds }: Pick<Route, 'code' | 'thresholds'>,
  measure: string,
): string {
  const result = (given: Threshold | undefined, next: Threshold | undefined): string => {
    const head = JSON.stringify({ kind: 'route', code, tier: given?.tier ?? scale[scale.length - 1] }).slice(0, -1);
    const number = (key: string, sql: string): string => `${literal(`,"${key}":`)} || COALESCE((${sql})::text, 'null')`;
    const asked = (of: Threshold | undefined): string => (of === undefined ? 'NULL' : askedSql(scale, of));
    return [
      literal(`${head},"nextTier":${JSON.stringify(next?.tier ?? null)}`),
      number('actual', measure),
      number('threshold', asked(given)),
      number('nextThreshold', asked(next)),
      next === undefined ? literal(',"gap":null') : number('gap', `${asked(next)} - ${measure}`),
      literal('}'),
    ].join(' || ');
  };
  const reached = thresholds.map(
    (each, i) => `WHEN ${measure} >= ${askedSql(scale, each)} THEN ${result(each, thresholds[i - 1])}`,
  );
  return `CASE ${reached.join('\n')} ELSE ${result(undefined, thresholds[thresholds.length - 1])} END`;
}

function whole(value: number): string {
  if (!Number.isSafeInteger(value)) throw new Error('a threshold is a whole number');
  return `${value}::bigint`;
}

function day(date: string): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) throw new Error(`not a date: ${date}`);
  return `DATE '${date}'`;
}
