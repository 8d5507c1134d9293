import type { DataSource } from 'typeorm';
import { newId } from '../../../src/platform/database/index.js';
import { SnapshotArrears } from '../../../src/modules/usage/application/snapshot-arrears.run.js';
import { carryOutRun } from '../../support/carry-out-run.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { keepCustomers } from '../customers/facts.js';
import { keepBills, keepPayments } from './support/billing-facts.js';

describe('the arrears of a day', () => {
  let db: TestDatabase;
  let source: DataSource;
  beforeEach(async () => {
    db = await createTestDatabase();
    source = await db.dataSource();
  });
  afterEach(() => db.drop());

  const snapshot = (asOf: string, key = asOf) => carryOutRun(source, new SnapshotArrears(), { key, asOf });
  const owingSince = async (dueOn: string, payableFen = 1000, region = '440000'): Promise<string> => {
    const customerId = newId();
    await keepCustomers(db, [{ customerId, region }]);
    await keepBills(db, { customerId, billNo: `B-${customerId}`, cycle: '2025-11-01', payableFen, dueOn });
    return customerId;
  };
  const bucketOf = async (customerId: string): Promise<string | undefined> => {
    const [row] = await db.query<Record<string, number>>(
      `SELECT not_due_fen, overdue_0_30_fen, overdue_31_60_fen, overdue_61_90_fen, overdue_over_90_fen, overdue_fen
       FROM usage.arrears_ageing WHERE customer_id = $1`,
      [customerId],
    );
    const { overdue_fen: overdue, ...buckets } = row ?? {};
    const filled = Object.entries(buckets).filter(([, fen]) => fen !== 0);
    expect(filled.length).toBeLessThanOrEqual(1);
    if (row) expect(overdue).toBe(filled[0]?.[0] === 'not_due_fen' ? 0 : 1000);
    return filled[0]?.[0];
  };

  it.each([
    ['2026-02-01', 'not_due_fen'],
    ['2026-01-31', 'overdue_0_30_fen'],
    ['2026-01-02', 'overdue_0_30_fen'], // 30 days
    ['2026-01-01', 'overdue_31_60_fen'], // 31
    ['2025-12-03', 'overdue_31_60_fen'], // 60
    ['2025-12-02', 'overdue_61_90_fen'], // 61
    ['2025-11-03', 'overdue_61_90_fen'], // 90
    ['2025-11-02', 'overdue_over_90_fen'], // 91
  ])('[ANA-08] [USG-05] a bill that was due on %s stands as %s on 1 February', async (dueOn, bucket) => {
    const customerId = await owingSince(dueOn);
    await snapshot('2026-02-01');
    expect(await bucketOf(customerId)).toBe(bucket);
  });

  it('[USG-05] holds what was known to be paid when the day began, to the last second', async () => {
    const [before, after] = [await owingSince('2026-01-20'), await owingSince('2026-01-20')];
    await keepPayments(
      db,
      { customerId: before, paymentId: 'P-1', billNo: `B-${before}`, amountFen: 1000, paidAt: '2026-01-31T23:59:59.999+08:00' },
      { customerId: after, paymentId: 'P-2', billNo: `B-${after}`, amountFen: 1000, paidAt: '2026-02-01T00:00:00+08:00' },
    ); // prettier-ignore
    await snapshot('2026-02-01');
    expect([await bucketOf(before), await bucketOf(after)]).toEqual([undefined, 'overdue_0_30_fen']);
  });

  it('[USG-05] is the same however often it is made, and shows what was reported since', async () => {
    const customerId = await owingSince('2026-01-10');
    const first = await snapshot('2026-02-01');
    expect((await snapshot('2026-02-01', 'once more')).checksum).toBe(first.checksum);
    expect(await db.query('SELECT FROM usage.arrears_day')).toHaveLength(1);
    await keepPayments(db, { customerId, paymentId: 'P-1', amountFen: 1000, paidAt: '2026-01-25T10:00:00+08:00' });
    await snapshot('2026-02-01', 'after a late file');
    expect(await bucketOf(customerId)).toBeUndefined();
  });

  it('[ANA-08] is added up by province and brand, with what was recovered in 30 days', async () => {
    const paid = await owingSince('2025-12-20');
    await owingSince('2025-12-21', 3000);
    const writtenOff = await owingSince('2025-12-22', 500);
    await owingSince('2025-12-23', 700, '110000');
    await snapshot('2026-01-02');
    await keepPayments(db, {
      customerId: paid,
      paymentId: 'P-1',
      amountFen: 1000,
      paidAt: '2026-01-20T10:00:00+08:00',
    });
    await db.query(
      `INSERT INTO usage.arrears_record VALUES ($1, 'BOSS', 'A-1', 1, $1, 0, '2026-01-15', '2026-01-01', $2, '2025-12-01',
         '2025-12-22', 500, 0, 3, 1, NULL, true, '2026-01-15')`,
      [writtenOff, `B-${writtenOff}`],
    );
    await snapshot('2026-02-01');
    expect(
      await db.query(
        `SELECT region, brand, customers, owing_customers, overdue_fen, overdue_31_60_fen, earlier_overdue_fen, recovered_fen
         FROM usage.arrears_total WHERE as_of = '2026-02-01' ORDER BY region`,
      ),
    ).toEqual([
      {
        region: '110000', brand: 'GOTONE', customers: 1, owing_customers: 1, overdue_fen: 700, overdue_31_60_fen: 700,
        earlier_overdue_fen: 700, recovered_fen: 0,
      },
      {
        region: '440000', brand: 'GOTONE', customers: 3, owing_customers: 1, overdue_fen: 3000, overdue_31_60_fen: 3000,
        earlier_overdue_fen: 4500, recovered_fen: 1000,
      },
    ]); // prettier-ignore
  });
});

describe('how somebody pays', () => {
  let db: TestDatabase;
  beforeAll(async () => void (db = await createTestDatabase()));
  afterAll(() => db.drop());

  it('[USG-05] is read from what was settled when, whatever is open', async () => {
    const customerId = newId();
    const bill = (month: number, payableFen = 1000, paidFen = 0) => {
      const mm = String(month).padStart(2, '0');
      return { customerId, billNo: `B-${mm}`, cycle: `2025-${mm}-01`, payableFen, paidFen, dueOn: `2025-${mm}-20` };
    };
    await keepBills(db, bill(1), bill(2), bill(3, 1000, 1000), bill(4), bill(5, 0));
    const paidAt = (day: string): string => `2025-${day}:00+08:00`;
    await keepPayments(
      db,
      { customerId, paymentId: 'P-1', billNo: 'B-01', amountFen: 1000, paidAt: paidAt('01-20T23:59') },
      { customerId, paymentId: 'P-2', billNo: 'B-02', amountFen: 400, paidAt: paidAt('02-19T10:00') },
      {
        customerId,
        paymentId: 'P-3',
        amountFen: 600,
        paidAt: paidAt('02-23T00:00'),
        method: 'WECHAT',
        paidByOther: true,
      },
    );
    await db.query(
      `INSERT INTO usage.customer_month (customer_id, month, one_way_suspensions, two_way_suspensions) VALUES ($1, '2025-03-01', 1, 1)`,
      [customerId],
    );
    const [row] = await db.query('SELECT * FROM usage.payment_behaviour WHERE customer_id = $1', [customerId]);
    expect(row).toEqual({
      customer_id: customerId, settled_bills: 3, on_time_bills: 2, late_days: 3, written_off_bills: 0, billed_of_last_12: 4,
      settled_of_last_12: 3, suspensions: 2, payments: 3, payments_by_others: 1, payments_by_method: { CASH: 2, WECHAT: 1 },
      paid_fen: 2000, last_paid_at: new Date('2025-02-23T00:00:00+08:00'), last_paid_fen: 600,
    }); // prettier-ignore
  });
});
