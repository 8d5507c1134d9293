import { Injectable } from '@nestjs/common';
import { Database } from '../../../platform/database/index.js';
import { dateOfDay } from './month-sums.js';

const DAY_MS = 86_400_000;

/** May do one thing: insert into a month itself (migration 1763900300001). COPY takes no table with row-level security. */
export const INTAKE_ROLE = 'guibin_intake';

/** The table of one month, given by its first day. */
export const partitionOf = (table: string, day: number): string => {
  const month = dateOfDay(day);
  return `${table}_${month.slice(0, 4)}${month.slice(5, 7)}`;
};

/** Sees to it that the months to which an intake may add are there. */
@Injectable()
export class MonthPartitions {
  constructor(private readonly database: Database) {}

  /** Makes the months from `daysBack` before a time to the month after it. */
  async ensureAround(epochMs: number, daysBack: number): Promise<void> {
    await this.open(
      `SELECT generate_series(date_trunc('month', $1::timestamptz AT TIME ZONE 'Asia/Shanghai'),
         $2::timestamptz AT TIME ZONE 'Asia/Shanghai', interval '1 month')::date AS month`,
      [new Date(epochMs - (daysBack + 1) * DAY_MS), new Date(epochMs + 31 * DAY_MS)],
    );
  }

  /** Makes some months, given by their first days since 1970-01-01. */
  async ensure(days: readonly number[]): Promise<void> {
    await this.open('SELECT unnest($1::date[]) AS month', [days.map(dateOfDay)]);
  }

  /** Each in a transaction of its own, and none in that of the intake: others may want the same month at once. */
  private async open(months: string, params: readonly unknown[]): Promise<void> {
    const missing = await this.database.query<{ month: string }>(
      `SELECT month FROM (${months}) wanted, format('usage.usage_record_%s', to_char(month, 'YYYYMM')) AS partition
       WHERE to_regclass(partition) IS NULL OR NOT has_table_privilege('${INTAKE_ROLE}', to_regclass(partition), 'INSERT')
       ORDER BY month`,
      params,
    );
    for (const { month } of missing) await this.database.query('SELECT usage.open_month($1::date)', [month]);
  }
}
