import { Injectable } from '@nestjs/common';
import { Transaction } from '../../../platform/database/index.js';
import { CustomerHasHistory, CustomerNotFound } from '../domain/refusals.js';
import { FindCustomers } from './find-customers.query.js';

const FOREIGN_KEY_VIOLATION = '23503';

/** Takes back a customer that was made by API and has no history. Everybody else's data is kept (CUS-35). */
@Injectable()
export class WithdrawCustomer {
  constructor(
    private readonly transaction: Transaction,
    private readonly find: FindCustomers,
  ) {}

  /** @throws CustomerNotFound, CustomerHasHistory */
  execute(customerId: string): Promise<void> {
    const work = this.transaction.run(async (tx) => {
      if (!(await this.find.lock(tx, customerId))) throw new CustomerNotFound();
      const [gone] = await tx.query<{ party_id: string }>(
        `DELETE FROM customers.customer WHERE customer_id = $1 AND status = 'initialized' RETURNING party_id`,
        [customerId],
      );
      if (!gone) throw new CustomerHasHistory();
      await tx.execute('DELETE FROM customers.party WHERE party_id = $1', [gone.party_id]);
    });
    return work.catch((error: unknown) => {
      // Another module refers to the customer: a ticket, a contact…
      throw error instanceof Error && 'code' in error && error.code === FOREIGN_KEY_VIOLATION
        ? new CustomerHasHistory()
        : error;
    });
  }
}
