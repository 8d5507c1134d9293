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
      const [member] = await tx.query(
        'SELECT FROM customers.group_member WHERE customer_id = $1 OR member_id = $1 LIMIT 1',
        [customerId],
      );
      if (member) throw new CustomerHasHistory();
      // The application may not delete customers; the function takes back only those that never had a number.
      const [answer] = await tx.query<{ done: boolean }>('SELECT customers.withdraw($1) AS done', [customerId]);
      if (!answer?.done) throw new CustomerHasHistory();
      tx.audit({ action: 'customers.withdraw', objectType: 'Customer', objectId: customerId, customerId });
    });
    return work.catch((error: unknown) => {
      // Another module refers to the customer: a ticket, a contact…
      throw error instanceof Error && 'code' in error && error.code === FOREIGN_KEY_VIOLATION
        ? new CustomerHasHistory()
        : error;
    });
  }
}
