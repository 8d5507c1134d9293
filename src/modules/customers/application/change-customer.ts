import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../platform/clock/index.js';
import { Transaction } from '../../../platform/database/index.js';
import { PersonalData } from '../../../platform/privacy/index.js';
import { assertFacts, type Collected } from '../domain/main-facts.js';
import { CustomerChanged, CustomerIsErased, CustomerNotFound } from '../domain/refusals.js';
import { keepFactSources } from '../persistence/fact-sources.js';
import { secretIn, SubjectKeys } from '../persistence/subject-keys.js';
import { FindCustomers } from './find-customers.query.js';
import { ReadCustomers, type OpenCustomer } from './read-customers.query.js';
import { sealedExtraContext } from './sealed-values.js';

interface Change {
  readonly expectedVersion?: number | undefined;
  /** How what is new came to us. */
  readonly collected?: Omit<Collected, 'at'>;
}

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
   * @throws CustomerNotFound, CustomerIsErased, CustomerChanged when `expectedVersion` is not the present one, FactRefused,
   *   ConsentNeeded; what `decide` throws
   */
  execute(
    customerId: string,
    decide: (before: OpenCustomer) => Readonly<Record<string, unknown>>,
    { expectedVersion, collected }: Change = {},
  ): Promise<OpenCustomer> {
    return this.transaction.run(async (tx) => {
      const before = (await this.find.lock(tx, customerId)) ? await this.read.one(customerId, tx) : undefined;
      if (!before) throw new CustomerNotFound();
      if (before.isErased) throw new CustomerIsErased();
      if (expectedVersion !== undefined && expectedVersion !== before.version) {
        throw new CustomerChanged(expectedVersion, before.version);
      }
      const extra = decide(before);
      const now = this.clock.now();
      const { consentsToProfile, identity } = before;
      assertFacts(before.extra, extra, { today: businessDate(now), consentsToProfile, birthDate: identity.birthDate });
      const secret = secretIn(await this.subjectKeys.ensure(tx, [customerId], now), customerId);
      const sealed = this.personalData.seal(JSON.stringify(extra), sealedExtraContext(customerId), secret);
      await tx.execute(
        `UPDATE customers.customer SET extra_sealed = $2, version = version + 1, updated_at = $3 WHERE customer_id = $1`,
        [customerId, sealed, now],
      );
      tx.audit({
        action: 'customers.change',
        objectType: 'Customer',
        objectId: customerId,
        customerId,
        before: before.extra,
        after: extra,
      });
      if (collected) await keepFactSources(tx, customerId, before.extra, extra, { ...collected, at: now });
      return { ...before, extra, version: before.version + 1 };
    });
  }
}
