import { compileSql, type AggregatePlan } from '../../../platform/rules/index.js';
import type { GateReason, RouteReason } from './decide.js';
import type { Gate, Route, RuleSetBody } from './rule-set.js';
import { serviceRank, tiers } from './tier.js';

/** {@link decide} for everybody at once. A property test holds the two together. */
export interface DecisionSql {
  /** Over the rows of the plan's aliases: measures m1…, gates g1… and inputs i1…, each computed once. */
  readonly measured: string;
  /** Over `measured`: the rank of the level given, 0 for ORDINARY. */
  readonly rank: string;
  /** Over `measured`: jsonb equal to the `inputs` and `reasons` of {@link Decision}. Dear: only for those who change. */
  readonly inputs: string;
  readonly reasons: string;
}

export function decisionSql(body: RuleSetBody, plan: AggregatePlan): DecisionSql {
  const gates = gatesOf(body);
  return {
    measured: [
      ...body.routes.map(({ measure }, i) => `${compileSql(measure, plan)} AS m${i + 1}`),
      ...gates.map(({ gate }, i) => `${compileSql(gate.condition, plan)} AS g${i + 1}`),
      ...body.inputs.map(({ value }, i) => `${compileSql(value, plan)} AS i${i + 1}`),
    ].join(',\n'),
    rank: rankSql(body),
    inputs: `jsonb_build_object(${body.inputs.map(({ code }, i) => `${literal(code)}, i${i + 1}`).join(', ')})`,
    reasons: `jsonb_build_array(${[
      ...gates.map(({ gate, kind }, i) => gateJson(gate, kind, `g${i + 1}`)),
      ...body.routes.map((route, i) => routeJson(route, `m${i + 1}`)),
    ].join(',\n')})`,
  };
}

/** The name of a rank, as SQL. */
export function tierSql(rank: string): string {
  const lowestFirst = [...tiers].reverse().map((tier) => literal(tier));
  return `(ARRAY[${lowestFirst.join(', ')}])[${rank} + 1]`;
}

/** The rank of a level's name, as SQL; null stays null. */
export function rankOfTierSql(tier: string): string {
  return `CASE ${tier} ${tiers.map((each) => `WHEN ${literal(each)} THEN ${serviceRank(each)}`).join(' ')} END`;
}

function gatesOf(body: RuleSetBody): readonly { readonly gate: Gate; readonly kind: GateReason['kind'] }[] {
  return [
    ...body.requirements.map((gate) => ({ gate, kind: 'requirement' as const })),
    ...body.exclusions.map((gate) => ({ gate, kind: 'exclusion' as const })),
  ];
}

function rankSql(body: RuleSetBody): string {
  const isRated = gatesOf(body).map(({ kind }, i) => (kind === 'requirement' ? `g${i + 1}` : `NOT g${i + 1}`));
  const candidates = body.routes.map(({ thresholds }, i) => {
    const branches = thresholds.map(
      ({ tier, atLeast }) => `WHEN m${i + 1} >= ${whole(atLeast)} THEN ${serviceRank(tier)}`,
    );
    return `CASE ${branches.join(' ')} ELSE 0 END`;
  });
  return `CASE WHEN ${['TRUE', ...isRated].join(' AND ')} THEN GREATEST(${candidates.join(', ')}) ELSE 0 END`;
}

function gateJson({ code }: Gate, kind: GateReason['kind'], holds: string): string {
  return `jsonb_build_object('kind', ${literal(kind)}, 'code', ${literal(code)}, 'holds', ${holds})`;
}

function routeJson({ code, thresholds }: Route, measure: string): string {
  const lowest = thresholds[thresholds.length - 1];
  const reached = thresholds.map(({ tier, atLeast }, i) => {
    const next = thresholds[i - 1];
    return `WHEN ${measure} >= ${whole(atLeast)} THEN ${resultJson(measure, { tier, threshold: atLeast, next })}`;
  });
  const below = resultJson(measure, { tier: 'ORDINARY', threshold: null, next: lowest });
  return `jsonb_build_object('kind', 'route', 'code', ${literal(code)}, 'actual', ${measure})
    || CASE ${reached.join('\n')} ELSE ${below} END`;
}

interface Result extends Pick<RouteReason, 'tier' | 'threshold'> {
  readonly next: Route['thresholds'][number] | undefined;
}

function resultJson(measure: string, { tier, threshold, next }: Result): string {
  const fixed = {
    tier,
    threshold,
    nextTier: next?.tier ?? null,
    nextThreshold: next?.atLeast ?? null,
    ...(next === undefined && { gap: null }),
  };
  const gap = next === undefined ? '' : ` || jsonb_build_object('gap', ${whole(next.atLeast)} - ${measure})`;
  return `(${literal(JSON.stringify(fixed))}::jsonb${gap})`;
}

/** Codes are checked to be plain words, yet what reaches SQL as text is quoted where it does. */
function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function whole(value: number): string {
  if (!Number.isSafeInteger(value)) throw new Error('a threshold is a whole number');
  return `${value}::bigint`;
}
