import { Injectable } from '@nestjs/common';
import { Database } from '../../../platform/database/index.js';
import { pointsForSpendSql } from '../persistence/accrue-from-bills.js';

/** The bills of one month beside what the ledger holds for them. */
export interface BillAudit {
  readonly bills: number;
  /** What the bills that were judged should have earned, by their rules and the tier of their first entry. */
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

/** $1: first day of the month. Either side is read once; a bill that was replaced should have earned nothing. */
const JUDGED = `
  bill AS (
    SELECT b.customer_id, b.source, b.bill_no, b.net_spend_fen, r.rules
    FROM usage.bill b JOIN points.earn_rule_set r ON b.cycle >= r.effective_from AND b.cycle < r.effective_to
    WHERE b.cycle = $1 AND b.is_current
  ), entry AS (
    SELECT customer_id, source_system AS source, source_ref AS bill_no, sum(points)::bigint AS earned,
      (array_agg(metadata ->> 'tier' ORDER BY account_version))[1] AS tier
    FROM points.journal
    WHERE kind IN ('EARN', 'EARN_CORRECTION') AND metadata ->> 'cycle' = to_char($1::date, 'YYYY-MM')
    GROUP BY customer_id, source_system, source_ref
  ), judged AS (
    SELECT customer_id, source, bill_no, entry.earned,
      CASE WHEN bill.rules IS NULL THEN 0 ELSE ${pointsForSpendSql('bill.net_spend_fen', 'entry.tier', 'bill.rules')} END AS due
    FROM bill FULL JOIN entry USING (customer_id, source, bill_no)
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
         count(*) FILTER (WHERE earned <> due) AS differing
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
       FROM judged WHERE earned <> due ORDER BY abs(earned - due) DESC, customer_id, source, bill_no LIMIT ${FIRST}`,
      [month],
    );
  }
}
