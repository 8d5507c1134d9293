import { Injectable } from '@nestjs/common';
import { Database, isId } from '../../../platform/database/index.js';
import { nationalMsisdn, PersonalData, type SubjectSecret } from '../../../platform/privacy/index.js';
import { sealedNumberContext } from './sealed-values.js';

/** By what a record of billing names its customer. */
export interface BillingName {
  /** Eleven digits. */
  readonly msisdn: string;
  /** With this source; it decides before the number. */
  readonly accountNo: string | undefined;
}

@Injectable()
export class FindBillingNames {
  constructor(
    private readonly database: Database,
    private readonly personalData: PersonalData,
  ) {}

  async of(customerId: string, source: string): Promise<BillingName | undefined> {
    if (!isId(customerId)) return undefined;
    const [row] = await this.database.query<{
      subscription_id: string;
      msisdn_sealed: Buffer;
      secret: SubjectSecret | null;
      account_no: string | null;
    }>(
      `SELECT s.subscription_id, s.msisdn_sealed, k.secret, CASE WHEN c.source = $2 THEN c.account_no END AS account_no
       FROM customers.customer c
         JOIN customers.subscription s ON s.customer_id = c.customer_id
         LEFT JOIN vault.subject_key k ON k.subject_id = c.customer_id
       WHERE c.customer_id = $1
       ORDER BY s.subscription_id = c.main_subscription_id DESC NULLS LAST, s.subscription_id LIMIT 1`,
      [customerId, source],
    );
    if (!row) return undefined;
    const number = this.personalData.openIfKept(
      row.msisdn_sealed,
      sealedNumberContext(row.subscription_id),
      row.secret,
    );
    const msisdn = number && nationalMsisdn(number);
    return msisdn ? { msisdn, accountNo: row.account_no ?? undefined } : undefined;
  }
}
