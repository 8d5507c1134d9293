import { Injectable } from '@nestjs/common';
import { Database } from '../../../platform/database/index.js';

const DAY_MS = 86_400_000;

/** Sees to it that the months to which a file may add are there. */
@Injectable()
export class MonthPartitions {
  constructor(private readonly database: Database) {}

  /**
   * Makes the months from `daysBack` before a time to the month after it. Not in the transaction of the intake: a new partition
   * locks the whole table, and two intakes that hold it already would wait for each other for ever.
   */
  async ensureAround(epochMs: number, daysBack: number): Promise<void> {
    await this.database.query(
      `SELECT platform.ensure_month_partition('usage', 'usage_record', month::date)
       FROM generate_series(date_trunc('month', $1::timestamptz AT TIME ZONE 'Asia/Shanghai'), $2::timestamptz AT TIME ZONE 'Asia/Shanghai',
         interval '1 month') AS month
       WHERE to_regclass(format('usage.usage_record_%s', to_char(month, 'YYYYMM'))) IS NULL`,
      [new Date(epochMs - (daysBack + 1) * DAY_MS), new Date(epochMs + 31 * DAY_MS)],
    );
  }
}
