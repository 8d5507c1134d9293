import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { Database, Transaction, type Tx } from '../../../platform/database/index.js';
import { CustomersFacade } from '../../customers/index.js';
import { UNSAID, type BillLanguage, type BillPreference } from '../domain/bill-preference.js';
import { PreferenceChanged } from '../domain/refusals-of-billing.js';

@Injectable()
export class BillPreferences {
  constructor(
    private readonly database: Database,
    private readonly transaction: Transaction,
    private readonly customers: CustomersFacade,
    private readonly clock: Clock,
  ) {}

  of(customerId: string, reader: Pick<Tx, 'query'> = this.database): Promise<BillPreference> {
    return preferenceOf(reader, customerId);
  }

  /**
   * @param expectedVersion the version that the change was made from; without it, whatever stands.
   * @throws CustomerNotFound, PreferenceChanged, and what `decide` throws.
   */
  change(
    customerId: string,
    decide: (before: BillPreference) => Omit<BillPreference, 'version'>,
    expectedVersion: number | undefined,
  ): Promise<BillPreference> {
    return this.transaction.run(async (tx) => {
      await this.customers.lockCustomer(tx, customerId);
      const before = await preferenceOf(tx, customerId);
      if (expectedVersion !== undefined && expectedVersion !== before.version) {
        throw new PreferenceChanged(expectedVersion, before.version);
      }
      const { layout, channel, language } = decide(before);
      const after = { layout, channel, language, version: before.version + 1 };
      await tx.execute(
        `INSERT INTO usage.bill_preference (customer_id, layout, channel, language, version, changed_at)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (customer_id) DO UPDATE SET layout = EXCLUDED.layout, channel = EXCLUDED.channel,
           language = EXCLUDED.language, version = EXCLUDED.version, changed_at = EXCLUDED.changed_at`,
        [customerId, layout, channel, language, after.version, this.clock.now()],
      );
      tx.audit({
        action: 'billing.change-preference',
        objectType: 'BillPreference',
        objectId: customerId,
        customerId,
        ...(before.version > 0 && { before }),
        after,
      });
      return after;
    });
  }
}

/** The language in which a customer wants the bill, and so all that is written to him; `undefined` when he never said. */
export async function languageOf(reader: Pick<Tx, 'query'>, customerId: string): Promise<BillLanguage | undefined> {
  const { language, version } = await preferenceOf(reader, customerId);
  return version === 0 ? undefined : language;
}

async function preferenceOf(reader: Pick<Tx, 'query'>, customerId: string): Promise<BillPreference> {
  const [row] = await reader.query<BillPreference>(
    'SELECT layout, channel, language, version FROM usage.bill_preference WHERE customer_id = $1',
    [customerId],
  );
  return row ?? UNSAID;
}
