import { derivedIdSql, withoutNestedLoops, type Database, type Tx } from '../../../platform/database/index.js';
import type { EventType } from '../../../platform/events/index.js';
import { isInSlice, type Counts, type Run, type Slice } from '../../../platform/queues/index.js';
import { PROFILE_VIEW } from '../../customers/index.js';
import { tierSql } from '../domain/decide-sql.js';
import { metricsReadBy } from '../domain/metrics.js';
import {
  daysLater,
  JUDGED_AFTER_MONTHS,
  STATUS_ON_SQL,
  termsOf,
  type PotentialCustomer,
  type PrecisionOfGroup,
  type TrialEntitlement,
  type Verdict,
} from '../domain/potential-customer.js';
import {
  PotentialCustomerConfirmed,
  PotentialCustomerFound,
  PotentialCustomerLapsed,
  PotentialCustomerRejected,
  TrialEnded,
} from '../domain/potential-events.js';
import type { Grant, RuleSet, RuleSetBody } from '../domain/rule-set.js';
import { decidedRows, type Region } from './decided-rows.js';
import { PROGRAM } from './rule-sets.js';

type Reader = Pick<Database | Tx, 'query'>;

/** Potential customers with the rules that found them, where they belong and the day: rows `p`, `r`, `c` and `t`. */
export const POTENTIAL_CUSTOMERS = {
  select: `p.candidate_id AS "candidateId", p.customer_id AS "customerId", p.level, p.region, p.rule_set_version AS "ruleSetVersion",
    p.status, p.found_on AS "foundOn", p.last_found_on AS "lastFoundOn", p.lapses_on AS "lapsesOn", p.inputs, p.reasons,
    p.decided_by AS "decidedBy", p.decided_at AS "decidedAt", p.reason, p.rests_until AS "restsUntil", p.end_reason AS "endReason",
    r.body AS rules, c.manager_id AS "managerId"`,
  /** The first parameter is the business day. */
  from: `tiering.potential_customer p JOIN tiering.rule_set r ON r.version = p.rule_set_version
    LEFT JOIN ${PROFILE_VIEW} c ON c.customer_id = p.customer_id CROSS JOIN (SELECT $1::date AS today) t`,
} as const;

export interface KnownPotentialCustomer extends PotentialCustomer {
  readonly rules: RuleSetBody;
  readonly managerId: string | null;
}

interface Search {
  readonly run: Pick<Run, 'runId' | 'asOf'>;
  readonly slice: Pick<Slice, 'from' | 'to'>;
  readonly ruleSet: RuleSet;
  readonly region?: Region | undefined;
  readonly today: string;
  readonly at: Date;
}

/**
 * Writes down whom the rules mark. The ids follow from run and customer (version 8, RFC 9562): the same run finds somebody once.
 */
export async function findPotential(tx: Tx, search: Search): Promise<Counts> {
  const { run, slice, ruleSet, region, today, at } = search;
  const { body, scale } = ruleSet;
  const { ctes, decision, parameters } = decidedRows({
    slice,
    ruleSet,
    region,
    asOf: run.asOf,
    isYearlyReview: false,
    values: [run.runId, at],
  });
  const asOf = parameters.add(run.asOf, 'date');
  const version = parameters.add(ruleSet.version, 'text');
  const lapsesOn = body.levels
    .map(({ tier }) => {
      const days = termsOf(body, tier).lapsesAfterDays;
      return `WHEN ${parameters.add(tier, 'text')} THEN ${parameters.add(daysLater(today, days), 'date')}`;
    })
    .join(' ');
  // Rules that ask for the level themselves know whom they mean.
  const isMeant = metricsReadBy(body).has('tierRank')
    ? 'TRUE'
    : `NOT EXISTS (SELECT FROM tiering.current_tier t WHERE t.customer_id = d.customer_id AND t.tier <> 'ORDINARY' AND ${isInSlice('t')})`;
  const sql = `WITH ${ctes}, meant AS (
       SELECT * FROM decided d WHERE archive = 'in-network' AND earned > 0 AND ${isMeant}
     ), marked AS MATERIALIZED (
       SELECT customer_id, region, ${tierSql(scale, 'earned')} AS level, ${decision.inputs('meant')} AS inputs, ${decision.reasons} AS reasons FROM meant
     ), again AS (
       UPDATE tiering.potential_customer p SET last_found_on = GREATEST(p.last_found_on, ${asOf})
       FROM marked m WHERE p.customer_id = m.customer_id AND p.status = 'candidate' AND ${isInSlice('p')}
       RETURNING p.customer_id
     ), found AS (
       INSERT INTO tiering.potential_customer (customer_id, candidate_id, run_id, rule_set_version, level, region, found_on, last_found_on,
         lapses_on, inputs, reasons)
       SELECT customer_id, ${derivedIdSql('$3::text || customer_id::text')}, $3::uuid, ${version}, level, region, ${asOf}, ${asOf},
         CASE level ${lapsesOn} END, inputs, reasons
       FROM marked m
       WHERE NOT EXISTS (SELECT FROM tiering.potential_customer o WHERE o.customer_id = m.customer_id AND ${isInSlice('o')}
         AND (o.status = 'candidate' OR o.rests_until > ${asOf}))
       -- Another run may have found somebody in this moment.
       ON CONFLICT DO NOTHING
       RETURNING *
     ), announced AS (
       INSERT INTO platform.outbox (name, customer_id, payload, occurred_at, recorded_at)
       SELECT '${PotentialCustomerFound.name}', customer_id, jsonb_build_object('customerId', customer_id, 'candidateId', candidate_id,
         'level', level, 'ruleSetVersion', rule_set_version, 'foundOn', found_on, 'lapsesOn', lapses_on), $4::timestamptz, $4::timestamptz
       FROM found
     )
     SELECT (SELECT count(*) FROM found) AS found, (SELECT count(*) FROM again) AS "foundAgain"`;
  const [counts] = await withoutNestedLoops(tx, () =>
    tx.query<{ found: number; foundAgain: number }>(sql, parameters.values),
  );
  return { ...counts };
}

export async function potentialCustomerOf(
  reader: Reader,
  candidateId: string,
  today: string,
): Promise<KnownPotentialCustomer | undefined> {
  const [found] = await reader.query<KnownPotentialCustomer>(
    `SELECT ${POTENTIAL_CUSTOMERS.select} FROM ${POTENTIAL_CUSTOMERS.from} WHERE p.candidate_id = $2`,
    [today, candidateId],
  );
  return found;
}

/** Nobody else changes it until the end of the transaction. */
export async function holdCandidacy(
  tx: Tx,
  { customerId, candidateId }: Pick<PotentialCustomer, 'customerId' | 'candidateId'>,
): Promise<void> {
  await tx.query('SELECT FROM tiering.potential_customer WHERE customer_id = $1 AND candidate_id = $2 FOR UPDATE', [
    customerId,
    candidateId,
  ]);
}

interface Said {
  readonly candidacy: Pick<PotentialCustomer, 'customerId' | 'candidateId'>;
  readonly verdict: Verdict;
  readonly by: string;
  readonly reason: string;
  readonly restsUntil: string;
  readonly at: Date;
}

export async function storeVerdict(tx: Tx, { candidacy, verdict, by, reason, restsUntil, at }: Said): Promise<void> {
  const { customerId, candidateId } = candidacy;
  await tx.execute(
    `UPDATE tiering.potential_customer SET status = $3, decided_by = $4, decided_at = $5, reason = $6, rests_until = $7
     WHERE customer_id = $1 AND candidate_id = $2`,
    [customerId, candidateId, verdict, by, at, reason, restsUntil],
  );
  if (verdict === 'rejected')
    await announce(tx, PotentialCustomerRejected, { customerId, candidateId, restsUntil }, at);
}

interface Granted {
  readonly candidacy: Pick<PotentialCustomer, 'customerId' | 'candidateId'>;
  readonly trial: readonly Grant[];
  readonly from: string;
  readonly until: string;
  readonly at: Date;
}

export async function grantTrial(tx: Tx, { candidacy, trial, from, until, at }: Granted): Promise<void> {
  const { customerId, candidateId } = candidacy;
  await tx.execute(
    `INSERT INTO tiering.trial_entitlement (customer_id, candidate_id, code, label, unit, value, valid_from, valid_until, granted_at)
     SELECT $1, $2, code, label, unit, value, $4, $5, $6
     FROM jsonb_to_recordset($3::jsonb) AS g (code text, label jsonb, unit text, value bigint)`,
    [customerId, candidateId, JSON.stringify(trial), from, until, at],
  );
  const codes = trial.map(({ code }) => code);
  await announce(tx, PotentialCustomerConfirmed, { customerId, candidateId, codes, validUntil: until }, at);
}

async function announce<Payload extends { readonly customerId: string }>(
  tx: Tx,
  { name }: EventType<Payload>,
  payload: Payload,
  at: Date,
): Promise<void> {
  await tx.execute(
    `INSERT INTO platform.outbox (name, customer_id, payload, occurred_at, recorded_at) VALUES ($1, $2, $3, $4, $4)`,
    [name, payload.customerId, JSON.stringify(payload), at],
  );
}

const ENTITLEMENT = `candidate_id AS "candidateId", code, label, unit, value, valid_from AS "validFrom", valid_until AS "validUntil"`;

/** What the customer may do on trial that day. */
export function trialEntitlementsOf(
  reader: Reader,
  { customerId, day }: { readonly customerId: string; readonly day: string },
): Promise<TrialEntitlement[]> {
  return reader.query<TrialEntitlement>(
    `SELECT ${ENTITLEMENT} FROM tiering.trial_entitlement
     WHERE customer_id = $1 AND valid_from <= $2 AND $2 < valid_until ORDER BY code`,
    [customerId, day],
  );
}

/** What was given for a candidacy, also when it is over. */
export function trialOf(
  reader: Reader,
  { customerId, candidateId }: Pick<PotentialCustomer, 'customerId' | 'candidateId'>,
): Promise<TrialEntitlement[]> {
  return reader.query<TrialEntitlement>(
    `SELECT ${ENTITLEMENT} FROM tiering.trial_entitlement WHERE customer_id = $1 AND candidate_id = $2 ORDER BY code`,
    [customerId, candidateId],
  );
}

/** Who has something that ends on the day, $1, or should have ended before. */
export const AT_THEIR_END = `
  SELECT customer_id FROM tiering.potential_customer WHERE status = 'candidate' AND lapses_on <= $1
  UNION SELECT customer_id FROM tiering.trial_entitlement WHERE ended_at IS NULL AND valid_until <= $1`;

/** The end of a statement whose steps `lapsed` and `ended` have ended candidacies and entitlements: tells of them. $3 is the instant. */
export const ANNOUNCED = `announced AS (
    INSERT INTO platform.outbox (name, customer_id, payload, occurred_at, recorded_at)
    SELECT '${PotentialCustomerLapsed.name}', customer_id,
      jsonb_build_object('customerId', customer_id, 'candidateId', candidate_id, 'cause', end_reason), $3::timestamptz, $3::timestamptz
    FROM lapsed
    UNION ALL
    SELECT '${TrialEnded.name}', customer_id, jsonb_build_object('customerId', customer_id, 'candidateId', candidate_id,
      'endedOn', max(valid_until), 'cause', max(end_reason)), $3::timestamptz, $3::timestamptz
    FROM ended GROUP BY customer_id, candidate_id
  )
  SELECT (SELECT count(*) FROM lapsed) AS lapsed, (SELECT count(DISTINCT (customer_id, candidate_id)) FROM ended) AS "trialsEnded"`;

/** Ends what ends on the day. Told again, nothing is left to end. */
export async function lapsePotential(
  tx: Tx,
  { slice, asOf, at }: { readonly slice: Pick<Slice, 'from' | 'to'>; readonly asOf: string; readonly at: Date },
): Promise<Counts> {
  const [counts] = await tx.query<{ lapsed: number; trialsEnded: number }>(
    `WITH lapsed AS (
       UPDATE tiering.potential_customer p SET status = 'lapsed', end_reason = 'unanswered', decided_at = $3
       WHERE ${isInSlice('p')} AND p.status = 'candidate' AND p.lapses_on <= $4
       RETURNING *
     ), ended AS (
       UPDATE tiering.trial_entitlement e SET ended_at = $3, end_reason = 'expired'
       WHERE ${isInSlice('e')} AND e.ended_at IS NULL AND e.valid_until <= $4
       RETURNING *
     ), ${ANNOUNCED}`,
    [slice.from, slice.to, at, asOf],
  );
  return { ...counts };
}

/** How many of those found in a month, given by its first day, held a level later (CUS-20), by who found them and where. */
export function precisionOf(
  reader: Reader,
  { month, today }: { readonly month: string; readonly today: string },
): Promise<PrecisionOfGroup[]> {
  return reader.query<PrecisionOfGroup>(
    `SELECT rule_set_version AS "ruleSetVersion", region, count(*) AS found,
       count(*) FILTER (WHERE status = 'confirmed') AS confirmed, count(*) FILTER (WHERE status = 'rejected') AS rejected,
       count(*) FILTER (WHERE status = 'lapsed') AS lapsed, count(*) FILTER (WHERE status = 'candidate') AS open,
       count(*) FILTER (WHERE is_judged) AS judged, count(*) FILTER (WHERE is_judged AND holds_level) AS "holdLevel",
       count(*) FILTER (WHERE is_judged AND holds_level AND status = 'confirmed') AS "confirmedHoldLevel"
     FROM (
       SELECT p.rule_set_version, p.region, ${STATUS_ON_SQL} AS status, j.judged_on <= t.today AS is_judged, EXISTS (
         SELECT FROM tiering.tier_assignment a WHERE a.customer_id = p.customer_id AND a.program = '${PROGRAM}' AND a.tier <> 'ORDINARY'
           AND a.valid_from <= j.judged_on AND j.judged_on < a.valid_until) AS holds_level
       FROM tiering.potential_customer p CROSS JOIN (SELECT $1::date AS today) t
       CROSS JOIN LATERAL (SELECT (p.found_on + make_interval(months => ${JUDGED_AFTER_MONTHS}))::date AS judged_on) j
       WHERE p.found_on >= $2::date AND p.found_on < ($2::date + interval '1 month')::date
     ) candidates GROUP BY rule_set_version, region ORDER BY rule_set_version, region`,
    [today, month],
  );
}
