import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { Transaction } from '../../../platform/database/index.js';
import { PersonalData } from '../../../platform/privacy/index.js';
import { CustomerChanged, CustomerNotFound } from '../domain/refusals.js';
import { secretIn, SubjectKeys } from '../persistence/subject-keys.js';
import { FindCustomers } from './find-customers.query.js';
import { ReadCustomers, type OpenCustomer } from './read-customers.query.js';
import { sealedExtraContext } from './sealed-values.js';

/** Changes what a client may change of a customer; what BOSS says stays BOSS's. */
@Injectable()
export class ChangeCustomer {
  constructor(
    private readonly transaction: Transaction,
    private readonly find: FindCustomers,
    private readonly read: ReadCustomers,
    private readonly personalData: PersonalData,
    private readonly subjectKeys: SubjectKeys,
    private readonly clock: Clock,
  ) {}

  /**
   * @param decide the client's attributes after the change, from the customer before it.
   * @throws CustomerNotFound, CustomerChanged when `expectedVersion` is not the present one; what `decide` throws
   */
  execute(
    customerId: string,
    decide: (before: OpenCustomer) => Readonly<Record<string, unknown>>,
    expectedVersion?: number,
  ): Promise<OpenCustomer> {
    return this.transaction.run(async (tx) => {
      const before = (await this.find.lock(tx, customerId)) ? await this.read.one(customerId, tx) : undefined;
      if (!before) throw new CustomerNotFound();
      if (expectedVersion !== undefined && expectedVersion !== before.version) {
        throw new CustomerChanged(expectedVersion, before.version);
      }
      const extra = decide(before);
      const now = this.clock.now();
      const secret = secretIn(await this.subjectKeys.ensure(tx, [customerId], now), customerId);
      const sealed = this.personalData.seal(JSON.stringify(extra), sealedExtraContext(customerId), secret);
      await tx.execute(
        `UPDATE customers.customer SET extra_sealed = $2, version = version + 1, updated_at = $3 WHERE customer_id = $1`,
        [customerId, sealed, now],
      );
      return { ...before, extra, version: before.version + 1 };
    });
  }
}
