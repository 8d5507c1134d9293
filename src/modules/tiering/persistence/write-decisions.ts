import { SqlParameters } from '../../../platform/rules/index.js';
import { LevelChanged, TierChanged, TierRetained, TierWillDowngrade } from '../domain/events.js';
import type { RuleSet } from '../domain/rule-set.js';

/** What all rows of a statement that decides have in common, as SQL. */
export interface Writing {
  readonly parameters: SqlParameters;
  readonly runId: string;
  readonly asOf: string;
  readonly decidedAt: string;
  readonly occurredAt: string;
  /** The day on which what is announced now comes. */
  readonly lowersOn: string;
  /** The day of the review that may lower a level which is kept until then. */
  readonly keptUntil: string;
  readonly isAgain: boolean;
  readonly defersDowngrades: boolean;
}

const COLUMNS = `customer_id, run_id, program, decision_id, held_by, rule_set_version, as_of, from_tier, to_tier, effective_on,
  facts, standing, decided_at`;

/**
 * The writing steps of a statement whose step `changed` has: customer_id, decision_id, version, outcome, held_by, closed_on,
 * from_tier, given_tier, effective_on, cause (NULL in a run over everybody), facts, standing.
 */
export function writesOfDecisions(ruleSet: Pick<RuleSet, 'program' | 'kind'>, writing: Writing): string {
  const { parameters, runId, asOf, decidedAt, occurredAt, lowersOn, keptUntil, isAgain, defersDowngrades } = writing;
  const program = parameters.add(ruleSet.program, 'text');
  const moves = `outcome IN ('entered', 'upgraded'${defersDowngrades ? '' : `, 'downgraded'`})`;
  const isDecision = `(${moves} OR outcome IN ('warned', 'recovered', 'retained', 'restored'${isAgain ? `, 'kept'` : ''}))`;
  // Whoever changes is looked up: a join alone would read the levels of everybody.
  const isOneOf = (alias: string): string =>
    `${alias}.customer_id = ANY(ARRAY(SELECT customer_id FROM changed WHERE held_by IS NOT NULL))`;
  const event = ruleSet.kind === 'tier' ? TierChanged : LevelChanged;
  const named = (name: string): string => parameters.add(name, 'text');
  return `ended AS (
      UPDATE tiering.tier_assignment a SET
        valid_until = CASE outcome WHEN 'departed' THEN GREATEST(a.valid_from, LEAST(c.closed_on, ${asOf})) ELSE effective_on END,
        end_reason = CASE outcome WHEN 'departed' THEN 'departed' ELSE 'changed' END
      FROM changed c
      WHERE a.customer_id = c.customer_id AND a.decision_id = c.held_by AND a.valid_until = '9999-12-31' AND ${isOneOf('a')}
        AND (outcome = 'departed' OR (${moves} AND outcome <> 'entered'))
      RETURNING 1
    ), assigned AS (
      -- Reading \`ended\` first: a customer has one open level at a time, also within a statement.
      INSERT INTO tiering.tier_assignment (customer_id, decision_id, program, tier, valid_from)
      SELECT customer_id, decision_id, ${program}, given_tier, effective_on FROM changed
      WHERE ${moves} AND (SELECT count(*) FROM ended) >= 0
    ), decisions AS (
      INSERT INTO tiering.tier_decision (customer_id, decision_id, program, run_id, rule_set_version, as_of, from_tier, to_tier, outcome,
        facts, standing, decided_at, cause, refers_to, would_be, kept_until)
      SELECT customer_id, decision_id, ${program}, ${runId}, version, ${asOf}, from_tier, CASE WHEN ${moves} THEN given_tier ELSE from_tier END,
        outcome, facts, standing, ${decidedAt}, cause, ${isAgain ? 'held_by' : 'NULL::uuid'},
        CASE WHEN outcome IN ('kept', 'warned') THEN given_tier END,
        CASE outcome WHEN 'kept' THEN ${keptUntil} WHEN 'warned' THEN ${lowersOn} END
      FROM changed WHERE ${isDecision}
    ), grace_begun AS (
      INSERT INTO tiering.tier_grace (customer_id, program, decision_id, would_be, begun_on, ends_on)
      SELECT customer_id, ${program}, decision_id, given_tier, ${asOf}, ${lowersOn} FROM changed WHERE outcome = 'warned'
    ), grace_over AS (
      DELETE FROM tiering.tier_grace g USING changed c
      WHERE g.customer_id = c.customer_id AND g.program = ${program} AND ${isOneOf('g')} AND (outcome IN ('recovered', 'departed') OR ${moves})
    ), announced AS (
      -- A decision announces one thing at most: the event bears its id.
      INSERT INTO platform.outbox (event_id, name, customer_id, payload, occurred_at, recorded_at)
      SELECT decision_id,
        CASE WHEN ${moves} THEN ${named(event.name)} WHEN outcome = 'warned' THEN ${named(TierWillDowngrade.name)} ELSE ${named(TierRetained.name)} END,
        customer_id,
        CASE WHEN ${moves} THEN jsonb_build_object('customerId', customer_id, 'from', from_tier, 'to', given_tier, 'outcome', outcome,
            ${event === LevelChanged ? `'program', ${program}, ` : ''}'decisionId', decision_id, 'effectiveOn', effective_on)
          WHEN outcome = 'warned' THEN jsonb_build_object('customerId', customer_id, 'program', ${program}, 'from', from_tier, 'to', given_tier,
            'effectiveOn', ${lowersOn}, 'notice', 'start', 'decisionId', decision_id)
          ELSE jsonb_build_object('customerId', customer_id, 'program', ${program}, 'tier', from_tier, 'decisionId', decision_id,
            'until', ${keptUntil} - 1) END,
        ${occurredAt}, ${decidedAt}
      FROM changed WHERE ${moves} OR outcome IN ('warned', 'recovered', 'retained')
    )${
      defersDowngrades
        ? `, pending AS (
      INSERT INTO tiering.pending_downgrade (${COLUMNS})
      SELECT customer_id, ${runId}, ${program}, decision_id, held_by, version, ${asOf}, from_tier, given_tier, effective_on,
        facts, standing, ${decidedAt}
      FROM changed WHERE outcome = 'downgraded'
    )`
        : ''
    }`;
}

/**
 * The statement that carries out what a run has deferred. Whose level has changed since, or who was given one by hand, is left to the
 * next run.
 */
export function lowerPendingSql(
  ruleSet: Pick<RuleSet, 'program' | 'kind'>,
  { runId, asOf, decidedAt, keptUntil }: { runId: string; asOf: string; decidedAt: Date; keptUntil: string },
): { sql: string; params: readonly unknown[] } {
  const parameters = new SqlParameters([runId]);
  const day = parameters.add(asOf, 'date');
  const writes = writesOfDecisions(ruleSet, {
    parameters,
    runId: '$1::uuid',
    asOf: day,
    decidedAt: `${parameters.add(decidedAt.toISOString(), 'text')}::timestamptz`,
    occurredAt: `${parameters.add(`${asOf}T00:00:00+08:00`, 'text')}::timestamptz`,
    lowersOn: day,
    keptUntil: parameters.add(keptUntil, 'date'),
    isAgain: false,
    defersDowngrades: false,
  });
  const sql = `
    WITH changed AS MATERIALIZED (
      SELECT p.customer_id, p.decision_id, p.rule_set_version AS version, 'downgraded' AS outcome, p.held_by, NULL::date AS closed_on,
        p.from_tier, p.to_tier AS given_tier, p.effective_on, NULL::jsonb AS cause, p.facts, p.standing
      FROM tiering.pending_downgrade p
      JOIN tiering.tier_assignment a ON a.customer_id = p.customer_id AND a.decision_id = p.held_by AND a.valid_until = '9999-12-31'
      WHERE p.run_id = $1 AND NOT EXISTS (
        SELECT FROM tiering.tier_override o
        WHERE o.customer_id = p.customer_id AND o.program = p.program AND o.recorded_at >= p.decided_at)
    ), ${writes}
    SELECT count(*) AS customers FROM changed`;
  return { sql, params: parameters.values };
}

/** Whether late figures would lower the level that is held, by the last that was said of it. */
export const isKept = (alias: string, what = 'true'): string => `COALESCE((
    SELECT k.outcome = 'kept' AND ${what} FROM tiering.tier_decision k
    WHERE k.customer_id = ${alias}.customer_id AND k.refers_to = ${alias}.held_by AND k.outcome IN ('kept', 'restored')
    ORDER BY k.decided_at DESC LIMIT 1), false)`;
