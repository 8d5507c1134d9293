import { CloseMonth } from '../../../src/modules/usage/application/close-month.js';
import { AuditMonth } from '../../../src/modules/usage/application/audit-month.query.js';
import { SyncStatus } from '../../../src/modules/usage/application/sync-status.query.js';
import { aUsage, fileText, gzipped, usageFile, type FileParts } from './support/boss-file.js';
import { DAY, somebody, startReconciliation, type TestReconciliation } from './support/reconciliation.js';

const ANNA = somebody('anna');

describe('closing a month', () => {
  let world: TestReconciliation;
  let months: CloseMonth;
  let customerId: string;
  beforeEach(async () => {
    world = await startReconciliation([CloseMonth, AuditMonth, SyncStatus], {
      billToleranceFen: 100,
      billTolerancePercent: 1,
    });
    months = world.get(CloseMonth);
    customerId = await world.customer('13800000001');
    await world.db.query('UPDATE customers.customer SET main_subscription_id = customer_id');
    world.clock.time = new Date('2025-02-03T00:00:00+08:00');
  });
  afterEach(() => world.close());

  const load = async (file: { name: string; text: string }) => {
    expect(await world.files.execute(file.name, gzipped(file.text))).toMatchObject({ state: 'OK' });
  };
  const usage = (feeFen: number, parts: Partial<FileParts> = {}) =>
    load(
      usageFile([aUsage({ recordId: `U-${feeFen}`, feeFen })], {
        date: '20250131',
        createdAt: '2025-02-01T02:00:00+08:00',
        ...parts,
      }),
    );
  const bill = (voiceFen: number) => {
    const issued = '2025-02-01T02:00:00+08:00';
    return load(
      fileText({
        kind: 'BIL',
        date: '20250201',
        createdAt: '2025-02-01T03:00:00+08:00',
        lines: [
          `D|B-1|A-13800000001|13800000001|202501|5000|${voiceFen}|0|0|0|0|0|0|0|0|${5000 + voiceFen}|0|${5000 + voiceFen}|2025-02-20|${issued}|1|`,
        ],
        totals: { fee: 5000 + voiceFen, first: issued, last: issued },
      }),
    );
  };
  const closeDays = async () => {
    await world.reconcile();
    await world.closing.execute({ ...DAY, businessDate: '2025-01-31' }, 'even', ANNA);
  };

  it('[promise 18] holds usage against bills, customer by customer, and names who differs by more than is tolerated', async () => {
    await usage(1100);
    await bill(1000);
    const audit = world.get(AuditMonth);
    expect(await audit.summary('2025-01-01')).toEqual({
      customers: 1,
      usageFeeFen: 1100,
      billedUsageFen: 1000,
      differing: 0,
    });
    await usage(1, { sequence: 2 });
    expect(await audit.summary('2025-01-01')).toMatchObject({ usageFeeFen: 1101, differing: 1 });
    expect(await audit.worst('2025-01-01')).toEqual([{ customerId, usageFeeFen: 1101, billedUsageFen: 1000 }]);
  });

  it('[promise 18] tolerates a share of a large bill', async () => {
    await usage(100_000);
    await bill(101_000);
    expect(await world.get(AuditMonth).summary('2025-01-01')).toMatchObject({ differing: 0 });
  });

  it('[promise 18] is done when all days are closed and the bills are there, and stays done', async () => {
    await usage(1000);
    await expect(months.execute('2025-01', 'early', ANNA)).rejects.toMatchObject({
      facts: { openDays: 1, oldest: '2025-01-31' },
    });
    await closeDays();
    await expect(months.execute('2025-01', 'no bills', ANNA)).rejects.toThrow('bills of the month have not come');
    await bill(1000);
    const closed = await months.execute('2025-01', 'all is well', ANNA);
    expect(closed).toMatchObject({
      month: '2025-01-01', closed_by: 'anna', figures: { days: 1, customers: 1, usageFeeFen: 1000, billedUsageFen: 1000, differing: 0 },
    }); // prettier-ignore
    expect(await months.execute('2025-01', 'again', somebody('bert'))).toEqual(closed);
    await expect(world.closing.reopen({ ...DAY, businessDate: '2025-01-31' }, 'no more')).rejects.toThrow(
      'The month is closed',
    );
  });

  it('[promise 18] waits for a day that should have had a file and had none', async () => {
    await usage(1000);
    await bill(1000);
    await closeDays();
    await world.db.query(
      `UPDATE usage.source_feed SET expected_daily = true, expected_since = '2025-01-30', deadline = '08:00' WHERE kind = 'USG'`,
    );
    await expect(months.execute('2025-01', 'a hole', ANNA)).rejects.toMatchObject({
      facts: { openDays: 1, oldest: '2025-01-30' },
    });
  });

  it('[promise 18] is not done before the month is over in Shanghai', async () => {
    world.clock.time = new Date('2025-01-31T23:59:59.999+08:00');
    await expect(months.execute('2025-01', 'early', ANNA)).rejects.toThrow('not over');
  });

  it('[promise 18] is done once by two who try at once', async () => {
    await usage(1000);
    await bill(1000);
    await closeDays();
    const both = await Promise.all([
      months.execute('2025-01', 'a', ANNA),
      months.execute('2025-01', 'b', somebody('bert')),
    ]);
    expect(both[0]).toEqual(both[1]);
  });

  it('[promise 18] waits for records that are coming in at this moment', async () => {
    await usage(1000);
    await bill(1000);
    await closeDays();
    const coming = world.intakeUnderway();
    await coming.begun;
    await expect(months.execute('2025-01', 'beside', ANNA)).rejects.toThrow('coming in at this moment');
    await coming.end();
    expect(await months.execute('2025-01', 'after', ANNA)).toMatchObject({ month: '2025-01-01' });
  });

  it('[USG-10] shows on one page how each feed stands', async () => {
    await usage(1000);
    await usage(1001, { sequence: 3, date: '20250201' });
    await world.reconcile();
    expect(await world.get(SyncStatus).feeds()).toMatchObject([
      { source: 'BOSS', kind: 'USG', lagSeconds: 0, lastBusinessDate: '2025-02-01', openGapFrom: 2, openAlarms: 1, oldestOpenDay: '2025-01-31' },
    ]); // prettier-ignore
  });
});
