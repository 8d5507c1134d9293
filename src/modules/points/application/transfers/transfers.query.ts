import { Injectable } from '@nestjs/common';
import { Database, isId } from '../../../../platform/database/index.js';
import { ResolvesCustomer, type CustomerResolver } from '../../../../platform/http/index.js';
import { TransferNotFound } from '../../domain/transfers/refusals-of-transfers.js';
import type { Transfer } from '../../domain/transfers/transfer.js';
import { transferWithId } from '../../persistence/transfers/transfers.js';

/** Transfers belong to their payer. */
@ResolvesCustomer('pointsTransfer')
@Injectable()
export class FindPointsTransfers implements CustomerResolver {
  constructor(private readonly database: Database) {}

  async customerOf(transferId: string): Promise<string | undefined> {
    return isId(transferId) ? (await transferWithId(this.database, transferId))?.customerId : undefined;
  }

  /** @throws TransferNotFound */
  async one(transferId: string): Promise<Transfer> {
    const transfer = isId(transferId) ? await transferWithId(this.database, transferId) : undefined;
    if (!transfer) throw new TransferNotFound();
    return transfer;
  }
}
