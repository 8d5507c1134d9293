import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
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
import { EVER_BILLED, snapshotArrears, totalArrears } from '../persistence/arrears-days.js';

/**
 * Who owed what when a day began, and for how long (欠费日快照; USG-05, ANA-08). Of a past day it says what we know of it now: money
 * that was reported late counts from when it was paid.
 */
@DefinesRun()
@Injectable()
export class SnapshotArrears implements RunDefinition {
  readonly kind = 'usage.arrears-snapshot';
  readonly describe = 'Records what every customer owed at the begin of a day, by how long it has been overdue.';
  readonly permission = 'analytics.run';
  readonly schedule = onceADay('10 3 * * *');

  population(): Population {
    return { sql: EVER_BILLED };
  }

  slice(tx: Tx, { asOf }: Run, slice: Slice): Promise<Counts> {
    return snapshotArrears(tx, slice, asOf);
  }

  async finish(tx: Tx, { asOf }: Run): Promise<Outcome> {
    await totalArrears(tx, asOf);
    const totals = await tx.query<{ overdue_fen: number; owing_customers: number }>(
      'SELECT * FROM usage.arrears_total WHERE as_of = $1 ORDER BY region, brand',
      [asOf],
    );
    return {
      checksum: createHash('sha256').update(JSON.stringify(totals)).digest('hex'),
      summary: {
        owingCustomers: totals.reduce((sum, { owing_customers: customers }) => sum + customers, 0),
        overdueFen: totals.reduce((sum, { overdue_fen: fen }) => sum + fen, 0),
      },
    };
  }
}
