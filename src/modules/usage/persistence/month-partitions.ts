import { Injectable } from '@nestjs/common';
import { Database } from '../../../platform/database/index.js';

const DAY_MS = 86_400_000;

/** Sees to it that the months to which an intake may add are there. */
@Injectable()
export class MonthPartitions {
  constructor(private readonly database: Database) {}

  /**
   * Makes the months from `daysBack` before a time to the month after it. Each in a transaction of its own, and none in that of the
   * intake: a new month locks the whole table, and whoever held one lock while waiting for the next would deadlock with others.
   */
  async ensureAround(epochMs: number, daysBack: number): Promise<void> {
    const missing = await this.database.query<{ month: string }>(
      `SELECT month::date AS month
       FROM generate_series(date_trunc('month', $1::timestamptz AT TIME ZONE 'Asia/Shanghai'),
         $2::timestamptz AT TIME ZONE 'Asia/Shanghai', interval '1 month') AS month
       WHERE to_regclass(format('usage.usage_record_%s', to_char(month, 'YYYYMM'))) IS NULL`,
      [new Date(epochMs - (daysBack + 1) * DAY_MS), new Date(epochMs + 31 * DAY_MS)],
    );
    for (const { month } of missing) {
      await this.database.query(`SELECT platform.ensure_month_partition('usage', 'usage_record', $1::date)`, [month]);
    }
  }
}
