import fc from 'fast-check';
import { ActivatePoints } from '../../../src/modules/points/application/earning/activate-points.run.js';
import type { BillFigures, EarnFacts } from '../../../src/modules/points/domain/earning/earn-quote.js';
import { billOf } from '../../../src/modules/points/domain/earning/earn-quote.js';
import {
  type Charge,
  CHARGES,
  CREDIT_MOMENTS,
  type EarnRules,
  FACTOR_MODES,
  ROUNDINGS,
  type TenureStep,
} from '../../../src/modules/points/domain/earning/earn-rule-set.js';
import { itemsOfEntry } from '../../../src/modules/points/persistence/earning/earn-items-sql.js';
import { EXPIRY_POLICIES } from '../../../src/modules/points/domain/expiry/expiry-policy.js';
import { tiers } from '../../../src/modules/tiering/index.js';
import { newId, type Tx } from '../../../src/platform/database/index.js';
import type { Run } from '../../../src/platform/queues/index.js';
import { carryOutRun } from '../../support/carry-out-run.js';
import type { pointsWorld } from './points-world.js';

type Writer = Pick<Tx, 'query'>;
type World = Awaited<ReturnType<typeof pointsWorld>>;
export type Charges = Readonly<Partial<Record<Charge | 'discount' | 'gift', number>>>;

export const STARS = ['NO_STAR', 'ONE_STAR', 'THREE_STAR', 'FIVE_STAR'] as const;
const BRANDS = ['GOTONE', 'MZONE', 'EASYOWN'] as const;
const GRADES = ['A', 'B', 'C'] as const;

/** The shipped rules with everything that a rule set may have beside them. */
export const plentiful: EarnRules = {
  fenPerPoint: 100,
  rounding: 'CEIL',
  factorPercent: { ORDINARY: 100, HONOURED_GUEST: 100, SILVER: 150, GOLD: 180, PLATINUM: 190, DIAMOND: 200 },
  expiry: 'LOT_36_MONTHS',
  joinAbove: 3500,
  tenure: [
    { fromMonths: 12, percent: 10 },
    { fromMonths: 24, percent: 20 },
    { fromMonths: 60, points: 500 },
  ],
  credit: { A: 50, B: 20 },
  data: { fenPerPoint: 50 },
};

const percent = fc.integer({ min: 0, max: 500 });
const some = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });
const tenure: fc.Arbitrary<readonly TenureStep[]> = fc
  .uniqueArray(fc.integer({ min: 0, max: 130 }), { minLength: 1, maxLength: 5 })
  .chain((months) =>
    fc.tuple(
      ...months
        .sort((a, b) => a - b)
        .map((fromMonths) =>
          fc.oneof(
            percent.map((percent): TenureStep => ({ fromMonths, percent })),
            fc.nat(1_000).map((points): TenureStep => ({ fromMonths, points })),
          ),
        ),
    ),
  );
const tableOf = (names: readonly string[]): fc.Arbitrary<Record<string, number>> =>
  fc.dictionary(fc.constantFrom(...names), percent);

/** Rule sets with some of what is optional. */
export const anyRules: fc.Arbitrary<EarnRules> = fc
  .record({
    fenPerPoint: fc.oneof(fc.constant(100), fc.integer({ min: 1, max: 1_000 })),
    rounding: fc.constantFrom(...ROUNDINGS),
    factorPercent: fc.record({
      DIAMOND: percent,
      PLATINUM: percent,
      GOLD: percent,
      SILVER: percent,
      HONOURED_GUEST: percent,
      ORDINARY: percent,
    }),
    expiry: fc.constantFrom(...EXPIRY_POLICIES),
    joinAbove: fc.nat(),
    excludedCharges: some(fc.uniqueArray(fc.constantFrom(...CHARGES))),
    starFactorPercent: some(tableOf(STARS).map((stars) => ({ NO_STAR: 0, ...stars }))),
    brandBonusPercent: some(tableOf(BRANDS)),
    factorMode: some(fc.constantFrom(...FACTOR_MODES)),
    tenure: some(tenure),
    credit: some(tableOf(GRADES)),
    data: some(fc.record({ fenPerPoint: fc.integer({ min: 1, max: 1_000 }) })),
    creditWhen: some(fc.constantFrom(...CREDIT_MOMENTS)),
  })
  .map(
    (rules) =>
      Object.fromEntries(Object.entries(rules).filter(([, value]) => value !== undefined)) as unknown as EarnRules,
  );

/** Months in the network lie on, before and after the steps of the rules as often as anywhere. */
export const anyFacts = ({ tenure = [] }: EarnRules): fc.Arbitrary<EarnFacts> => {
  const borders = tenure
    .flatMap(({ fromMonths }) => [fromMonths - 1, fromMonths, fromMonths + 1])
    .filter((n) => n >= 0);
  return fc.record({
    tier: fc.constantFrom(...tiers),
    star: some(fc.constantFrom(...STARS, 'TWO_STAR')),
    brand: fc.constantFrom(...BRANDS),
    monthsInNetwork: some(fc.oneof(fc.nat(150), ...(borders.length > 0 ? [fc.constantFrom(...borders)] : []))),
    creditGrade: some(fc.constantFrom(...GRADES, 'D')),
    suspensions: fc.constantFrom(0, 0, 1, 2),
  });
};

const fen = fc.oneof(fc.constant(0), fc.nat(20_000), fc.nat(1_000_000_000));
export const anyCharges: fc.Arbitrary<Charges> = fc.record({
  monthlyFee: fen,
  voice: fen,
  sms: fen,
  data: fen,
  roaming: fen,
  valueAddedService: fen,
  collectedForOthers: fen,
  adjustment: fc.oneof(fc.constant(0), fc.integer({ min: -30_000, max: 30_000 })),
  discount: fc.integer({ min: -30_000, max: 0 }),
  gift: fc.integer({ min: -5_000, max: 0 }),
});

export interface AnyBillOf {
  readonly customerId: string;
  readonly billNo: string;
  /** `YYYY-MM` */
  readonly cycle?: string;
  readonly version?: number;
  readonly charges: Charges;
}

/** Bills by their charges; a version replaces those before it. */
export async function keepBillsOf(writer: Writer, bills: readonly AnyBillOf[]): Promise<void> {
  const rows = bills.map(({ customerId, billNo, cycle = '2025-12', version = 1, charges }) => {
    const { payable }: BillFigures = billOf(charges);
    return { customer_id: customerId, bill_no: billNo, cycle: `${cycle}-01`, version, payable, ...charges };
  });
  const json = JSON.stringify(rows);
  await writer.query(
    `UPDATE usage.customer_bill b SET is_current = false
     FROM jsonb_to_recordset($1::jsonb) AS r (customer_id uuid, bill_no text)
     WHERE b.customer_id = r.customer_id AND b.source = 'BOSS' AND b.bill_no = r.bill_no`,
    [json],
  );
  await writer.query(
    `INSERT INTO usage.customer_bill (customer_id, source, bill_no, version, file_id, content_hash, cycle,
       monthly_fee_fen, voice_fen, sms_fen, data_fen, roaming_fen, vas_fen, collected_for_others_fen, discount_fen,
       gift_fen, adjustment_fen, payable_fen, paid_fen, arrears_fen, due_on, issued_at, is_current, recorded_at)
     SELECT customer_id, 'BOSS', bill_no, version, customer_id, 1, cycle, COALESCE("monthlyFee", 0), COALESCE(voice, 0), COALESCE(sms, 0),
       COALESCE(data, 0), COALESCE(roaming, 0), COALESCE("valueAddedService", 0), COALESCE("collectedForOthers", 0),
       COALESCE(discount, 0), COALESCE(gift, 0), COALESCE(adjustment, 0), payable, 0, 0, cycle,
       '2026-01-02T00:00:00+08:00', true, '2026-01-02T00:00:00+08:00'
     FROM jsonb_to_recordset($1::jsonb) AS r (customer_id uuid, bill_no text, version int, cycle date, payable bigint,
       "monthlyFee" bigint, voice bigint, sms bigint, data bigint, roaming bigint, "valueAddedService" bigint,
       "collectedForOthers" bigint, adjustment bigint, discount bigint, gift bigint)`,
    [json],
  );
}

/** Pays a bill. */
export const pay = (
  writer: Writer,
  customerId: string,
  billNo: string,
  amountFen: number,
  on = '2026-01-20',
): Promise<unknown> =>
  writer.query(
    `INSERT INTO usage.payment (customer_id, source, payment_id, version, file_id, content_hash, paid_at, month, amount_fen, method,
       paid_by_other, bill_no, operation, is_current, recorded_at)
     VALUES ($1, 'BOSS', $2, 1, $1, 1, $5::date + time '12:00', date_trunc('month', $5::date), $4, 'CASH', false, $3, 1, true, $5::date)`,
    [customerId, newId(), billNo, amountFen, on],
  );

/** What counts of customers for their points, since long ago. */
export async function keepFacts(
  writer: Writer,
  facts: readonly ({ readonly customerId: string; readonly cycle?: string } & Partial<EarnFacts>)[],
): Promise<void> {
  const json = JSON.stringify(facts.map(({ cycle = '2025-12', ...each }) => ({ ...each, cycle: `${cycle}-01` })));
  const from = `jsonb_to_recordset($1::jsonb) AS r ("customerId" uuid, cycle date, tier text, star text, brand text,
    "monthsInNetwork" int, "creditGrade" text, suspensions int)`;
  await writer.query(
    `UPDATE customers.customer c SET brand = COALESCE(r.brand, c.brand), credit_grade = r."creditGrade",
       activated_on = CASE WHEN r."monthsInNetwork" IS NOT NULL
         THEN r.cycle + (EXTRACT(day FROM r.cycle + interval '1 month' - interval '1 day')::int - 1) - make_interval(months => r."monthsInNetwork") END
     FROM ${from} WHERE c.customer_id = r."customerId"`,
    [json],
  );
  await writer.query(
    `INSERT INTO tiering.tier_assignment (customer_id, program, decision_id, tier, valid_from)
     SELECT "customerId", program, gen_random_uuid(), level, '2000-01-01'
     FROM ${from} CROSS JOIN LATERAL (VALUES ('GOTONE', r.tier), ('STAR', r.star)) l (program, level) WHERE level IS NOT NULL`,
    [json],
  );
  await writer.query(
    `INSERT INTO usage.customer_month (customer_id, month, two_way_suspensions)
     SELECT "customerId", cycle, suspensions FROM ${from} WHERE suspensions > 0
     ON CONFLICT (customer_id, month) DO UPDATE SET two_way_suspensions = excluded.two_way_suspensions`,
    [json],
  );
}

/** From a billing month on these rules are in force, as the next version. */
export async function keepRules(writer: Writer, rules: object, from = '2025-12-01'): Promise<void> {
  await writer.query(`UPDATE points.earn_rule_set SET effective_to = $1 WHERE effective_to = 'infinity'`, [from]);
  await writer.query(
    `INSERT INTO points.earn_rule_set (version, effective_from, rules, author, approved_by, created_at)
     SELECT max(version) + 1, $1::date, $2::jsonb, 'test', 'test', '2026-01-01' FROM points.earn_rule_set`,
    [from, JSON.stringify(rules)],
  );
}

export const activate = (
  world: Pick<World, 'source' | 'clock'>,
  key = '2026-02-01',
  asOf = '2026-02-01',
): Promise<Run> => carryOutRun(world.source, new ActivatePoints(world.clock), { key, asOf });

/** Points that bills have earned, by item. */
export const earnedByItem = (writer: Writer, customerId: string): Promise<readonly object[]> =>
  writer.query(
    `SELECT i.item, sum(i.points)::bigint AS points
     FROM points.journal j, ${itemsOfEntry('j')} i WHERE customer_id = $1 AND kind IN ('EARN', 'EARN_CORRECTION') GROUP BY 1
     ORDER BY min(account_version), i.item::points.points_type`,
    [customerId],
  );
