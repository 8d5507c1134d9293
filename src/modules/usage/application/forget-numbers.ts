import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../platform/database/index.js';
import { forgetSubscriptionRecords } from '../persistence/forgotten-lines.js';
import { forgetOrderNumbers } from '../persistence/handled-orders.js';
import { forgetExtras } from '../persistence/record-extras.js';

/** Forgets the numbers of a customer who was erased, and what of their records nobody knows the meaning of. Raw lines need no search: none is kept nearly as long as an identity. */
@Injectable()
export class ForgetNumbers {
  async ofCustomer(tx: Tx, customerId: string): Promise<void> {
    await forgetSubscriptionRecords(tx, customerId);
    await forgetOrderNumbers(tx, customerId);
    await forgetExtras(tx, customerId);
  }
}
