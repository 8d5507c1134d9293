import { Injectable } from '@nestjs/common';
import { businessMonth, Clock } from '../../../platform/clock/index.js';
import { Database, newId, type Tx } from '../../../platform/database/index.js';
import { REGISTERED_IDS, type AccessEntry } from '../domain/access-entry.js';

/**
 * The register of reads of customer data (查阅登记, AUD-01), which the application can only add to. Wait for it before you answer: what
 * cannot be registered is not shown.
 */
@Injectable()
export class AccessRegister {
  private readonly openMonths = new Set<string>();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async record(tx: Tx | undefined, entry: AccessEntry): Promise<void> {
    const now = this.clock.now();
    const { actor, customerIds } = entry;
    await this.openMonth(now);
    // One statement is a transaction of its own; BEGIN and COMMIT around it would triple the price of a read.
    await (tx ?? this.database).query(
      `INSERT INTO organization.access_register
         (entry_id, occurred_at, actor_kind, actor_id, actor_role, unit_id, request_id, action, customer_ids, customer_count,
          field_groups, purpose, result)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
      [
        newId(),
        now,
        actor.kind,
        actor.id,
        actor.role,
        actor.unitId ?? null,
        actor.requestId,
        entry.action,
        customerIds.slice(0, REGISTERED_IDS),
        entry.customerCount ?? customerIds.length,
        entry.fieldGroups,
        entry.purpose ?? 'service',
        entry.result ?? 'granted',
      ],
    );
  }

  private async openMonth(now: Date): Promise<void> {
    const month = businessMonth(now);
    if (this.openMonths.has(month)) return;
    // Partitions begin in UTC: the first hours of a Shanghai month are still in the one before.
    for (const day of [`${now.toISOString().slice(0, 7)}-01`, `${month}-01`]) {
      await this.database.query(`SELECT platform.ensure_month_partition('organization', 'access_register', $1::date)`, [
        day,
      ]);
    }
    this.openMonths.add(month);
  }
}
