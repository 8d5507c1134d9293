import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/index.js';
import { normaliseMsisdn, PersonalData } from '../../platform/privacy/index.js';
import { ApplySubscriptions } from './application/apply-subscriptions.js';
import { FindBillingNames, type BillingName } from './application/billing-names.query.js';
import { CustomerSeals } from './application/customer-seals.js';
import { FindCustomers, type AccountNumber } from './application/find-customers.query.js';
import { lateSnapshots } from './application/late-snapshots.query.js';
import { maskedNames } from './application/masked-names.query.js';
import type { Profile } from './domain/profile.js';
import { CustomerNotFound } from './domain/refusals.js';
import type { AppliedSnapshot, SubscriptionSnapshot } from './domain/subscription-snapshot.js';
import { SubjectKeys } from './persistence/subject-keys.js';

/**
 * The front door of the customers module. Personal data does not leave through it, but for {@link billingNameOf} and what
 * is masked: ids and pseudonymous facts only.
 */
@Injectable()
export class CustomersFacade {
  constructor(
    private readonly applying: ApplySubscriptions,
    private readonly find: FindCustomers,
    private readonly personalData: PersonalData,
    private readonly subjectKeys: SubjectKeys,
    private readonly billingNames: FindBillingNames,
  ) {}

  /**
   * Takes over what BOSS says about numbers: opens archives, changes them, moves them to the retained archive (保留档案库)
   * with the last live number, and announces it. Set-wise: made for some thousands of snapshots per call.
   *
   * Idempotent, and independent of the order in which snapshots arrive. Answers one outcome per snapshot, in their order.
   * Call it once per transaction: it locks accounts, customers and numbers in a fixed order, which a second call would break.
   *
   * @param source BOSS system that sends (`[A-Z0-9]{2,12}`); an account number is unique within it.
   * @param asOf when the system learnt it.
   * @throws InvalidMsisdn when a number is none.
   */
  applySubscriptions(
    tx: Tx,
    source: string,
    snapshots: readonly SubscriptionSnapshot[],
    asOf: Date,
  ): Promise<readonly AppliedSnapshot[]> {
    return this.applying.execute(tx, source, snapshots, asOf);
  }

  /** The positions of snapshots that come too late: none may be applied (`late-snapshots.query.ts`). */
  lateSnapshots(tx: Tx, source: string, snapshots: readonly SubscriptionSnapshot[]): Promise<ReadonlySet<number>> {
    return lateSnapshots(tx, this.find, source, snapshots);
  }

  /** The key of a number in {@link NUMBER_DIRECTORY_VIEW}. @throws InvalidMsisdn */
  msisdnIndex(msisdn: string): Buffer {
    return this.personalData.blindIndex('msisdn', normaliseMsisdn(msisdn));
  }

  /** Whose a number is now. @throws InvalidMsisdn */
  findByMsisdn(msisdn: string): Promise<{ readonly customerId: string; readonly subscriptionId: string } | undefined> {
    return this.find.byNumber(this.msisdnIndex(msisdn));
  }

  /** Customer ids by account, in the order asked; `undefined` where no archive has that account. */
  resolveAccounts(accounts: readonly AccountNumber[], tx?: Tx): Promise<readonly (string | undefined)[]> {
    return this.find.byAccounts(accounts, tx);
  }

  /** Holders of numbers, in the order asked; `undefined` where nobody has or had that number. @throws InvalidMsisdn */
  resolveNumbers(
    msisdns: readonly string[],
    tx?: Tx,
  ): Promise<readonly ({ readonly customerId: string; readonly subscriptionId: string } | undefined)[]> {
    return this.find.byNumbers(
      msisdns.map((msisdn) => this.msisdnIndex(msisdn)),
      tx,
    );
  }

  /**
   * By what billing would name a customer in a record of this source, to write one in its stead. It goes into that record and
   * nowhere else. `undefined` when no number is left of the customer.
   */
  billingNameOf(customerId: string, source: string): Promise<BillingName | undefined> {
    return this.billingNames.of(customerId, source);
  }

  /** @throws CustomerNotFound */
  async profileOf(customerId: string, tx?: Tx): Promise<Profile> {
    const profile = await this.find.profile(customerId, tx);
    if (!profile) throw new CustomerNotFound();
    return profile;
  }

  /** The last characters of their account numbers, by customer; of customers without an account nothing. */
  maskedAccountsOf(customerIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return this.find.maskedAccounts(customerIds);
  }

  /** Names as screens show them (张*), by customer; of who was erased nothing. Who asks registers the look. */
  maskedNamesOf(reader: Pick<Tx, 'query'>, customerIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return maskedNames(reader, this.personalData, customerIds);
  }

  /** Whether these customers are one and the same person or company, by the document that each was registered with. */
  areOneParty(customerIds: readonly string[], tx?: Tx): Promise<boolean> {
    return this.find.areOneParty(customerIds, tx);
  }

  exists(customerId: string, tx?: Tx): Promise<boolean> {
    return this.find.exists(customerId, tx);
  }

  /** Opens what is sealed for these customers, in one statement for all of them. Ask before each use: whoever is erased is gone. */
  async sealsOf(reader: Pick<Tx, 'query'>, customerIds: readonly string[]): Promise<CustomerSeals> {
    return new CustomerSeals(this.personalData, await this.subjectKeys.find(reader, [...new Set(customerIds)]));
  }

  /** Seals what is written of these customers, too: secrets are made for those who have none, unless they were erased. */
  async sealsToWrite(tx: Tx, customerIds: readonly string[], at: Date): Promise<CustomerSeals> {
    const secrets = await this.subjectKeys.ensureUnlessErased(tx, [...new Set(customerIds)], at);
    return new CustomerSeals(this.personalData, secrets);
  }

  /** Serialises everything that is done for one customer in this transaction and others. @throws CustomerNotFound */
  async lockCustomer(tx: Tx, customerId: string): Promise<void> {
    if (!(await this.find.lock(tx, customerId))) throw new CustomerNotFound();
  }

  /** From now on the customer is in the portfolio of this member of the staff; of nobody, without one. */
  async assignManager(tx: Tx, customerId: string, staffId: string | undefined): Promise<void> {
    await tx.execute('UPDATE customers.customer SET manager_id = $2 WHERE customer_id = $1', [
      customerId,
      staffId ?? null,
    ]);
  }

  /** Ids of customers in the network, for examples and benchmarks; the same ones each time. */
  sampleIds(count: number): Promise<readonly string[]> {
    return this.find.sample(count);
  }

  /** Whether there is no customer at all yet. */
  isEmpty(): Promise<boolean> {
    return this.find.isEmpty();
  }
}
