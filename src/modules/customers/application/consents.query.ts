import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { Database } from '../../../platform/database/index.js';
import { lastWord, standingOf, type ConsentStanding, type Purpose, type ConsentRecord } from '../domain/consent.js';
import { CustomerNotFound } from '../domain/refusals.js';
import { consentsOf } from '../persistence/consents.js';
import { processingPurposes } from '../persistence/purposes.js';

/** Where a customer stands with one purpose. */
export interface PurposeStanding extends ConsentStanding {
  readonly purpose: Purpose;
  readonly last: ConsentRecord | undefined;
}

@Injectable()
export class FindConsents {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  purposes(): Promise<readonly Purpose[]> {
    return processingPurposes(this.database);
  }

  /** One standing per purpose that needs consent. @throws CustomerNotFound */
  async standings(customerId: string): Promise<readonly PurposeStanding[]> {
    const [customer] = await this.database.query<{ isInNetwork: boolean }>(
      `SELECT archive = 'in-network' AS "isInNetwork" FROM customers.customer WHERE customer_id = $1`,
      [customerId],
    );
    if (!customer) throw new CustomerNotFound();
    const said = await consentsOf(this.database, customerId);
    const now = this.clock.now();
    return (await this.purposes())
      .filter(({ needsConsent }) => needsConsent)
      .map((purpose) => {
        const last = lastWord(said.filter((each) => each.purpose === purpose.code));
        return { purpose, last, ...standingOf(last, purpose, { now, ...customer }) };
      });
  }
}
