import type { DataSource } from 'typeorm';
import { AssessChurn } from '../../../src/modules/analytics/application/assess-churn.run.js';
import { ReassessChurn } from '../../../src/modules/analytics/application/reassess-churn.run.js';
import { newId } from '../../../src/platform/database/index.js';
import { carryOutRun } from '../../support/carry-out-run.js';
import { TestClock } from '../../support/clock.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { keepLateChange } from '../usage/support/late-change.js';
import { keepCustomers, monthsBack } from './facts.js';

const usual = { net_spend_fen: 10_000, voice_mo_sec: 600, voice_mt_sec: 600, data_kb: 5_000_000, sms: 5, calls: 60 };
const usualMonths = Array.from({ length: 5 }, () => usual);
const worried = { ...usual, mnp_queries: 1, net_spend_fen: 0 };

describe('churn scores after figures of closed months have changed', () => {
  const clock = new TestClock('2026-02-06T04:30:00+08:00');
  let db: TestDatabase;
  let source: DataSource;

  beforeEach(async () => {
    db = await createTestDatabase();
    source = await db.dataSource();
  });
  afterEach(() => db.drop());

  const assess = () => carryOutRun(source, new AssessChurn(clock), { key: 'monthly 2026-02-01', asOf: '2026-02-01' });
  const reassess = (key: string) => carryOutRun(source, new ReassessChurn(clock), { key, asOf: '2026-02-20' });
  const scores = () => db.query('SELECT * FROM analytics.churn_score ORDER BY customer_id');

  it('[promise 5] are made anew for the customers of the intake alone, as of the day of the last assessment', async () => {
    const [late, other] = [newId(), newId()];
    await keepCustomers(db, [
      { customerId: late, months: monthsBack(worried, ...usualMonths) },
      { customerId: other, months: monthsBack(worried, ...usualMonths) },
    ]);
    const { runId } = await assess();
    const before = await scores();
    await db.query(`UPDATE usage.customer_month SET net_spend_fen = 10000`);
    const intakeId = await keepLateChange(db, [{ customerId: late, month: '2026-01-01' }]);
    const run = await reassess(intakeId);
    expect(run).toMatchObject({ status: 'completed', counts: { rescored: 1 } });

    const after = await scores();
    expect(after.find(({ customer_id: id }) => id === other)).toEqual(
      before.find(({ customer_id: id }) => id === other),
    );
    const [old] = before.filter(({ customer_id: id }) => id === late);
    const [made] = after.filter(({ customer_id: id }) => id === late);
    expect(made).toMatchObject({ as_of: '2026-02-01', run_id: run.runId });
    expect(Number(made?.['risk'])).toBeLessThan(Number(old?.['risk']));
    const history = await db.query('SELECT * FROM analytics.replaced_score');
    expect(history).toEqual([
      { ...old, run_id: runId, replaced_by: run.runId, intake_id: intakeId, replaced_at: clock.now() },
    ]);

    // Told again, it is the same run; carried out again, it finds nothing to change.
    await reassess(intakeId);
    expect((await reassess(`${intakeId}.2`)).counts).toEqual({});
    expect([await scores(), await db.query('SELECT * FROM analytics.replaced_score')]).toEqual([after, history]);
  });

  it('[promise 5] keep in the history what was said of somebody who shows no sign any more', async () => {
    const customerId = newId();
    await keepCustomers(db, [{ customerId, months: monthsBack(worried, ...usualMonths) }]);
    await assess();
    await db.query(`UPDATE usage.customer_month SET net_spend_fen = 10000, mnp_queries = 0`);
    expect(await reassess(await keepLateChange(db, [{ customerId, month: '2026-01-01' }]))).toMatchObject({
      counts: { cleared: 1 },
    });
    expect(await scores()).toEqual([]);
    expect(await db.query('SELECT FROM analytics.replaced_score')).toHaveLength(1);
  });

  it('wait for the first assessment of everybody', async () => {
    const customerId = newId();
    await keepCustomers(db, [{ customerId, months: monthsBack(worried, ...usualMonths) }]);
    expect(await reassess(await keepLateChange(db, [{ customerId, month: '2026-01-01' }]))).toMatchObject({
      counts: {},
    });
    expect(await scores()).toEqual([]);
  });
});
