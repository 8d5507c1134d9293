import { Injectable } from '@nestjs/common';
import { Settings } from '../../../platform/config/index.js';
import { Database, type Tx } from '../../../platform/database/index.js';

/** Usage and bills of one month side by side, of all customers together. */
export interface MonthAudit {
  readonly customers: number;
  readonly usageFeeFen: number;
  readonly billedUsageFen: number;
  /** Customers whose usage and bill differ by more than is tolerated. */
  readonly differing: number;
}

export interface MonthDifference {
  readonly customerId: string;
  readonly usageFeeFen: number;
  readonly billedUsageFen: number;
}

const WORST = 100;

/** What usage costs stands in these categories of a bill; fees by the month, discounts and what others charge do not. */
const SIDE_BY_SIDE = `
  side AS (
    SELECT customer_id, COALESCE(used.fen, 0) AS used, COALESCE(billed.fen, 0) AS billed
    FROM (SELECT customer_id, usage_fee_fen AS fen FROM usage.customer_month WHERE month = $1) used
      FULL JOIN (
        SELECT customer_id, sum(voice_fen + sms_fen + data_fen + roaming_fen + vas_fen)::bigint AS fen
        FROM usage.customer_bill WHERE cycle = $1 AND is_current GROUP BY customer_id) billed USING (customer_id)
  ), judged AS (
    SELECT *, abs(used - billed) > greatest($2::bigint, billed * $3::bigint / 100) AS differs FROM side
  )`;

/** Holds the fees of usage against the bills, customer by customer (月度核对, DOMAIN §4.3.18). */
@Injectable()
export class AuditMonth {
  constructor(
    private readonly database: Database,
    private readonly settings: Settings,
  ) {}

  /** @param month its first day */
  async summary(month: string, source: Pick<Tx, 'query'> = this.database): Promise<MonthAudit> {
    const [row] = await source.query<MonthAudit>(
      `WITH ${SIDE_BY_SIDE}
       SELECT count(*) AS customers, COALESCE(sum(used), 0)::bigint AS "usageFeeFen",
         COALESCE(sum(billed), 0)::bigint AS "billedUsageFen", count(*) FILTER (WHERE differs) AS differing
       FROM judged`,
      this.paramsOf(month),
    );
    if (!row) throw new Error('A sum without a row');
    return row;
  }

  /** Those that differ most, of whom the reader sees. */
  worst(month: string): Promise<readonly MonthDifference[]> {
    return this.database.query<MonthDifference & Record<string, unknown>>(
      `WITH ${SIDE_BY_SIDE}
       SELECT customer_id AS "customerId", used AS "usageFeeFen", billed AS "billedUsageFen" FROM judged
       WHERE differs ORDER BY abs(used - billed) DESC, customer_id LIMIT ${WORST}`,
      this.paramsOf(month),
    );
  }

  private paramsOf(month: string): readonly unknown[] {
    const { billToleranceFen, billTolerancePercent } = this.settings;
    return [month, billToleranceFen, billTolerancePercent];
  }
}
