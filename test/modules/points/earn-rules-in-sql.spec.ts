import fc from 'fast-check';
import {
  billOf,
  EARN_ITEMS,
  earningFen,
  monthsInNetwork,
  quoteOf,
} from '../../../src/modules/points/domain/earning/earn-quote.js';
import { EXPIRY_POLICIES, lastDayOf } from '../../../src/modules/points/domain/expiry/expiry-policy.js';
import {
  BILL_FIGURES,
  EARNING_FEN,
  ITEM_POINTS,
  lastDayOfSql,
  MONTHS_IN_NETWORK,
  ruleColumns,
} from '../../../src/modules/points/persistence/earning/earn-items-sql.js';
import { tenureMonths } from '../../../src/modules/customers/index.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { anyCharges, anyFacts, anyRules } from './earning-facts.js';
import { SEED } from '../../support/seed.js';

describe('the earn rules in TypeScript and in SQL', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await createTestDatabase();
  });
  afterAll(() => db.drop());

  it('[PTS-03][PTS-04][PTS-05][PTS-06] give the same points for every bill, customer and rule set, item by item', async () => {
    const samples = fc.sample(
      anyRules.chain((rules) => fc.record({ rules: fc.constant(rules), facts: anyFacts(rules), charges: anyCharges })),
      { numRuns: 5_000, seed: SEED },
    );
    const rows = samples.map(({ rules, facts, charges }, nth) => ({ nth, rules, ...facts, ...billOf(charges) }));
    const inSql = await db.query<{ nth: number; earning_fen: number } & Record<string, number | null>>(
      `SELECT nth, earning_fen, ${EARN_ITEMS.map((item) => `${ITEM_POINTS[item]} AS ${item}`).join(', ')}
       FROM (
         SELECT *, ${EARNING_FEN} AS earning_fen FROM (
           SELECT nth, rules, tier, star, brand, "monthsInNetwork" AS months, "creditGrade" AS grade, suspensions, payable AS payable_fen,
             "monthlyFee" AS monthly_fee_fen, voice AS voice_fen, sms AS sms_fen, data AS data_fen, roaming AS roaming_fen,
             "valueAddedService" AS vas_fen, "collectedForOthers" AS collected_for_others_fen, adjustment AS adjustment_fen
           FROM jsonb_to_recordset($1::jsonb) AS r (nth int, rules jsonb, tier text, star text, brand text, "monthsInNetwork" int,
             "creditGrade" text, suspensions int, payable bigint, "monthlyFee" bigint, voice bigint, sms bigint, data bigint,
             roaming bigint, "valueAddedService" bigint, "collectedForOthers" bigint, adjustment bigint)) bill
         CROSS JOIN LATERAL (SELECT ${ruleColumns('rules')}) rule) judged
       ORDER BY nth`,
      [JSON.stringify(rows)],
    );
    const differing = samples.flatMap(({ rules, facts, charges }, nth) => {
      const { items } = quoteOf(billOf(charges), facts, rules, '2025-12-01');
      const inTypeScript = Object.fromEntries(items.map(({ item, points }) => [item.toLowerCase(), points]));
      const { nth: _, earning_fen, ...points } = inSql[nth] ?? { nth, earning_fen: NaN };
      const found = Object.fromEntries(Object.entries(points).filter(([, value]) => value !== null));
      const isSame =
        earning_fen === earningFen(billOf(charges), rules) && JSON.stringify(found) === JSON.stringify(inTypeScript);
      return isSame ? [] : [{ rules, facts, charges, found, inTypeScript }];
    });
    expect({ seed: SEED, compared: inSql.length, differing }).toEqual({ seed: SEED, compared: 5_000, differing: [] });
    expect(BILL_FIGURES.split(', ')).toHaveLength(9);
  });

  it('[PTS-04] count the same full months in the network as everybody else, on the last day of every month', async () => {
    const days = fc.sample(
      fc.date({ min: new Date('2001-01-01'), max: new Date('2026-01-31'), noInvalidDate: true }),
      500,
    );
    const activated = [...days.map((day) => day.toISOString().slice(0, 10)), '2024-02-29', '2024-01-31', '2023-12-01'];
    for (const cycle of ['2024-02-01', '2025-02-01', '2025-12-01', '2026-01-01']) {
      const rows = await db.query<{ day: string; months: number }>(
        `SELECT day::text, ${MONTHS_IN_NETWORK('day', '$2::date')} AS months FROM unnest($1::date[]) day`,
        [activated, cycle],
      );
      const last = new Date(Date.UTC(Number(cycle.slice(0, 4)), Number(cycle.slice(5, 7)), 0))
        .toISOString()
        .slice(0, 10);
      for (const { day, months } of rows) {
        expect([day, cycle, months]).toEqual([day, cycle, monthsInNetwork(day, cycle)]);
        expect([day, cycle, months]).toEqual([day, cycle, tenureMonths(day, last)]);
      }
    }
  });

  it('[PTS-11] give every month of a century the same last day, under every policy', async () => {
    for (const policy of EXPIRY_POLICIES) {
      const rows = await db.query<{ month: string; last: string }>(
        `SELECT to_char(month, 'YYYY-MM-DD') AS month, (${lastDayOfSql('$1::text', 'month::date')})::text AS last
         FROM generate_series('2001-01-01'::date, '2100-12-01', '1 month') month`,
        [policy],
      );
      expect(rows).toHaveLength(1_200);
      for (const { month, last } of rows) expect(`${month} ${last}`).toBe(`${month} ${lastDayOf(policy, month)}`);
    }
  });
});
