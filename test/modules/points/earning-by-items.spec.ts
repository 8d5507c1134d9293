import fc from 'fast-check';
import { AuditBills } from '../../../src/modules/points/application/earning/bill-audit.query.js';
import { AccruePointsFromBills } from '../../../src/modules/points/application/earning/accrue-points-from-bills.run.js';
import { provePoints } from '../../../src/modules/points/application/proof/prove-points.js';
import { QuotePointsQuery } from '../../../src/modules/points/application/earning/quote-points.js';
import { billOf, type EarnItem, quoteOf } from '../../../src/modules/points/domain/earning/earn-quote.js';
import { newId, type Tx } from '../../../src/platform/database/index.js';
import type { Counts, Run, Slice } from '../../../src/platform/queues/index.js';
import { keepCustomers } from '../customers/facts.js';
import {
  anyCharges,
  anyFacts,
  anyRules,
  earnedByItem,
  keepBillsOf,
  keepFacts,
  keepRules,
  plentiful,
} from './earning-facts.js';
import { ledgerOf, pointsWorld } from './points-world.js';
import { SEED } from '../../support/seed.js';

const CHARGES = { monthlyFee: 8_000, data: 2_000 };
const EVERYTHING = {
  tier: 'SILVER',
  star: 'THREE_STAR',
  monthsInNetwork: 24,
  creditGrade: 'A',
  suspensions: 0,
} as const;

/** Its worker dies in the middle of the third slice. */
class Dying extends AccruePointsFromBills {
  override readonly sliceSize = 5;
  override readonly parallelSlices = 1;
  private slices = 0;

  override async slice(tx: Tx, run: Run<object>, slice: Slice): Promise<Counts> {
    this.slices += 1;
    const counts = await super.slice(tx, run, slice);
    if (this.slices >= 3) throw new Error('killed');
    return counts;
  }
}

describe('earning points by items', () => {
  let world: Awaited<ReturnType<typeof pointsWorld>>;
  beforeEach(async () => {
    world = await pointsWorld();
  });
  afterEach(async () => {
    const proof = await provePoints(world.transaction);
    expect(proof.checks.filter(({ violations }) => violations > 0)).toEqual([]);
    const audit = new AuditBills(world.database);
    expect(await audit.differences('2025-12-01')).toEqual([]);
    await world.db.drop();
  });

  const somebody = async (facts: object = EVERYTHING): Promise<string> => {
    const customerId = await world.aCustomer();
    await keepFacts(world.db, [{ customerId, ...facts }]);
    return customerId;
  };

  it('[PTS-04][PTS-05][PTS-06] posts each item as a class of points of its own, which the statement and the lots show', async () => {
    await keepRules(world.db, plentiful);
    const customerId = await somebody();
    await keepBillsOf(world.db, [{ customerId, billNo: 'B', charges: CHARGES }]);
    expect(await world.accrue('2025-12')).toMatchObject({
      counts: { bills: 1, postings: 4, points: 150 + 20 + 50 + 40 },
    });
    expect(await earnedByItem(world.db, customerId)).toEqual([
      { item: 'SPENDING', points: 150 },
      { item: 'TENURE', points: 20 },
      { item: 'CREDIT', points: 50 },
      { item: 'DATA', points: 40 },
    ]);
    const lots = await world.account.expiryOf(customerId);
    expect(lots.map(({ pointsType, points, expiresOn }) => [pointsType, points, expiresOn])).toEqual([
      ['SPENDING', 150, '2028-12-31'],
      ['TENURE', 20, '2028-12-31'],
      ['CREDIT', 50, '2028-12-31'],
      ['DATA', 40, '2028-12-31'],
    ]);
    expect(await world.account.balanceOf(customerId)).toMatchObject({ available: 260, qualifying: 260 });
    expect((await ledgerOf(world.db)).map((entry) => Reflect.get(entry, 'idem_key'))).toEqual(['bill:BOSS:B:v1:r2']);
  });

  it.each([
    [23, 10],
    [24, 20],
    [25, 20],
    [59, 20],
    [60, 500],
  ])('[PTS-04] with %i months in the network earns %i for tenure', async (monthsInNetwork, points) => {
    await keepRules(world.db, plentiful);
    const customerId = await somebody({ ...EVERYTHING, monthsInNetwork });
    await keepBillsOf(world.db, [{ customerId, billNo: 'B', charges: CHARGES }]);
    await world.accrue('2025-12');
    expect(await earnedByItem(world.db, customerId)).toContainEqual({ item: 'TENURE', points });
  });

  it('[PTS-05] earns nothing for credit in the month of a suspension, and in the next again', async () => {
    await keepRules(world.db, plentiful, '2025-11-01');
    const customerId = await somebody({ ...EVERYTHING, cycle: '2025-11', suspensions: 1 });
    await keepBillsOf(world.db, [
      { customerId, billNo: 'N', cycle: '2025-11', charges: CHARGES },
      { customerId, billNo: 'D', cycle: '2025-12', charges: CHARGES },
    ]);
    await world.accrue('2025-12');
    const credit = await world.db.query(
      `SELECT source_ref, p.points FROM points.journal JOIN points.posting p USING (customer_id, journal_id) WHERE points_type = 'CREDIT'`,
    );
    expect(credit).toEqual([{ source_ref: 'D', points: 50 }]);
  });

  it('[PTS-33] corrects the bill and nothing else: item by item, with what counted at first', async () => {
    await keepRules(world.db, plentiful);
    const customerId = await somebody();
    await keepBillsOf(world.db, [{ customerId, billNo: 'B', charges: CHARGES }]);
    await world.accrue('2025-12');
    // Everything about the customer changes, and the data charges double while the fee is halved.
    await world.db.query('DELETE FROM tiering.tier_assignment');
    await keepFacts(world.db, [{ customerId, tier: 'DIAMOND', monthsInNetwork: 90, creditGrade: 'B', suspensions: 2 }]);
    await keepBillsOf(world.db, [{ customerId, billNo: 'B', version: 2, charges: { monthlyFee: 4_000, data: 4_000 } }]);
    expect(await world.accrue('2025-12.2')).toMatchObject({ counts: { bills: 1, takenBack: 30 + 4 } });
    expect(await earnedByItem(world.db, customerId)).toEqual([
      { item: 'SPENDING', points: 120 },
      { item: 'TENURE', points: 16 },
      { item: 'CREDIT', points: 50 },
      { item: 'DATA', points: 80 },
    ]);
    const again = await ledgerOf(world.db);
    expect(again.map((entry) => Reflect.get(entry, 'idem_key'))).toEqual([
      'bill:BOSS:B:v1:r2',
      ...['bill:BOSS:B:v2:r2:data', 'bill:BOSS:B:v2:r2', 'bill:BOSS:B:v2:r2:tenure'],
    ]);
    expect(await world.accrue('2025-12.3')).toMatchObject({ counts: { bills: 0, postings: 0 } });
    expect(await ledgerOf(world.db)).toEqual(again);
  });

  it('[PTS-33] takes all items of a bill back that another one has replaced', async () => {
    await keepRules(world.db, plentiful);
    const customerId = await somebody();
    await keepBillsOf(world.db, [{ customerId, billNo: 'B', charges: CHARGES }]);
    await world.accrue('2025-12');
    await world.db.query('UPDATE usage.customer_bill SET is_current = false');
    await world.accrue('2025-12.2');
    expect(await world.account.balanceOf(customerId)).toMatchObject({ available: 0, debt: 0, qualifying: 0 });
    expect(await world.accrue('2025-12.3')).toMatchObject({ counts: { bills: 0, postings: 0 } });
  });

  it('[PTS-02] judges an old month again by the rules that were valid then, whatever is valid now', async () => {
    await keepRules(world.db, plentiful, '2025-11-01');
    await keepRules(world.db, { ...plentiful, fenPerPoint: 50, credit: { A: 7 }, data: undefined }, '2025-12-01');
    const customerId = await somebody();
    const charges = { monthlyFee: 10_000 };
    await keepBillsOf(world.db, [
      { customerId, billNo: 'O', cycle: '2025-10', charges },
      { customerId, billNo: 'N', cycle: '2025-11', charges },
      { customerId, billNo: 'D', cycle: '2025-12', charges },
    ]);
    await world.accrue('2025-12');
    const byBill = () =>
      world.db.query(
        `SELECT source_ref AS bill, rule_set_version AS rule, sum(points)::bigint AS points FROM points.journal GROUP BY 1, 2 ORDER BY 2`,
      );
    // 150; 150 + 10 (23 months) + 50; 300 + 40 + 7
    expect(await byBill()).toEqual([
      { bill: 'O', rule: 1, points: 150 },
      { bill: 'N', rule: 2, points: 210 },
      { bill: 'D', rule: 3, points: 347 },
    ]);
    await keepBillsOf(
      world.db,
      ['O', 'N', 'D'].map((billNo, i) => ({
        customerId,
        billNo,
        cycle: `2025-1${i}`,
        version: 2,
        charges: { monthlyFee: 20_000 },
      })),
    );
    await world.accrue('2025-12.2');
    expect(await byBill()).toEqual([
      { bill: 'O', rule: 1, points: 300 },
      { bill: 'N', rule: 2, points: 370 },
      { bill: 'D', rule: 3, points: 687 },
    ]);
  });

  it('[PTS-33] makes of one class no other: who takes back what is spent takes the rest from other classes', async () => {
    await keepRules(world.db, { ...plentiful, joinAbove: 0 });
    const customerId = await somebody();
    await world.transaction.run((tx) =>
      world.facade.award(tx, {
        customerId,
        points: 100,
        pointsType: 'PROMOTION',
        funderId: 'PARTNER',
        reference: 'gift',
        actorId: 'x',
      }),
    );
    await keepBillsOf(world.db, [{ customerId, billNo: 'B', charges: { monthlyFee: 10_000 } }]);
    await world.accrue('2025-12');
    expect(await world.account.balanceOf(customerId)).toMatchObject({ available: 320, qualifying: 220 });
    await keepBillsOf(world.db, [{ customerId, billNo: 'B', version: 2, charges: {} }]);
    await world.redeem(customerId, 60, {});
    await world.accrue('2025-12.2');
    expect(await world.account.balanceOf(customerId)).toMatchObject({ available: 40, debt: 0, qualifying: 0 });
  });

  it('[CUS-08] without a real name, takes back what is too much and lets the other items of the bill wait', async () => {
    await keepRules(world.db, plentiful);
    const customerId = await somebody();
    await keepBillsOf(world.db, [{ customerId, billNo: 'B', charges: { monthlyFee: 10_000 } }]);
    await world.accrue('2025-12');
    await world.keepRealName(customerId, false);
    await keepBillsOf(world.db, [{ customerId, billNo: 'B', version: 2, charges: { data: 6_000 } }]);
    await world.accrue('2025-12.2');
    expect(await earnedByItem(world.db, customerId)).toEqual([
      { item: 'SPENDING', points: 90 },
      { item: 'TENURE', points: 12 },
      { item: 'CREDIT', points: 50 },
    ]);
    await world.accrue('2025-12.3');
    await world.keepRealName(customerId, true);
    await world.accrue('2025-12.4');
    expect(await earnedByItem(world.db, customerId)).toContainEqual({ item: 'DATA', points: 120 });
    const after = await ledgerOf(world.db);
    await world.accrue('2025-12.5');
    expect(await ledgerOf(world.db)).toEqual(after);
  });

  it('[PTS-33] ends the same when it was killed between slices', async () => {
    await keepRules(world.db, plentiful);
    const ids = Array.from({ length: 30 }, () => newId());
    await keepCustomers(
      world.db,
      ids.map((customerId) => ({ customerId })),
    );
    await keepFacts(
      world.db,
      ids.map((customerId, i) => ({ customerId, ...EVERYTHING, monthsInNetwork: i * 3, suspensions: i % 2 })),
    );
    await keepBillsOf(
      world.db,
      ids.map((customerId, i) => ({ customerId, billNo: `B${i}`, charges: { monthlyFee: i * 777, data: i * 111 } })),
    );
    const dead = await world.accrue('2025-12', '2026-02-01', new Dying(world.clock, world.outbox));
    expect(dead.status).toBe('failed');
    const resumed = await world.accrue('2025-12');
    expect(resumed).toMatchObject({ status: 'completed', counts: { bills: 30 } });
    const ledger = await ledgerOf(world.db);
    await world.db.query('TRUNCATE points.journal, points.posting, points.point_account, points.point_bucket');
    await world.db.query('TRUNCATE platform.run CASCADE');
    const whole = await world.accrue('2025-12');
    expect(whole.checksum).toBe(resumed.checksum);
    expect(await ledgerOf(world.db)).toEqual(ledger);
  });

  it('[PTS-02][PTS-33] posts what the quote says, for 5,000 customers and bills under 250 rule sets', async () => {
    const monthOf = (i: number): string => new Date(Date.UTC(2004, 11 + i, 1)).toISOString().slice(0, 10);
    const perMonth = 20;
    const sets = fc.sample(anyRules, { numRuns: 250, seed: SEED });
    await world.db.query('DELETE FROM points.earn_rule_set');
    await world.db.query(
      `INSERT INTO points.earn_rule_set (version, effective_from, effective_to, rules, author, approved_by, created_at)
       SELECT nth, month::date, month::date + interval '1 month', rules, 'test', 'test', '2026-01-01'
       FROM jsonb_to_recordset($1::jsonb) AS r (nth int, month date, rules jsonb)`,
      [JSON.stringify(sets.map((rules, i) => ({ nth: i + 1, month: monthOf(i), rules })))],
    );
    await world.db.query(
      `INSERT INTO points.earn_rule_set SELECT 1000, $1, 'infinity', rules, author, approved_by, created_at
       FROM points.earn_rule_set WHERE version = 1`,
      [monthOf(250)],
    );
    const samples = sets.flatMap((rules, i) =>
      fc
        .sample(fc.record({ facts: anyFacts(rules), charges: anyCharges }), { numRuns: perMonth, seed: SEED + i })
        .map((sample) => ({ ...sample, rules, month: monthOf(i), cycle: monthOf(i).slice(0, 7), customerId: newId() })),
    );
    await keepCustomers(world.db, samples);
    await keepFacts(
      world.db,
      samples.map(({ customerId, cycle, facts }) => ({ ...facts, customerId, cycle })),
    );
    await keepBillsOf(
      world.db,
      samples.map(({ customerId, cycle, charges }) => ({ customerId, billNo: 'B', cycle, charges })),
    );
    const [first = '', last = ''] = [samples[0]?.cycle, samples.at(-1)?.cycle];
    const run = await world.accrue(last, '2026-02-01', undefined, { correctionsFrom: first });
    expect(run).toMatchObject({ status: 'completed', counts: { bills: 5_000 } });

    const posted = await world.db.query<{
      customer_id: string;
      item: EarnItem;
      points: number;
      into: string;
      expires_on: string;
    }>(
      `SELECT j.customer_id, p.points_type AS item, p.points, p.credit AS into, p.expires_on::text
       FROM points.journal j JOIN points.posting p USING (customer_id, journal_id) ORDER BY j.account_version, p.line`,
    );
    const found = new Map<string, (typeof posted)[number][]>(samples.map(({ customerId }) => [customerId, []]));
    for (const line of posted) found.get(line.customer_id)?.push(line);
    const differing = samples.flatMap(({ customerId, facts, charges, rules, month }) => {
      const { items, expiresOn, creditWhen } = quoteOf(billOf(charges), facts, rules, month);
      const into = creditWhen === 'SETTLED' ? 'CUST_PENDING' : 'CUST_AVAILABLE';
      const quoted = items
        .filter(({ points }) => points > 0)
        .map(({ item, points }) => [item, points, into, expiresOn]);
      const inLedger = (found.get(customerId) ?? []).map((line) => [
        line.item,
        line.points,
        line.into,
        line.expires_on,
      ]);
      return JSON.stringify(quoted) === JSON.stringify(inLedger) ? [] : [{ facts, charges, rules, quoted, inLedger }];
    });
    expect({ seed: SEED, differing }).toEqual({ seed: SEED, differing: [] });

    // And as the API finds the facts of a customer.
    const quotes = new QuotePointsQuery(world.database, world.clock);
    for (const { customerId, month } of samples.filter((_, i) => i % 97 === 0)) {
      const quote = await quotes.execute({ customerId, asOf: `${month.slice(0, 7)}-28` });
      const points = (found.get(customerId) ?? []).reduce((sum, line) => sum + line.points, 0);
      expect([customerId, quote.points, quote.bills.length]).toEqual([customerId, points, 1]);
    }
  });
});
