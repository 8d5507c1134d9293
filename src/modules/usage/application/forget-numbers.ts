import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../platform/database/index.js';
import { forgetSubscriptionRecords } from '../persistence/forgotten-lines.js';

/** Forgets the numbers of a customer who was erased. Raw lines need no search: none is kept nearly as long as an identity. */
@Injectable()
export class ForgetNumbers {
  async ofCustomer(tx: Tx, customerId: string): Promise<void> {
    await forgetSubscriptionRecords(tx, customerId);
  }
}
