import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { Database, Transaction } from '../../../platform/database/index.js';
import { PersonalData } from '../../../platform/privacy/index.js';
import { PERSONAL_PROFILE } from '../domain/consent.js';
import { CONSENTED_FACTS, withoutConsentedFacts } from '../domain/main-facts.js';
import { FindCustomers } from './find-customers.query.js';
import { ReadCustomers } from './read-customers.query.js';
import { secretIn, SubjectKeys } from '../persistence/subject-keys.js';
import { sealedExtraContext } from './sealed-values.js';

const AT_ONCE = 500;

/** What was kept with a consent goes when the consent has gone: withdrawn, outdated by a new text, or ended with the service. */
@Injectable()
export class EraseFactsWithoutConsent {
  constructor(
    private readonly database: Database,
    private readonly transaction: Transaction,
    private readonly find: FindCustomers,
    private readonly read: ReadCustomers,
    private readonly personalData: PersonalData,
    private readonly subjectKeys: SubjectKeys,
    private readonly clock: Clock,
  ) {}

  /** Answers of how many customers facts were erased. */
  async execute(): Promise<number> {
    let erased = 0;
    for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
      const customers = await this.withoutConsent(after);
      for (const customerId of customers) if (await this.eraseOf(customerId)) erased += 1;
      const last = customers.at(-1);
      if (last === undefined || customers.length < AT_ONCE) return erased;
      after = last;
    }
  }

  private async withoutConsent(after: string): Promise<readonly string[]> {
    const rows = await this.database.query<{ customer_id: string }>(
      `SELECT DISTINCT f.customer_id FROM customers.fact_source f
       WHERE f.fact IN ('maritalStatus', 'workStatus') AND f.customer_id > $1
         AND NOT EXISTS (SELECT FROM customers.effective_consent e
           WHERE e.customer_id = f.customer_id AND e.purpose = $2)
       ORDER BY f.customer_id LIMIT ${AT_ONCE}`,
      [after, PERSONAL_PROFILE],
    );
    return rows.map((row) => row.customer_id);
  }

  /** Looks again under the lock: the customer may have said yes meanwhile. */
  private eraseOf(customerId: string): Promise<boolean> {
    return this.transaction.run(async (tx) => {
      const customer = (await this.find.lock(tx, customerId)) ? await this.read.one(customerId, tx) : undefined;
      if (!customer || customer.consentsToProfile) return false;
      const now = this.clock.now();
      if (!customer.isErased) {
        const secret = secretIn(await this.subjectKeys.ensure(tx, [customerId], now), customerId);
        const kept = JSON.stringify(withoutConsentedFacts(customer.extra));
        await tx.execute(
          `UPDATE customers.customer SET extra_sealed = $2, version = version + 1, updated_at = $3
           WHERE customer_id = $1`,
          [customerId, this.personalData.seal(kept, sealedExtraContext(customerId), secret), now],
        );
      }
      await tx.execute('DELETE FROM customers.fact_source WHERE customer_id = $1 AND fact = ANY($2::text[])', [
        customerId,
        CONSENTED_FACTS,
      ]);
      return true;
    });
  }
}
