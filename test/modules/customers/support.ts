import { Database, Transaction } from '../../../src/platform/database/index.js';
import { Outbox } from '../../../src/platform/events/index.js';
import { ApplySubscriptions } from '../../../src/modules/customers/application/apply-subscriptions.js';
import { FindBillingNames } from '../../../src/modules/customers/application/billing-names.query.js';
import { FindCustomers } from '../../../src/modules/customers/application/find-customers.query.js';
import { CustomersFacade } from '../../../src/modules/customers/customers.facade.js';
import { SubjectKeys } from '../../../src/modules/customers/persistence/subject-keys.js';
import { SubscriptionArchive } from '../../../src/modules/customers/persistence/subscription-archive.js';
import type { SubscriptionSnapshot } from '../../../src/modules/customers/index.js';
import type { TestDatabase } from '../../support/database.js';
import { personalDataOfNewKeys } from '../../support/serve.js';

export const NOW = new Date('2026-02-01T09:00:00+08:00');

export async function customersOn(db: TestDatabase) {
  const source = await db.dataSource();
  const database = new Database(source);
  const transaction = new Transaction(source);
  const personalData = personalDataOfNewKeys();
  const outbox = new Outbox({ now: () => NOW });
  const applying = new ApplySubscriptions(new SubscriptionArchive(), new SubjectKeys(), personalData, outbox);
  const facade = new CustomersFacade(
    applying,
    new FindCustomers(database),
    personalData,
    new SubjectKeys(),
    new FindBillingNames(database, personalData),
  );
  const apply = (...snapshots: readonly SubscriptionSnapshot[]) =>
    transaction.run((tx) => facade.applySubscriptions(tx, 'BOSS', snapshots, NOW));
  return { source, database, transaction, personalData, facade, apply, outbox };
}

export const aSnapshot = (changes: Partial<SubscriptionSnapshot> = {}): SubscriptionSnapshot => ({
  accountNo: 'A-1',
  msisdn: '13800138000',
  name: '张小明',
  idType: 'ID_CARD',
  idNumber: '440101198001011234',
  birthDate: '1980-01-01',
  brand: 'GOTONE',
  region: '440000',
  branchCode: '440100',
  activatedOn: '2020-05-01',
  status: 'ACTIVE',
  statusAt: new Date('2020-05-01T10:00:00+08:00'),
  tariffCode: 'GT128',
  packageFeeFen: 12_800,
  simKind: 'MAIN',
  contractEndsOn: undefined,
  realName: true,
  creditGrade: 'A',
  eventTime: new Date('2025-01-01T01:00:00+08:00'),
  version: 1,
  ...changes,
});

/** What is stored, without what differs from one database to the next: ids, seals and times of recording. */
export async function storedState(db: TestDatabase): Promise<unknown> {
  return db.query(`
    SELECT c.account_no, c.archive, c.status, c.region, c.brand, c.opened_on::text, c.closed_on::text, c.activated_on::text,
           c.sim_kind, c.tariff_code, c.package_fee_fen, c.contract_ends_on::text, c.real_name, c.credit_grade,
           pd.identity_index IS NOT NULL AS party_is_known, p.precedence AS party_precedence,
           (SELECT jsonb_agg(jsonb_build_array(encode(s.msisdn_index, 'hex'), s.status, s.status_at, s.activated_on, s.brand,
                    s.tariff_code, s.package_fee_fen, s.record_version, s.precedence,
                    (SELECT d.customer_id = c.customer_id FROM customers.msisdn_directory d WHERE d.msisdn_index = s.msisdn_index))
                    ORDER BY s.msisdn_index)
            FROM customers.subscription s WHERE s.customer_id = c.customer_id) AS subscriptions
    FROM customers.customer c
    JOIN customers.account_directory USING (customer_id)
    JOIN customers.party p USING (party_id) LEFT JOIN customers.party_directory pd USING (party_id)
    ORDER BY c.account_no`);
}
