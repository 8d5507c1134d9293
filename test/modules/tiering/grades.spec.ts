import { metricsReadBy, tierMetrics } from '../../../src/modules/tiering/domain/metrics.js';
import { gotone2026 } from '../../../src/modules/tiering/domain/gotone-2026.js';
import type { RuleSetBody } from '../../../src/modules/tiering/domain/rule-set.js';
import { profileSql, readFacts } from '../../../src/modules/tiering/persistence/customer-facts.js';
import { Database, newId, Transaction, type Tx } from '../../../src/platform/database/index.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { keepCustomers, keepTier } from './facts.js';

const AS_OF = '2026-02-01';

/** Reads every metric about the customer. */
const curious: RuleSetBody = {
  ...gotone2026,
  requirements: [...tierMetrics.values()]
    .filter(({ source }) => source === 'customer')
    .map(({ name, type }, i) => ({
      code: `G${i}`,
      label: { en: name, zh: name },
      condition: { metric: name, op: '!=', value: type === 'integer' ? 1 : type === 'text' ? 'x' : true },
    })),
};

describe('what rules may ask about a customer', () => {
  let db: TestDatabase;
  let database: Database;
  let transaction: Transaction;

  beforeAll(async () => {
    db = await createTestDatabase();
    database = new Database(await db.dataSource());
    transaction = new Transaction(await db.dataSource());
  });
  afterAll(() => db.drop());

  it('[CUS-22] holds payments, arrears, contract, age, card level and fraud only when a rule asks for them', async () => {
    const customerId = newId();
    await transaction.run(async (tx) => {
      await keepCustomers(tx, [{ customerId, contractEndsOn: '2026-07-15', activatedOn: '2020-02-01' }]);
      await keepTier(tx, customerId, 'GOLD');
      await keepBirthYear(tx, customerId, 2001);
      await keepBill(tx, customerId, { cycle: '2025-09-01', paidOn: '2025-10-31' });
      await keepBill(tx, customerId, { cycle: '2025-10-01', paidOn: '2025-11-30' });
      await keepBill(tx, customerId, { cycle: '2025-11-01', paidOn: '2026-01-01' });
      await keepBill(tx, customerId, { cycle: '2025-12-01' });
      await keepOverdue(tx, customerId, 5_000);
      await keepFraudCase(tx, 'F-1', [customerId, newId()]);
      await keepFraudCase(tx, 'F-2', [newId()]);
    });
    const facts = await readFacts(database, { customerId, body: curious, asOf: AS_OF });
    expect(facts?.customer).toEqual({
      tenureMonths: 72,
      simKind: 'MAIN',
      brand: 'GOTONE',
      realName: true,
      customerKind: 'individual',
      region: '440000',
      status: 'active',
      creditGrade: null,
      contractMonthsLeft: 5,
      age: 25,
      tierRank: 3,
      settledBills: 3,
      onTimePercent: 66,
      unsettledMonths: 1,
      writtenOffBills: 0,
      overdueBillsFen: 5_000,
      fraudCases: 1,
    });
    expect(profileSql(AS_OF, metricsReadBy(gotone2026))).not.toContain('JOIN');
  });
});

interface AnyBill {
  readonly cycle: string;
  /** undefined: it is open. */
  readonly paidOn?: string;
}

/** Of 50 yuan, issued on the 2nd and due on the last day of the month after its cycle. */
async function keepBill(tx: Tx, customerId: string, { cycle, paidOn }: AnyBill): Promise<void> {
  await tx.execute(
    `INSERT INTO usage.customer_bill (customer_id, source, bill_no, version, file_id, content_hash, cycle, monthly_fee_fen, voice_fen, sms_fen,
       data_fen, roaming_fen, vas_fen, collected_for_others_fen, discount_fen, gift_fen, adjustment_fen, payable_fen, paid_fen,
       arrears_fen, due_on, issued_at, is_current, recorded_at)
     SELECT $1, 'BOSS', 'B' || $2, 1, $1, 0, $2::date, 5000, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5000, 0, 5000,
       $2::date + interval '2 months - 1 day', $2::date + interval '1 month 1 day', true, $2::date + interval '1 month 1 day'`,
    [customerId, cycle],
  );
  if (paidOn === undefined) return;
  await tx.execute(
    `INSERT INTO usage.payment (customer_id, source, payment_id, version, file_id, content_hash, paid_at, month, amount_fen, method,
       paid_by_other, bill_no, operation, is_current, recorded_at)
     SELECT $1, 'BOSS', 'P' || $2, 1, $1, 0, ($3 || 'T12:00:00+08:00')::timestamptz, date_trunc('month', $3::date), 5000, 'CASH', false,
       'B' || $2, 1, true, $3::timestamptz`,
    [customerId, cycle, paidOn],
  );
}

async function keepBirthYear(tx: Tx, customerId: string, year: number): Promise<void> {
  await tx.execute(
    `INSERT INTO customers.party (party_id, kind, identity_sealed, precedence, updated_at, birth_year)
     SELECT party_id, 'individual', '', '', '2026-01-01', $2 FROM customers.customer WHERE customer_id = $1`,
    [customerId, year],
  );
}

async function keepOverdue(tx: Tx, customerId: string, overdueFen: number): Promise<void> {
  await tx.execute(`INSERT INTO usage.arrears_day VALUES ($1, '2026-01-31', 0, $2, 0, 0, 0, $2, 0, 1, '2026-01-31')`, [
    customerId,
    overdueFen,
  ]);
  await tx.execute(
    `INSERT INTO usage.arrears_total VALUES ('2026-01-31', '440000', 'GOTONE', 1, 1, 0, $1, 0, 0, 0, $1, 0, 0)
     ON CONFLICT DO NOTHING`,
    [overdueFen],
  );
}

async function keepFraudCase(tx: Tx, name: string, customerIds: readonly string[]): Promise<void> {
  await tx.execute(
    `INSERT INTO platform.run (run_id, kind, run_key, as_of, parameters) VALUES ($1, 'tiering.lower-for-fraud', $2, '2026-01-10', $3)`,
    [newId(), name, JSON.stringify({ customerIds })],
  );
}
