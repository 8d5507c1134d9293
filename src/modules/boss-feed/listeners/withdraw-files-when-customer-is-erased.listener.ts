import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../platform/database/index.js';
import { type Delivered, ListensTo, type SetWiseListener } from '../../../platform/events/index.js';
import { CustomerErased } from '../../customers/index.js';
import { WithdrawFiles } from '../application/withdraw-files.js';

interface Erased {
  readonly customerId: string;
}

@Injectable()
@ListensTo<Erased>(CustomerErased)
export class WithdrawFilesWhenCustomerIsErased implements SetWiseListener<Erased> {
  constructor(private readonly withdrawing: WithdrawFiles) {}

  handleAll(tx: Tx, events: readonly Delivered<Erased>[]): Promise<void> {
    return this.withdrawing.execute(
      tx,
      events.map(({ payload }) => payload.customerId),
    );
  }
}
