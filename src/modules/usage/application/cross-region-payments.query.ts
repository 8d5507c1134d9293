import { Injectable } from '@nestjs/common';
import { asSystem, Database } from '../../../platform/database/index.js';
import { OPERATION } from '../domain/codes.js';
import { pairsOf, type PairOfProvinces, type TakenFor } from '../domain/cross-region.js';

type Row = {
  takenIn: string; accountIn: string; payments: number; paymentsFen: number; corrections: number; correctionsFen: number;
  reversals: number; reversalsFen: number;
}; // prettier-ignore

const { NEW, CORRECT, CANCEL } = OPERATION;
const OF_DAY = `paid_at >= $1::timestamptz AND paid_at < $1::timestamptz + interval '1 day'`;
const tallied = (
  name: string,
  operation: number,
): string => `count(*) FILTER (WHERE operation = ${operation}) AS "${name}",
  COALESCE(sum(fen) FILTER (WHERE operation = ${operation}), 0)::bigint AS "${name}Fen"`;

/** What provinces took for each other's accounts on a business day, and who owes whom for it (跨地区缴费对账). */
@Injectable()
export class CrossRegionPayments {
  constructor(private readonly database: Database) {}

  /**
   * Each version of a payment counts on the day of its own time: a reversal on the day on which it was made, whenever the payment was. Its
   * effect is what it counts less what the version before it did, so that versions may come in any order.
   * @param provinces only pairs with one of these; `undefined`: all
   */
  async ofDay(date: string, provinces: readonly string[] | undefined): Promise<readonly PairOfProvinces[]> {
    // Sums over the accounts of both provinces, of which a reader sees one at most.
    const rows = await asSystem(() =>
      this.database.query<Row>(
        `WITH lineage AS (
           SELECT DISTINCT customer_id, source, COALESCE(ref_payment_id, payment_id) AS root FROM usage.payment
           WHERE (region_paid IS NOT NULL OR operation <> ${NEW}) AND ${OF_DAY}
         ), version AS (
           SELECT l.*, p.version, p.payment_id, p.paid_at, p.operation,
             CASE p.operation WHEN ${CANCEL} THEN 0 ELSE p.amount_fen END AS fen,
             -- Who corrects or reverses need not say again where it was paid.
             array_remove(array_agg(p.region_paid) OVER earlier, NULL) AS regions
           FROM lineage l JOIN usage.payment p
             ON p.customer_id = l.customer_id AND p.source = l.source AND COALESCE(p.ref_payment_id, p.payment_id) = l.root
           WINDOW earlier AS (PARTITION BY l.customer_id, l.source, l.root ORDER BY p.version, p.payment_id)
         ), step AS (
           SELECT customer_id, paid_at, operation, fen, regions[cardinality(regions)] AS region,
             lag(fen, 1, 0::bigint) OVER earlier AS fen_before,
             lag(regions[cardinality(regions)]) OVER earlier AS region_before
           FROM version WINDOW earlier AS (PARTITION BY customer_id, source, root ORDER BY version, payment_id)
         ), effect AS (
           SELECT customer_id, operation, moved.region, moved.fen FROM step CROSS JOIN LATERAL (
             SELECT region, fen WHERE operation = ${NEW}
             UNION ALL SELECT region_before, fen_before WHERE operation = ${CANCEL}
             UNION ALL SELECT region, fen - fen_before WHERE operation = ${CORRECT} AND region = region_before
             UNION ALL SELECT region_before, -fen_before WHERE operation = ${CORRECT} AND region IS DISTINCT FROM region_before
             UNION ALL SELECT region, fen WHERE operation = ${CORRECT} AND region IS DISTINCT FROM region_before
           ) moved (region, fen)
           WHERE ${OF_DAY}
         )
         SELECT e.region AS "takenIn", p.region AS "accountIn", ${tallied('payments', NEW)},
           ${tallied('corrections', CORRECT)}, ${tallied('reversals', CANCEL)}
         FROM effect e JOIN customers.profile p ON p.customer_id = e.customer_id AND p.region <> e.region
         WHERE $2::text[] IS NULL OR e.region = ANY($2) OR p.region = ANY($2)
         GROUP BY e.region, p.region ORDER BY e.region, p.region`,
        [`${date}T00:00:00+08:00`, provinces ?? null],
      ),
    );
    return pairsOf(rows.map(takenFor));
  }
}

const takenFor = (row: Row): TakenFor => ({
  takenIn: row.takenIn,
  accountIn: row.accountIn,
  payments: { count: row.payments, sumFen: row.paymentsFen },
  corrections: { count: row.corrections, sumFen: row.correctionsFen },
  reversals: { count: row.reversals, sumFen: row.reversalsFen },
});
