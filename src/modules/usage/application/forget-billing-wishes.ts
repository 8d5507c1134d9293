import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../platform/database/index.js';

/** What a customer who was erased wanted of the bills. What was billed and paid stays, under the pseudonymous id. */
@Injectable()
export class ForgetBillingWishes {
  async ofCustomer(tx: Tx, customerId: string): Promise<void> {
    await tx.execute('DELETE FROM usage.itemised_list WHERE customer_id = $1', [customerId]);
    await tx.execute('DELETE FROM usage.bill_preference WHERE customer_id = $1', [customerId]);
  }
}
