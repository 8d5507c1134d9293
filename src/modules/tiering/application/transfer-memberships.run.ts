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
import { CustomersFacade } from '../../customers/index.js';
import { GIVERS_DUE, transfersDue, transferWithId } from '../persistence/membership-transfers.js';
import { CarryOutTransfer } from './carry-out-transfer.js';

/** Carries out, each night, the transfers that have cooled off (身份转移). Who came first has done it; the second finds nothing to do. */
@DefinesRun()
@Injectable()
export class TransferMemberships implements RunDefinition {
  readonly kind = 'tiering.transfer-memberships';
  readonly describe = 'Carries out the transfers of memberships whose cooling-off is over.';
  readonly permission = 'tiering.run';
  // Few, and each holds two customers until its slice is done.
  readonly sliceSize: number = 50;
  readonly schedule = onceADay('20 0 * * *');

  constructor(
    private readonly customers: CustomersFacade,
    private readonly carrying: CarryOutTransfer,
    private readonly clock: Clock,
  ) {}

  population({ asOf }: Run): Population {
    return { sql: GIVERS_DUE, params: [asOf] };
  }

  async slice(tx: Tx, { asOf }: Run, slice: Slice): Promise<Counts> {
    const due = await transfersDue(tx, slice, asOf);
    const ends = due.flatMap(({ fromCustomerId, toCustomerId }) => [fromCustomerId, toCustomerId]);
    for (const customerId of [...new Set(ends)].sort()) await this.customers.lockCustomer(tx, customerId);
    const counts = { completed: 0, failed: 0 };
    for (const { transferId } of due) {
      const transfer = await transferWithId(tx, transferId, 'FOR UPDATE');
      if (transfer?.status !== 'cooling-off') continue;
      counts[await this.carrying.execute(tx, transfer, { today: asOf, now: this.clock.now() })] += 1;
    }
    return counts;
  }

  finish(_: Tx, { asOf }: Run, { completed = 0, failed = 0 }: Counts): Promise<Outcome> {
    const summary = { completed, failed };
    const checksum = createHash('sha256')
      .update(JSON.stringify([asOf, summary]))
      .digest('hex');
    return Promise.resolve({ checksum, summary });
  }
}
