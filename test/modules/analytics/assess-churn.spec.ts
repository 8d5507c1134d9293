import fc from 'fast-check';
import type { DataSource } from 'typeorm';
import { AssessChurn } from '../../../src/modules/analytics/application/assess-churn.run.js';
import { churn2026 } from '../../../src/modules/analytics/domain/churn-2026.js';
import { churnMetrics } from '../../../src/modules/analytics/domain/churn-metrics.js';
import { rulesOf } from '../../../src/modules/analytics/domain/churn-rule-set.js';
import { scoreChurn } from '../../../src/modules/analytics/domain/score-churn.js';
import { AnalyticsFacade } from '../../../src/modules/analytics/index.js';
import { assessSlice } from '../../../src/modules/analytics/persistence/assess-slice.js';
import { readChurnFacts } from '../../../src/modules/analytics/persistence/churn-facts.js';
import { Database, newId, Transaction } from '../../../src/platform/database/index.js';
import { validateCondition, validateExpression } from '../../../src/platform/rules/index.js';
import { carryOutRun } from '../../support/carry-out-run.js';
import { TestClock } from '../../support/clock.js';
import { keepPayments } from '../usage/support/billing-facts.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { keepCustomers, monthsBack, type AnyCustomer } from './facts.js';

const AS_OF = '2026-02-01';
const usual = { net_spend_fen: 10_000, voice_mo_sec: 600, voice_mt_sec: 600, data_kb: 5_000_000, sms: 5, calls: 60 };
const usualMonths = Array.from({ length: 5 }, () => usual);

describe('the churn assessment', () => {
  let db: TestDatabase;
  let source: DataSource;

  beforeEach(async () => {
    db = await createTestDatabase();
    source = await db.dataSource();
  });
  afterEach(() => db.drop());

  const assess = (key: string, asOf = AS_OF) =>
    carryOutRun(source, new AssessChurn(new TestClock('2026-02-01T03:00:00+08:00')), { key, asOf });
  const scores = () =>
    db.query<{ customer_id: string; risk: number; band: string; codes: string[] }>(
      `SELECT customer_id, risk, band, jsonb_path_query_array(reasons, '$[*].code') AS codes FROM analytics.churn_score ORDER BY customer_id`,
    );

  it('ships flags that are valid rules', () => {
    const errors = rulesOf(churn2026).flatMap((rule) => {
      const isCondition = 'all' in rule || 'any' in rule || 'not' in rule || 'op' in rule;
      const checked = isCondition ? validateCondition(churnMetrics, rule) : validateExpression(churnMetrics, rule);
      return checked.ok ? [] : checked.errors;
    });
    expect(errors).toEqual([]);
  });

  // Each customer is a usual one but for what is named.
  const signs: readonly (readonly [code: string, weight: number, customer: Omit<AnyCustomer, 'customerId'>])[] = [
    ['MNP_CODE', 60, { months: monthsBack({ ...usual, mnp_codes: 1 }, ...usualMonths) }],
    ['MNP_QUERY', 35, { months: monthsBack({ ...usual, mnp_queries: 1 }, ...usualMonths) }],
    ['RIVAL_HOTLINE', 20, { months: monthsBack({ ...usual, rival_hotline_calls: 2 }, ...usualMonths) }],
    ['SPEND_DROP', 25, { months: monthsBack({ ...usual, net_spend_fen: 5_000 }, ...usualMonths) }],
    ['SPEND_DROP', 12, { months: monthsBack({ ...usual, net_spend_fen: 5_001 }, ...usualMonths) }],
    ['DATA_DROP', 10, { months: monthsBack({ ...usual, data_kb: 3_000_000 }, ...usualMonths) }],
    ['CALL_DROP', 12, { months: monthsBack({ ...usual, calls: 30 }, ...usualMonths) }],
    ['FORWARD_OFFNET', 30, { months: monthsBack({ ...usual, forwarded_calls: 19 }, ...usualMonths) }],
    ['SUSPEND', 8, { months: monthsBack(usual, usual, { ...usual, one_way_suspensions: 1 }, ...usualMonths) }],
    ['SUSPEND', 20, { months: monthsBack(usual, usual, usual, usual, { ...usual, two_way_suspensions: 3 }) }],
    ['ARREARS', 15, { unpaidSince: '2026-01-01', months: monthsBack(...usualMonths) }],
    ['ARREARS', 25, { unpaidSince: '2025-12-02', months: monthsBack(...usualMonths) }],
    ['CONTRACT_END', 20, { contractEndsOn: '2026-03-03', months: monthsBack(...usualMonths) }],
    ['CONTRACT_END', 10, { contractEndsOn: '2026-03-04', months: monthsBack(...usualMonths) }],
    ['DOWNGRADE', 20, { months: monthsBack({ ...usual, subscribed_package_fen: 5_899 }, ...usualMonths) }],
    ['BILL_DETAIL_QUERY', 6, { months: monthsBack({ ...usual, bill_detail_queries: 3 }, ...usualMonths) }],
  ];

  it('[ANA-18] comes by itself every month, for the first of the month, and waits for its bills', async () => {
    const definition = new AssessChurn(new TestClock('2026-02-01T03:00:00+08:00'));
    const due = definition.schedule?.due(new Date('2026-02-06T04:30:00+08:00'));
    expect(due).toEqual({
      key: 'monthly 2026-02-01',
      asOf: AS_OF,
      parameters: { onlyWithBillsOf: '2026-01-01' },
    });
    const start = () => carryOutRun(source, definition, { ...due, key: 'monthly', asOf: AS_OF });
    const [unbilled, ...before] = monthsBack({}, ...usualMonths);
    await keepCustomers(db, [{ customerId: newId(), months: [...before] }]);
    expect(await start()).toMatchObject({ status: 'failed', error: expect.stringContaining('month-not-loaded') });
    expect(await scores()).toEqual([]);
    await keepCustomers(db, [{ customerId: newId(), months: [{ month: unbilled?.month ?? '', spend_fen: 10_000 }] }]);
    expect(await start()).toMatchObject({ status: 'completed' });
  });

  it('[ANA-18] weighs each sign by itself, and raises none for whoever is as usual', async () => {
    const people = signs.map(([, , customer]) => ({ ...customer, customerId: newId() }));
    await keepCustomers(db, [...people, { customerId: newId(), months: monthsBack(...usualMonths) }]);
    await assess('first');
    expect(await scores()).toEqual(
      signs.map(([code, weight], i) => ({
        customer_id: people[i]?.customerId,
        risk: weight,
        band: weight >= 50 ? 'medium' : 'low',
        codes: [code],
      })),
    );
  });

  it('[ANA-18] adds signs up to 100, and tells once that the risk has become high', async () => {
    const silent = newId();
    await keepCustomers(db, [{ customerId: silent, months: monthsBack({ mnp_codes: 1 }, ...usualMonths) }]);
    expect((await assess('2026-02-01')).counts).toEqual({ raised: 1 });
    expect(await scores()).toEqual([
      expect.objectContaining({
        risk: 100,
        band: 'high',
        codes: ['TRIPLE_ZERO', 'DOUBLE_ZERO', 'SPEND_DROP', 'DATA_DROP', 'CALL_DROP', 'MNP_CODE'],
      }),
    ]);
    expect(await db.query('SELECT name, payload FROM platform.outbox')).toEqual([
      { name: 'analytics.ChurnRiskRaised', payload: { customerId: silent, risk: 100 } },
    ]);

    const before = await db.query('SELECT * FROM analytics.churn_score');
    expect((await assess('2026-02-01 once more')).counts).toEqual({});
    expect(await db.query('SELECT * FROM analytics.churn_score')).toEqual(before);
    expect(await db.query('SELECT FROM platform.outbox')).toHaveLength(1);
  });

  it('[USG-05] sees no arrears in a bill that was paid since it was issued', async () => {
    const [paid, owing] = [newId(), newId()];
    const both = [paid, owing].map((customerId) => ({
      customerId, unpaidSince: '2025-12-02', months: monthsBack({ ...usual, mnp_codes: 1 }, ...usualMonths),
    })); // prettier-ignore
    await keepCustomers(db, both);
    await keepPayments(db, {
      customerId: paid,
      paymentId: 'P-1',
      amountFen: 5_900,
      paidAt: '2026-01-05T10:00:00+08:00',
    });
    await assess('2026-02-01');
    const found = await scores();
    expect(Object.fromEntries(found.map(({ customer_id: id, codes }) => [id, codes.includes('ARREARS')]))).toEqual({
      [paid]: false,
      [owing]: true,
    });
  });

  it('forgets whoever has left, and whoever shows no sign any more', async () => {
    const [leaver, calmed] = [newId(), newId()];
    const worried = { ...usual, mnp_queries: 1, net_spend_fen: 0 };
    await keepCustomers(db, [
      { customerId: leaver, months: monthsBack(worried, ...usualMonths) },
      { customerId: calmed, months: monthsBack(worried, ...usualMonths) },
    ]);
    await assess('2026-02-01');
    expect(await new AnalyticsFacade(new Database(source)).summary(AS_OF)).toEqual({
      customersAtRisk: 2,
      // Two of the last three months were paid, a hundred yuan each: 200 yuan × 4.
      revenueAtRiskFen: 2 * 80_000,
    });
    await db.query(
      `UPDATE customers.customer SET archive = 'retained', status = 'terminated', closed_on = '2026-02-03' WHERE customer_id = $1`,
      [leaver],
    );
    await db.query(`UPDATE usage.customer_month SET mnp_queries = 0, net_spend_fen = 10000 WHERE customer_id = $1`, [
      calmed,
    ]);
    expect((await assess('2026-02-05', '2026-02-05')).counts).toEqual({ cleared: 2 });
    expect(await scores()).toEqual([]);
  });

  it('[ANA-18] scores a million as it explains one, whatever the facts', async () => {
    const few = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 4 }));
    const month = fc.record({
      net_spend_fen: fc.constantFrom(0, 3_000, 5_000, 7_000, 10_000),
      voice_mo_sec: fc.constantFrom(0, 0, 600),
      voice_mt_sec: fc.constantFrom(0, 0, 60),
      data_kb: fc.constantFrom(0, 0, 3_000, 5_000),
      sms: fc.constantFrom(0, 0, 5),
      calls: fc.constantFrom(0, 10, 20, 40),
      forwarded_calls: fc.constantFrom(0, 3, 4, 6, 7),
      rival_hotline_calls: few,
      mnp_queries: few,
      mnp_codes: few,
      bill_detail_queries: few,
      one_way_suspensions: few,
      two_way_suspensions: few,
      subscribed_package_fen: fc.constantFrom(null, 5_900, 8_800),
    });
    const day = fc
      .oneof(fc.constantFrom(0, 1, 29, 30, 31, 59, 60, 61), fc.integer({ min: -100, max: 100 }))
      .map((days) => new Date(Date.UTC(2026, 1, 1 + days)).toISOString().slice(0, 10));
    const customer = fc.record({
      months: fc.array(month, { maxLength: 6, size: 'max' }).map((months) => monthsBack(...months)),
      // Bills that fell due before the as-of day, or fall due after it.
      unpaidSince: fc.option(day.map((due) => `${due}`)),
      contractEndsOn: fc.option(day),
    });
    const transaction = new Transaction(source);
    const forget = new Error('only looked at');
    let scored = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(customer, { minLength: 60, maxLength: 60, size: 'max' }), async (drawn) => {
        const people = drawn.map((each) => ({ ...each, customerId: newId() }));
        await expect(
          transaction.run(async (tx) => {
            await keepCustomers(tx, people);
            await assessSlice(tx, {
              run: { runId: newId(), asOf: AS_OF },
              slice: { from: '00000000-0000-0000-0000-000000000000', to: 'ffffffff-ffff-ffff-ffff-ffffffffffff' },
              ruleSet: { version: '2026.1', body: churn2026 },
              assessedAt: new Date(),
            });
            for (const { customerId } of people) {
              const facts = await readChurnFacts(tx, { customerId, body: churn2026, asOf: AS_OF });
              if (!facts) throw new Error('no facts');
              const expected = scoreChurn(churn2026, facts, AS_OF);
              const [stored] = await tx.query(
                `SELECT risk, band, reasons, revenue_at_risk_fen AS "yearlyRevenueFen" FROM analytics.churn_score WHERE customer_id = $1`,
                [customerId],
              );
              expect(stored).toEqual(expected.risk === 0 ? undefined : expected);
              if (stored) scored += 1;
            }
            throw forget;
          }),
        ).rejects.toBe(forget);
      }),
      { numRuns: 8 },
    );
    expect(scored).toBeGreaterThan(200);
  });
});
