import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../platform/clock/index.js';
import { Database, isId } from '../../../platform/database/index.js';
import {
  readPage,
  ResolvesCustomer,
  type CustomerResolver,
  type ListRequest,
  type Page,
} from '../../../platform/http/index.js';
import {
  statusOn,
  sumOf,
  type Precision,
  type PrecisionOfGroup,
  type TrialEntitlement,
} from '../domain/potential-customer.js';
import { PotentialCustomerNotFound } from '../domain/refusals-of-potential.js';
import {
  POTENTIAL_CUSTOMERS,
  potentialCustomerOf,
  precisionOf,
  trialOf,
  type KnownPotentialCustomer,
} from '../persistence/potential-customers.js';

export type FoundPotentialCustomer = KnownPotentialCustomer;

@ResolvesCustomer('potentialCustomer')
@Injectable()
export class FindPotentialCustomers implements CustomerResolver {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async customerOf(candidateId: string): Promise<string | undefined> {
    return (await this.known(candidateId))?.customerId;
  }

  /** With the status of today, whether or not it was written down. The resource may compare with `t.today`, the business day. */
  list<V extends object>(list: ListRequest, view: (found: KnownPotentialCustomer) => V): Promise<Page<V>> {
    const today = this.today();
    return readPage<KnownPotentialCustomer, V>(
      this.database,
      list,
      { ...POTENTIAL_CUSTOMERS, params: [today] },
      (found) => view({ ...found, status: statusOn(found, today) }),
    );
  }

  /** @throws PotentialCustomerNotFound */
  async one(candidateId: string): Promise<KnownPotentialCustomer> {
    const found = await this.known(candidateId);
    if (!found) throw new PotentialCustomerNotFound();
    return { ...found, status: statusOn(found, this.today()) };
  }

  trialOf(candidacy: Pick<KnownPotentialCustomer, 'customerId' | 'candidateId'>): Promise<readonly TrialEntitlement[]> {
    return trialOf(this.database, candidacy);
  }

  /**
   * Of those found in a month, how many held a level six months later; of those whom the actor may see.
   * @param month 'YYYY-MM'.
   */
  async precision(month: string): Promise<{ readonly total: Precision; readonly groups: readonly PrecisionOfGroup[] }> {
    const groups = await precisionOf(this.database, { month: `${month}-01`, today: this.today() });
    return { total: sumOf(groups), groups };
  }

  private known(candidateId: string): Promise<KnownPotentialCustomer | undefined> {
    return isId(candidateId)
      ? potentialCustomerOf(this.database, candidateId, this.today())
      : Promise.resolve(undefined);
  }

  private today(): string {
    return businessDate(this.clock.now());
  }
}
