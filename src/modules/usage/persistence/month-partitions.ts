import { Injectable } from '@nestjs/common';
import { Database } from '../../../platform/database/index.js';
import { dateOfDay } from './month-sums.js';

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

  /**
   * Makes some months, given by their first days since 1970-01-01. Each in a transaction of its own, and none in that of the intake:
   * others may want the same month at once.
   */
  async ensure(days: readonly number[]): Promise<void> {
    const missing = await this.database.query<{ month: string }>(
      `SELECT month FROM unnest($1::date[]) AS month, format('usage.usage_record_%s', to_char(month, 'YYYYMM')) AS partition
       WHERE to_regclass(partition) IS NULL OR NOT has_table_privilege('${INTAKE_ROLE}', to_regclass(partition), 'INSERT')
       ORDER BY month`,
      [days.map(dateOfDay)],
    );
    for (const { month } of missing) await this.database.query('SELECT usage.open_month($1::date)', [month]);
  }
}
