import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import type { Tx } from '../../../platform/database/index.js';
import {
  DefinesRun,
  onceADay,
  type Counts,
  type Outcome,
  type Population,
  type Run,
  type RunDefinition,
  type Slice,
} from '../../../platform/queues/index.js';
import { placeOrders } from '../persistence/handled-orders.js';
import { compareOrders } from './compare-orders.js';

/**
 * The daily business audit (业务稽核, USG-06): what halls and hotline have handled against what BOSS says. What matched is done with; what
 * differs is compared again each day until it matches or somebody has resolved it.
 */
@DefinesRun()
@Injectable()
export class AuditOrders implements RunDefinition {
  readonly kind = 'usage.audit-orders';
  readonly describe = 'Compares the business that was handled with what BOSS says of it.';
  readonly permission = 'usage.reconcile';
  // After the SUB files of the day before.
  readonly schedule = onceADay('30 6 * * *');
  readonly sliceSize: number = 5_000;

  constructor(private readonly clock: Clock) {}

  population(): Population {
    return {
      sql: `SELECT DISTINCT customer_id FROM usage.handled_order
            WHERE customer_id IS NOT NULL AND verdict IN ('PENDING', 'DIFFERENT', 'MISSING') AND resolved_at IS NULL`,
    };
  }

  async prepare(tx: Tx): Promise<Record<never, never>> {
    await placeOrders(tx);
    return {};
  }

  slice(tx: Tx, _: Run, { from, to }: Slice): Promise<Counts> {
    return compareOrders(tx, { from, to }, this.clock.now());
  }

  async finish(tx: Tx, _: Run, totals: Counts): Promise<Outcome> {
    const unplaced = await compareOrders(tx, 'nobody', this.clock.now());
    const summary = { ofCustomers: totals, ofNumbersUnknownToBoss: unplaced };
    return { checksum: createHash('sha256').update(JSON.stringify(summary)).digest('hex'), summary };
  }
}
