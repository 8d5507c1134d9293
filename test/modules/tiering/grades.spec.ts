import {
  ClassifyCustomers,
  GradeByProgram,
  GradeCredit,
  GradeStars,
  ValueCustomers,
} from '../../../src/modules/tiering/application/grade-customers.run.js';
import { decide } from '../../../src/modules/tiering/domain/decide.js';
import { metricsReadBy, tierMetrics } from '../../../src/modules/tiering/domain/metrics.js';
import { gotone2026 } from '../../../src/modules/tiering/domain/gotone-2026.js';
import type { Standing } from '../../../src/modules/tiering/domain/movement.js';
import { ratedKind } from '../../../src/modules/tiering/domain/program.js';
import type { RuleSetBody } from '../../../src/modules/tiering/domain/rule-set.js';
import { profileSql, readFacts } from '../../../src/modules/tiering/persistence/customer-facts.js';
import { rulesInEffect } from '../../../src/modules/tiering/persistence/rule-sets.js';
import { Database, newId, Transaction, type Tx } from '../../../src/platform/database/index.js';
import { RunParametersRefused, type Run } from '../../../src/platform/queues/index.js';
import type { MeasuredFacts } from '../../../src/platform/rules/index.js';
import { carryOutRun } from '../../support/carry-out-run.js';
import { TestClock } from '../../support/clock.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { keepBirthYear, keepCustomers, keepTier } from './facts.js';

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
      memberCount: 0,
      membersSpendFen: 0,
    });
    expect(profileSql(AS_OF, metricsReadBy(gotone2026))).not.toContain('JOIN');
  });
});

describe('grading everybody', () => {
  const clock = new TestClock('2026-02-06T03:00:00+08:00');
  let db: TestDatabase;
  let database: Database;

  beforeAll(async () => {
    db = await createTestDatabase();
    database = new Database(await db.dataSource());
    await new Transaction(await db.dataSource()).run(settle);
  });
  afterAll(() => db.drop());

  /** Sixty customers who differ in all that the rules ask about. */
  async function settle(tx: Tx): Promise<void> {
    const people = Array.from({ length: 60 }, (_, i) => ({ customerId: newId(), i }));
    await keepCustomers(
      tx,
      people.map(({ customerId, i }) => ({
        customerId,
        activatedOn: i % 9 === 0 ? '2025-09-01' : `20${10 + (i % 15)}-03-01`,
        simKind: i % 13 === 0 ? 'SECONDARY' : 'MAIN',
        contractEndsOn: i % 4 === 0 ? '2027-01-01' : null,
        months: Array.from({ length: 12 }, (_, m) => ({
          month: m === 11 ? '2026-01-01' : `2025-${String(m + 2).padStart(2, '0')}-01`,
          netSpendFen: 1_000 * i + (m >= 9 ? 700 : 0),
          twoWaySuspensions: i % 7 === 0 && m < 4 ? 1 : 0,
        })),
      })),
    );
    for (const { customerId, i } of people) {
      if (i % 3 === 0) await keepTier(tx, customerId, i % 2 === 0 ? 'SILVER' : 'ORDINARY');
      await keepBirthYear(tx, customerId, 1990 + ((i * 3) % 25));
      if (i % 2 === 0) await keepBill(tx, customerId, { cycle: '2025-10-01', paidOn: '2025-11-15' });
      if (i % 5 === 0) await keepBill(tx, customerId, { cycle: '2025-11-01', paidOn: '2026-01-05' });
      if (i % 6 === 0) await keepBill(tx, customerId, { cycle: '2025-12-01' });
      if (i % 8 === 0) await keepOverdue(tx, customerId, 3_000 * i);
      await tx.execute(
        `UPDATE usage.customer_month SET data_kb = $2::bigint * 1048576, voice_mo_sec = $2::bigint * 500, one_way_suspensions = $3 WHERE customer_id = $1`,
        [customerId, (i * 7) % 60, i % 11 === 0 ? 1 : 0],
      );
      if (i % 10 === 0)
        await tx.execute(`UPDATE customers.customer SET kind = 'group' WHERE customer_id = $1`, [customerId]);
    }
    await keepFraudCase(
      tx,
      'F-1',
      people.filter(({ i }) => i % 12 === 1).map(({ customerId }) => customerId),
    );
  }

  const definitions = {
    STAR: new GradeStars(clock),
    CREDIT: new GradeCredit(clock),
    CLASS: new ClassifyCustomers(clock),
    VALUE: new ValueCustomers(clock),
  };
  const grade = async (program: string, key = 'first'): Promise<Run> => {
    const source = await db.dataSource();
    return program in definitions
      ? carryOutRun(source, definitions[program as keyof typeof definitions], { key, asOf: AS_OF })
      : carryOutRun(source, new GradeByProgram(clock), {
          key: `${program} ${key}`,
          asOf: AS_OF,
          parameters: { program },
        });
  };

  it.each([
    ['[TIER-14]', 'STAR', 5],
    ['[CUS-22]', 'CREDIT', 4],
    ['[CUS-19]', 'CLASS', 4],
    ['[CUS-23]', 'VALUE', 3],
    ['[CUS-20]', 'POTENTIAL', 2],
    ['[CUS-28]', 'MZONE_TARGET', 1],
  ])('%s gives everybody the level that the rules of %s give to one', async (_, program, levelsAtLeast) => {
    const run = await grade(program);
    expect(run).toMatchObject({ status: 'completed', ruleVersion: `${program}-2026.1` });
    const { everywhere } = await rulesInEffect(database, { program, asOf: AS_OF });
    const people = await database.query<{
      customer_id: string;
      kind: string;
      tier: string | null;
      facts: MeasuredFacts;
      standing: Standing;
    }>(
      `SELECT p.customer_id, p.kind, l.tier, d.facts, d.standing FROM customers.profile p
       LEFT JOIN tiering.current_level l ON l.customer_id = p.customer_id AND l.program = $1
       LEFT JOIN tiering.tier_decision d ON d.customer_id = l.customer_id AND d.decision_id = l.decision_id`,
      [program],
    );
    const given = new Set<string>();
    for (const { customer_id: customerId, kind, tier, facts: kept, standing } of people) {
      if ((ratedKind(everywhere.kind) ?? kind) !== kind) {
        expect(tier).toBeNull();
        continue;
      }
      const facts = await readFacts(database, { customerId, body: everywhere.body, asOf: AS_OF });
      if (!facts) throw new Error('no facts');
      const decision = decide(everywhere, facts, { tier: undefined, isYearlyReview: true }, AS_OF);
      expect(tier ?? everywhere.scale.at(-1)).toBe(decision.tier);
      if (tier === null) continue;
      expect(decide(everywhere, kept, standing, AS_OF)).toEqual(decision);
      given.add(tier);
    }
    expect(people).toHaveLength(60);
    expect(given.size).toBeGreaterThanOrEqual(levelsAtLeast);
  });

  it('[CUS-19] gives the same levels again by the same facts, and announces none of them', async () => {
    const told = () => db.query(`SELECT event_id FROM platform.outbox ORDER BY position`);
    const before = { first: await grade('CLASS'), told: await told() };
    const again = await grade('CLASS', 'again');
    expect({ checksum: again.checksum, summary: again.summary }).toEqual({
      checksum: before.first.checksum,
      summary: before.first.summary,
    });
    expect(await told()).toEqual(before.told);
    expect(again.counts).toEqual({});
  });

  it('refuses to grade by card levels, or by nothing', () => {
    const run = new GradeByProgram(clock);
    expect(() => run.parametersFrom({ program: 'GOTONE' })).toThrow(RunParametersRefused);
    expect(() => run.parametersFrom({})).toThrow(RunParametersRefused);
    expect(run.parametersFrom({ program: 'POTENTIAL' })).toEqual({ program: 'POTENTIAL' });
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
