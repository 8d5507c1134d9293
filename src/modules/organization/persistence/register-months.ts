import type { Pool } from 'pg';
import { businessMonth } from '../../../platform/clock/index.js';

/** The months of a register: each is a partition, made before its first line is written. */
export class RegisterMonths {
  private readonly open = new Set<string>();

  /** @param connection beside the pool: everybody who writes in a new month waits for it, and may hold the last of the pool. */
  constructor(
    private readonly connection: Pick<Pool, 'query'>,
    private readonly table: 'access_register' | 'audit_entry',
  ) {}

  async ensure(at: Date): Promise<void> {
    const month = businessMonth(at);
    if (this.open.has(month)) return;
    // Partitions begin in UTC: the first hours of a Shanghai month are still in the one before.
    for (const day of [`${at.toISOString().slice(0, 7)}-01`, `${month}-01`]) {
      await this.connection.query(`SELECT platform.ensure_month_partition('organization', $1, $2::date)`, [
        this.table,
        day,
      ]);
    }
    this.open.add(month);
  }
}
