import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { Database, isId } from '../../../platform/database/index.js';
import {
  readPage,
  ResolvesCustomer,
  type CustomerResolver,
  type ListRequest,
  type Page,
} from '../../../platform/http/index.js';
import { transferStatusAt, type MembershipTransfer } from '../domain/membership-transfer.js';
import { TransferNotFound } from '../domain/refusals-of-transfers.js';
import { TRANSFER_COLUMNS, transferWithId } from '../persistence/membership-transfers.js';

/** Transfers as they stand now; each is seen by whoever sees both customers. */
@ResolvesCustomer('membershipTransfer')
@Injectable()
export class FindTransfers implements CustomerResolver {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async customerOf(transferId: string): Promise<string | undefined> {
    return isId(transferId) ? (await transferWithId(this.database, transferId))?.fromCustomerId : undefined;
  }

  /** @throws TransferNotFound */
  async one(transferId: string): Promise<MembershipTransfer> {
    const transfer = isId(transferId) ? await transferWithId(this.database, transferId) : undefined;
    if (!transfer) throw new TransferNotFound();
    return this.asOfNow(transfer);
  }

  list<View extends object>(list: ListRequest, view: (transfer: MembershipTransfer) => View): Promise<Page<View>> {
    const source = { select: TRANSFER_COLUMNS, from: 'tiering.membership_transfer t' };
    return readPage<MembershipTransfer, View>(this.database, list, source, (row) => view(this.asOfNow(row)));
  }

  private asOfNow(transfer: MembershipTransfer): MembershipTransfer {
    return { ...transfer, status: transferStatusAt(transfer, this.clock.now()) };
  }
}

/** The receiver of a transfer is a customer whose scope is looked at beside the giver's. */
@ResolvesCustomer('receiver')
@Injectable()
export class CustomerAsReceiver implements CustomerResolver {
  customerOf(customerId: string): Promise<string | undefined> {
    return Promise.resolve(isId(customerId) ? customerId : undefined);
  }
}
