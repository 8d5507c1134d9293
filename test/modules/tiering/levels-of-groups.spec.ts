import { LevelReports } from '../../../src/modules/tiering/application/level-reports.query.js';
import { GradeGroups } from '../../../src/modules/tiering/application/grade-customers.run.js';
import { ReviewTiers } from '../../../src/modules/tiering/application/review-tiers.run.js';
import { decide } from '../../../src/modules/tiering/domain/decide.js';
import type { MeasuredFacts } from '../../../src/platform/rules/index.js';
import { readFacts } from '../../../src/modules/tiering/persistence/customer-facts.js';
import { rulesInEffect } from '../../../src/modules/tiering/persistence/rule-sets.js';
import { Database, newId, Transaction, type Tx } from '../../../src/platform/database/index.js';
import { carryOutRun } from '../../support/carry-out-run.js';
import { TestClock } from '../../support/clock.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { keepCustomers, yearOf } from './facts.js';

const AS_OF = '2026-01-01';
const clock = new TestClock('2026-01-06T04:00:00+08:00');

/** As somebody of us opens it: without a number. */
async function keepGroup(tx: Pick<Tx, 'query'>, groupId: string): Promise<void> {
  await tx.query(
    `INSERT INTO customers.customer (customer_id, party_id, kind, archive, status, region, opened_on, real_name, version, created_at, updated_at)
     VALUES ($1, $1, 'group', 'in-network', 'initialized', '440000', '2024-01-01', false, 1, '2024-01-01', '2024-01-01')`,
    [groupId],
  );
}

async function keepMember(
  tx: Pick<Tx, 'query'>,
  { groupId, memberId, from = '2024-05-01', until = '9999-12-31' }: { groupId: string; memberId: string; from?: string; until?: string },
): Promise<void> {
  await tx.query(
    `INSERT INTO customers.group_member (customer_id, membership_id, member_id, joined_on, left_on, recorded_at)
     VALUES ($1, $2, $3, $4, $5, '2024-05-01')`,
    [groupId, newId(), memberId, from, until],
  );
} // prettier-ignore

describe('levels of groups', () => {
  let db: TestDatabase;
  let database: Database;
  const groups = { rich: newId(), large: newId(), small: newId(), empty: newId(), owing: newId() };
  const nobody = newId();

  beforeAll(async () => {
    db = await createTestDatabase();
    database = new Database(await db.dataSource());
    await new Transaction(await db.dataSource()).run(settle);
  });
  afterAll(() => db.drop());

  async function settle(tx: Tx): Promise<void> {
    for (const groupId of Object.values(groups)) await keepGroup(tx, groupId);
    // A person who spends as much as a group, and would be class A if persons were groups.
    await keepCustomers(tx, [{ customerId: nobody, months: yearOf(2025, 70_000_000) }]);
    const people = async (groupId: string, spends: readonly number[], left?: string): Promise<void> => {
      const members = spends.map((spend) => ({ customerId: newId(), months: yearOf(2025, spend) }));
      await keepCustomers(tx, members);
      for (const { customerId: memberId } of members) {
        await keepMember(tx, { groupId, memberId, ...(left !== undefined && { until: left }) });
      }
    };
    await people(groups.rich, [59_999_999, 1]);
    await people(
      groups.large,
      Array.from({ length: 50 }, () => 100),
    );
    await people(groups.small, [2_399_999]);
    // Who has left before the day counts no more, who leaves on a later day still does.
    await people(groups.small, [50_000_000], '2026-01-01');
    await people(groups.owing, [90_000_000], '2026-01-02');
    await tx.query(
      `INSERT INTO usage.arrears_day VALUES ($1, '2025-12-31', 0, 1000000, 0, 0, 0, 1000000, 0, 1, '2025-12-31')`,
      [groups.owing],
    );
    await tx.query(
      `INSERT INTO usage.arrears_total VALUES ('2025-12-31', '440000', 'GOTONE', 1, 1, 0, 1000000, 0, 0, 0, 1000000, 0, 0)`,
    );
  }

  const grade = async (key: string) => carryOutRun(await db.dataSource(), new GradeGroups(clock), { key, asOf: AS_OF });
  const levelsIn = async (program: string): Promise<Record<string, string>> =>
    Object.fromEntries(
      (
        await db.query<{ customer_id: string; tier: string }>(
          'SELECT customer_id, tier FROM tiering.current_level WHERE program = $1',
          [program],
        )
      ).map(({ customer_id: id, tier }) => [id, tier]),
    );

  it('[TIER-01] follow what the group and its members spend, how many they are, and what is owed', async () => {
    const run = await grade('first');
    expect(run).toMatchObject({ status: 'completed', ruleVersion: 'GROUP-2026.1', counts: { entered: 2 } });
    expect(run.progress.customersTotal).toBe(5);
    expect(await levelsIn('GROUP')).toEqual({ [groups.rich]: 'A', [groups.large]: 'C' });
  });

  it('[TIER-01] are given to each group as its rules decide about it alone, and again from what was stored', async () => {
    const { everywhere } = await rulesInEffect(database, { program: 'GROUP', asOf: AS_OF });
    const levels = await levelsIn('GROUP');
    for (const customerId of Object.values(groups)) {
      const facts = await readFacts(database, { customerId, body: everywhere.body, asOf: AS_OF });
      if (!facts) throw new Error('no facts');
      const alone = decide(everywhere, facts, { tier: undefined, isYearlyReview: true }, AS_OF);
      expect([customerId, levels[customerId] ?? 'D']).toEqual([customerId, alone.tier]);
      const [stored] = await db.query<{ facts: MeasuredFacts }>(
        `SELECT facts FROM tiering.tier_decision WHERE program = 'GROUP' AND customer_id = $1`,
        [customerId],
      );
      if (!stored) continue;
      const again = decide(everywhere, stored.facts, { tier: undefined, isYearlyReview: true }, AS_OF);
      expect(again).toEqual(alone);
    } // prettier-ignore
  });

  it('[TIER-01] are none of persons, as card levels are none of groups', async () => {
    const number = newId();
    await keepCustomers(db, [{ customerId: number, months: yearOf(2025, 900_000) }]);
    await db.query(`UPDATE customers.customer SET kind = 'group' WHERE customer_id = $1`, [number]);
    const review = await carryOutRun(await db.dataSource(), new ReviewTiers(clock), { key: 'cards', asOf: AS_OF });
    expect(review.status).toBe('completed');
    const cards = await levelsIn('GOTONE');
    expect(cards[nobody]).toBe('DIAMOND');
    expect([number, ...Object.values(groups)].filter((id) => cards[id])).toEqual([]);
    await grade('with the number');
    expect((await levelsIn('GROUP'))[nobody]).toBeUndefined();
  });

  it('[TIER-01] are counted of groups alone, as card levels are of persons', async () => {
    const counted = async (program: string): Promise<Readonly<Record<string, number>>> => {
      const [month] = await new LevelReports(database).shares({ program, merge: [] }, { from: AS_OF, until: AS_OF });
      return Object.fromEntries((month?.shares ?? []).map(({ levels, customers }) => [levels.join(), customers]));
    };
    const [{ groups: ofGroups, persons } = { groups: 0, persons: 0 }] = await db.query<{
      groups: number;
      persons: number;
    }>(
      `SELECT count(*) FILTER (WHERE kind = 'group') AS groups, count(*) FILTER (WHERE kind = 'individual') AS persons FROM customers.profile`,
    );
    expect(await counted('GROUP')).toMatchObject({ A: 1, B: 0, C: 1, D: ofGroups - 2 });
    const cards = await counted('GOTONE');
    expect(Object.values(cards).reduce((sum, each) => sum + each, 0)).toBe(persons);
  });

  it('[TIER-01] rise when members come, and fall with the review of the year only', async () => {
    const memberId = newId();
    await keepCustomers(db, [{ customerId: memberId, months: yearOf(2025, 30_000_000) }]);
    await keepMember(db, { groupId: groups.empty, memberId });
    expect((await grade('grown')).counts).toEqual({ entered: 1 });
    expect((await levelsIn('GROUP'))[groups.empty]).toBe('B');
    await db.query(`UPDATE customers.group_member SET left_on = '2025-12-31' WHERE member_id = $1`, [memberId]);
    await grade('shrunk');
    expect((await levelsIn('GROUP'))[groups.empty]).toBe('B');
  });
});
