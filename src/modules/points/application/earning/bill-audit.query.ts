import { Injectable } from '@nestjs/common';
import { Database } from '../../../../platform/database/index.js';
import { EARN_ITEMS } from '../../domain/earning/earn-quote.js';
import {
  BILL_FIGURES,
  EARNING_FEN,
  ITEM_POINTS,
  itemsOfEntry,
  ruleColumns,
} from '../../persistence/earning/earn-items-sql.js';

/** The bills of one month beside what the ledger holds for them. */
export interface BillAudit {
  readonly bills: number;
  /** What the bills that were judged should have earned, by their rules and the facts of their first entry. */
  readonly shouldHaveEarned: number;
  readonly earned: number;
  /** Not judged yet, or of somebody who earns nothing: has left, or is not registered with a real name. */
  readonly unjudged: number;
  readonly differing: number;
}

export interface BillDifference {
  readonly customerId: string;
  readonly source: string;
  readonly billNo: string;
  readonly shouldHaveEarned: number;
  readonly earned: number;
}

const FIRST = 100;

/**
 * $1: first day of the month. Either side is read once; a bill that was replaced should have earned nothing. Items are compared one by
 * one, so that one cannot hide behind another.
 */
const JUDGED = `
  rule AS (
    SELECT effective_from, effective_to, ${ruleColumns('rules')} FROM points.earn_rule_set
  ), bill AS (
    SELECT b.customer_id, b.source, b.bill_no, ${BILL_FIGURES}, r.*
    FROM usage.bill b JOIN rule r ON b.cycle >= r.effective_from AND b.cycle < r.effective_to
    WHERE b.cycle = $1 AND b.is_current
  ), entry AS (
    SELECT customer_id, source_system AS source, source_ref AS bill_no, sum(i.points)::bigint AS earned,
      ${EARN_ITEMS.map((item) => `COALESCE(sum(i.points) FILTER (WHERE i.item = '${item}'), 0)::bigint AS earned_${item.toLowerCase()}`).join(',\n      ')},
      (array_agg(metadata ->> 'tier' ORDER BY account_version) FILTER (WHERE metadata ? 'tier'))[1] AS tier,
      (array_agg(metadata -> 'facts' ORDER BY account_version) FILTER (WHERE metadata ? 'facts'))[1] AS facts
    FROM points.journal j, ${itemsOfEntry('j')} i
    WHERE kind IN ('EARN', 'EARN_CORRECTION') AND metadata ->> 'cycle' = to_char($1::date, 'YYYY-MM')
    GROUP BY customer_id, source_system, source_ref
  ), known AS (
    SELECT *, facts ->> 'star' AS star, facts ->> 'brand' AS brand, (facts ->> 'months')::int AS months, facts ->> 'grade' AS grade,
      (facts ->> 'suspensions')::int AS suspensions, ${EARNING_FEN} AS earning_fen
    FROM bill FULL JOIN entry USING (customer_id, source, bill_no)
  ), item AS (
    SELECT *, ${EARN_ITEMS.map((item) => `COALESCE(${ITEM_POINTS[item]}, 0) AS due_${item.toLowerCase()}`).join(',\n      ')} FROM known
  ), judged AS (
    SELECT customer_id, source, bill_no, earned, ${EARN_ITEMS.map((item) => `due_${item.toLowerCase()}`).join(' + ')} AS due,
      ${EARN_ITEMS.map((item) => item.toLowerCase())
        .map((item) => `due_${item} <> earned_${item}`)
        .join(' OR ')} AS differs
    FROM item
  )`;

/** Holds the ledger against the bills, from the bills themselves (账单与积分核对, DOMAIN §4.3.18). */
@Injectable()
export class AuditBills {
  constructor(private readonly database: Database) {}

  /** @param month its first day */
  async summary(month: string): Promise<BillAudit> {
    const [row] = await this.database.query<BillAudit & Record<string, unknown>>(
      `WITH ${JUDGED}
       SELECT (SELECT count(*) FROM bill) AS bills, COALESCE(sum(due) FILTER (WHERE earned IS NOT NULL), 0)::bigint AS "shouldHaveEarned",
         COALESCE(sum(earned), 0)::bigint AS earned, count(*) FILTER (WHERE earned IS NULL) AS unjudged,
         count(*) FILTER (WHERE differs) AS differing
       FROM judged`,
      [month],
    );
    if (!row) throw new Error('A sum without a row');
    return row;
  }

  /** @param month its first day */
  differences(month: string): Promise<readonly BillDifference[]> {
    return this.database.query<BillDifference & Record<string, unknown>>(
      `WITH ${JUDGED}
       SELECT customer_id AS "customerId", source, bill_no AS "billNo", due AS "shouldHaveEarned", earned
       FROM judged WHERE differs ORDER BY abs(earned - due) DESC, customer_id, source, bill_no LIMIT ${FIRST}`,
      [month],
    );
  }
}
