import { Transaction } from '../../../src/platform/database/index.js';
import { countingSql } from '../../../src/modules/usage/persistence/day-figures.js';
import { recordDifferencesSql, StatedRecords } from '../../../src/modules/usage/persistence/stated-records.js';
import { keyOf } from '../../../src/modules/usage/persistence/day-sheets.js';
import { DAY, startReconciliation, type TestReconciliation } from './support/reconciliation.js';

const RECORDS = 200_000;
const INTAKE = '019a0000-0000-7000-8000-0000000000aa';

interface Plan {
  readonly 'Node Type': string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly Plans?: readonly Plan[];
}

const stepsOf = (plan: Plan): readonly Plan[] => [plan, ...(plan.Plans ?? []).flatMap(stepsOf)];

describe('reconciling a large day', () => {
  let world: TestReconciliation;
  beforeAll(async () => {
    world = await startReconciliation();
    await world.db.query(`SELECT platform.ensure_month_partition('usage', 'usage_record', '2025-02-01'::date)`);
    await world.db.query(
      `INSERT INTO usage.intake (intake_id, source, kind, province, business_date, received_at)
       VALUES ($1, 'BOSS', 'USG', '440000', '2025-02-01', '2025-02-01T20:00:00Z')`,
      [INTAKE],
    );
    // Ten days of which one is looked at, as they came in.
    for (let day = 0; day < 10; day++) {
      await world.db.query(
        `INSERT INTO usage.usage_record (customer_id, file_id, event_time, recorded_at, content_hash, volume_kb, fee_fen, tax_fen,
           month, duration_sec, event_count, event_type, counterparty_class, operation, version, is_current, source, record_id)
         SELECT $1::uuid, $1::uuid, '2025-02-01', $2::timestamptz, n, 1, 20, 0, '2025-02-01', 61, 1, 1, 1, 1, 1, true, 'BOSS',
           'U-' || $3 || '-' || n FROM generate_series(1, $4::int) n`,
        [
          day === 5 ? INTAKE : `019a0000-0000-7000-8000-0000000001${day}0`,
          new Date(Date.parse('2025-02-01T20:00:00Z') + (day - 5) * 86_400_000),
          day,
          day === 5 ? RECORDS : RECORDS / 5,
        ],
      );
    }
    await world.db.query('VACUUM ANALYZE usage.usage_record');
  }, 120_000);
  afterAll(() => world.close());

  const explained = async (
    tx: { query: <R extends object>(sql: string, params?: readonly unknown[]) => Promise<R[]> },
    sql: string,
    params: readonly unknown[],
  ) => {
    const [row] = await tx.query<{ 'QUERY PLAN': readonly { Plan: Plan }[] }>(
      `EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) ${sql}`,
      params,
    );
    const plan = row?.['QUERY PLAN'][0]?.Plan;
    if (!plan) throw new Error('no plan');
    return stepsOf(plan);
  };
  /** No step is taken again for each record. */
  const mostLoops = (steps: readonly Plan[]): number => Math.max(...steps.map((step) => step['Actual Loops']));

  it('[promise 17] counts each record of the day once, and leaves those of other days alone', async () => {
    const steps = await world.get(Transaction).run(async (tx) => {
      const { sql, params } = await countingSql(tx, DAY.source, DAY.kind, [DAY.businessDate]);
      return explained(tx, sql, params);
    });
    expect(mostLoops(steps)).toBeLessThan(100);
    const read = steps
      .filter((step) => step['Node Type'].includes('Heap Scan'))
      .map((step) => step['Actual Rows'] * step['Actual Loops']);
    expect(Math.max(...read)).toBeLessThan(RECORDS * 1.5);
  });

  it('[promise 17] compares record by record by reading each side once', async () => {
    const steps = await world.get(Transaction).run(async (tx) => {
      const records = await StatedRecords.open(tx);
      for (let n = 1; n <= RECORDS; n++) {
        records.add(`U-5-${n}`, 1, { feeFen: n === 7 ? 21 : 20, minutes: 2, kb: 1 });
        if (records.isFull) await records.flush();
      }
      await records.flush();
      expect(await records.sums()).toEqual({
        records: RECORDS,
        feeFen: RECORDS * 20 + 1,
        minutes: RECORDS * 2,
        kb: RECORDS,
      });
      const found = await tx.query(recordDifferencesSql(DAY), keyOf(DAY));
      expect(found).toMatchObject([{ record_id: 'U-5-7', type: 'AMOUNT', theirs: 21, ours: 20, found: 1 }]);
      return explained(tx, recordDifferencesSql(DAY), keyOf(DAY));
    });
    expect(mostLoops(steps)).toBeLessThan(100);
    expect(steps.map((step) => step['Node Type'])).toEqual(
      expect.arrayContaining([expect.stringMatching(/Hash Join|Merge Join/)]),
    );
  });
});
