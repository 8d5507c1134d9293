import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import type { Tx } from '../../../platform/database/index.js';
import { Outbox } from '../../../platform/events/index.js';
import { HugeBillFound } from '../domain/events.js';
import { HUGE_ABOVE_TIMES, HUGE_LOOKS_BACK_MONTHS, NEWS_FOR_DAYS } from '../domain/huge-bill.js';

interface FoundRow {
  readonly customer_id: string;
  readonly source: string;
  readonly bill_no: string;
  readonly cycle: string;
  readonly payable_fen: number;
  readonly earlier_fen: number;
  readonly earlier_months: number;
}

/** Looks for bills out of all proportion (巨额话费) among those that intakes have brought, and those that are measured by them. */
@Injectable()
export class FindHugeBills {
  constructor(
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** @param isSilent history that is loaded afterwards: what is found in it is written down, and nobody is told, now or later. */
  async amongBillsOf(tx: Tx, intakeIds: readonly string[], isSilent: boolean): Promise<void> {
    const now = this.clock.now();
    const found = await tx.query<FoundRow>(
      `INSERT INTO usage.huge_bill (customer_id, source, first_bill_no, bill_no, cycle, payable_fen, earlier_fen, earlier_months,
         found_at, notice, next_try_at)
       SELECT b.customer_id, b.source, COALESCE(b.supersedes, b.bill_no), b.bill_no, b.cycle, b.payable_fen, earlier.fen, earlier.months,
         $2, CASE WHEN $3 OR b.issued_at < $2::timestamptz - interval '${NEWS_FOR_DAYS} days' THEN 'SILENT' ELSE 'DUE' END, $2
       FROM (SELECT DISTINCT customer_id, cycle FROM usage.customer_bill WHERE file_id = ANY($1::uuid[])) brought
         JOIN usage.customer_bill b ON b.customer_id = brought.customer_id AND b.is_current
           AND b.cycle BETWEEN brought.cycle AND brought.cycle + interval '${HUGE_LOOKS_BACK_MONTHS} months'
         CROSS JOIN LATERAL (
           SELECT COALESCE(sum(e.payable_fen), 0)::bigint AS fen, count(DISTINCT e.cycle)::int AS months FROM usage.customer_bill e
           WHERE e.customer_id = b.customer_id AND e.is_current
             AND e.cycle >= b.cycle - interval '${HUGE_LOOKS_BACK_MONTHS} months' AND e.cycle < b.cycle
         ) earlier
       WHERE earlier.months > 0 AND b.payable_fen > 0 AND b.payable_fen * earlier.months > ${HUGE_ABOVE_TIMES} * earlier.fen
       ORDER BY 1, 2, 3
       ON CONFLICT (customer_id, source, first_bill_no) DO NOTHING
       RETURNING customer_id, source, bill_no, cycle, payable_fen, earlier_fen, earlier_months`,
      [intakeIds, now, isSilent],
    );
    if (isSilent) return;
    await this.outbox.publishMany(
      tx,
      HugeBillFound,
      found.map((row) => ({
        customerId: row.customer_id,
        occurredAt: now,
        payload: {
          customerId: row.customer_id,
          source: row.source,
          billNo: row.bill_no,
          month: row.cycle,
          payableFen: row.payable_fen,
          meanFen: Math.floor(row.earlier_fen / row.earlier_months),
        },
      })),
    );
  }
}
