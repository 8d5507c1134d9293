import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../platform/clock/index.js';
import { newId, Transaction } from '../../../platform/database/index.js';
import { PersonalData } from '../../../platform/privacy/index.js';
import { assertFacts, type Collected } from '../domain/main-facts.js';
import { keepFactSources } from '../persistence/fact-sources.js';
import { secretIn, SubjectKeys } from '../persistence/subject-keys.js';
import { sealedExtraContext, sealIdentity } from './sealed-values.js';

export interface NewCustomer {
  readonly partyKind: 'individual' | 'organization';
  readonly partyName: string;
  /** All that the client says of the customer; stored sealed, since nobody knows what is in it. */
  readonly extra: Readonly<Record<string, unknown>>;
  /** Where whoever opens it works; without it only the whole operator sees the customer. */
  readonly place?: {
    readonly region?: string | undefined;
    readonly branchCode?: string | undefined;
    readonly managerId?: string | undefined;
  };
  /** How it came to us. */
  readonly collected?: Omit<Collected, 'at'>;
}

/** Makes a customer that BOSS does not know yet: a prospect, or a group. */
@Injectable()
export class CreateCustomer {
  constructor(
    private readonly transaction: Transaction,
    private readonly personalData: PersonalData,
    private readonly subjectKeys: SubjectKeys,
    private readonly clock: Clock,
  ) {}

  /** @throws FactRefused, ConsentNeeded: nobody can have consented yet */
  execute({ partyKind, partyName, extra, place = {}, collected }: NewCustomer): Promise<string> {
    const now = this.clock.now();
    assertFacts({}, extra, { today: businessDate(now), consentsToProfile: false });
    const [customerId, partyId] = [newId(), newId()];
    return this.transaction.run(async (tx) => {
      const keys = await this.subjectKeys.make(tx, [customerId, partyId], now);
      const identity = sealIdentity(this.personalData, partyId, secretIn(keys, partyId), { name: partyName });
      const sealedExtra = this.personalData.seal(
        JSON.stringify(extra),
        sealedExtraContext(customerId),
        secretIn(keys, customerId),
      );
      await tx.execute(
        `INSERT INTO customers.customer
           (customer_id, party_id, kind, archive, status, opened_on, real_name, extra_sealed, version, created_at, updated_at,
            region, branch_code, manager_id)
         VALUES ($1, $2, $3, 'in-network', 'initialized', $4, false, $5, 1, $6, $6,
           coalesce($7, (SELECT c.region FROM customers.customer c WHERE c.branch_code = $8 LIMIT 1)), $8, $9)`,
        [
          customerId,
          partyId,
          partyKind === 'organization' ? 'group' : 'individual',
          businessDate(now),
          sealedExtra,
          now,
          place.region ?? null,
          place.branchCode ?? null,
          place.managerId ?? null,
        ],
      );
      // After the customer, since a party is seen by whoever sees a customer of it.
      await tx.execute(
        `INSERT INTO customers.party (party_id, kind, identity_sealed, precedence, updated_at) VALUES ($1, $2, $3, '', $4)`,
        [partyId, partyKind, identity, now],
      );
      const after = { ...extra, partyKind, partyName };
      tx.audit({ action: 'customers.create', objectType: 'Customer', objectId: customerId, customerId, after });
      if (collected) await keepFactSources(tx, customerId, {}, extra, { ...collected, at: now });
      return customerId;
    });
  }
}
