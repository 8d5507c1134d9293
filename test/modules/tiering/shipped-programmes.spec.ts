import { class2026 } from '../../../src/modules/tiering/domain/class-2026.js';
import { credit2026 } from '../../../src/modules/tiering/domain/credit-2026.js';
import { decide, type Decision } from '../../../src/modules/tiering/domain/decide.js';
import { tierMetrics } from '../../../src/modules/tiering/domain/metrics.js';
import { group2026 } from '../../../src/modules/tiering/domain/group-2026.js';
import { mzoneTarget2026 } from '../../../src/modules/tiering/domain/mzone-target-2026.js';
import { potential2026 } from '../../../src/modules/tiering/domain/potential-2026.js';
import { checksumOf } from '../../../src/modules/tiering/domain/rule-set-checksum.js';
import type { RuleSetBody } from '../../../src/modules/tiering/domain/rule-set.js';
import { star2026 } from '../../../src/modules/tiering/domain/star-2026.js';
import { errorsOf } from '../../../src/modules/tiering/domain/validate-rule-set.js';
import { value2026 } from '../../../src/modules/tiering/domain/value-2026.js';
import { rulesInEffect } from '../../../src/modules/tiering/persistence/rule-sets.js';
import { Database } from '../../../src/platform/database/index.js';
import type { CustomerFacts } from '../../../src/platform/rules/index.js';
import { createTestDatabase } from '../../support/database.js';

const AS_OF = '2026-02-01';
const GB = 1_048_576;

interface Anybody {
  readonly customer?: CustomerFacts['customer'];
  /** The same in each of the newest twelve months. */
  readonly monthly?: Readonly<Record<string, number>>;
  /** Of single months, before all others: 'YYYY-MM' → metrics. */
  readonly in?: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

const unremarkable: CustomerFacts['customer'] = {
  tenureMonths: 60,
  simKind: 'MAIN',
  brand: 'GOTONE',
  realName: true,
  customerKind: 'individual',
  region: '440000',
  status: 'active',
  creditGrade: null,
  contractMonthsLeft: null,
  age: 30,
  tierRank: 0,
  settledBills: 12,
  onTimePercent: 100,
  unsettledMonths: 0,
  writtenOffBills: 0,
  overdueBillsFen: 0,
  fraudCases: 0,
  memberCount: 0,
  membersSpendFen: 0,
};

const nothing = Object.fromEntries(
  [...tierMetrics.values()].filter(({ source }) => source === 'month').map(({ name }) => [name, 0]),
);

function factsOf({ customer = {}, monthly = {}, in: months = {} }: Anybody): CustomerFacts {
  return {
    customer: { ...unremarkable, ...customer },
    months: [...Array.from({ length: 11 }, (_, i) => `2025-${String(i + 2).padStart(2, '0')}`), '2026-01'].map(
      (month) => ({
        month: `${month}-01`,
        values: { ...nothing, ...monthly, ...months[month] },
      }),
    ),
  };
}

/** A first rating: by all that is earned. */
const rate = (body: RuleSetBody, whom: Anybody): Decision =>
  decide(
    { scale: body.levels.map(({ tier }) => tier), body },
    factsOf(whom),
    { tier: undefined, isYearlyReview: true },
    AS_OF,
  );
const tierOf = (body: RuleSetBody, whom: Anybody): string => rate(body, whom).tier;
const grantsOf = (body: RuleSetBody, tier: string): Record<string, number> =>
  Object.fromEntries(
    (body.levels.find((level) => level.tier === tier)?.grants ?? []).map(({ code, value }) => [code, value]),
  );

describe('the programmes that are shipped', () => {
  const shipped: Readonly<Record<string, RuleSetBody>> = {
    STAR: star2026,
    CREDIT: credit2026,
    CLASS: class2026,
    POTENTIAL: potential2026,
    VALUE: value2026,
    MZONE_TARGET: mzoneTarget2026,
    GROUP: group2026,
  };

  it.each(Object.entries(shipped))('[CUS-23] have in %s rules that an author could have sent', (_, body) => {
    expect(errorsOf(body, { scale: body.levels.map(({ tier }) => tier) })).toEqual([]);
  });

  it('[CUS-23] decide from the first day, approved by somebody who has not written them', async () => {
    const db = await createTestDatabase();
    try {
      const database = new Database(await db.dataSource());
      for (const [program, body] of Object.entries(shipped)) {
        const { everywhere } = await rulesInEffect(database, { program, asOf: '2020-01-01' });
        expect(everywhere).toMatchObject({
          body,
          status: 'active',
          version: `${program}-2026.1`,
          checksum: checksumOf(body),
        });
        expect(everywhere.approver).not.toBe(everywhere.author);
        expect(everywhere.scale).toEqual(body.levels.map(({ tier }) => tier));
      }
    } finally {
      await db.drop();
    }
  });
});

describe('star service', () => {
  const star = (whom: Anybody): string => tierOf(star2026, whom);
  /** Mean spend that gives this score with five years in the network (300). */
  const scoring = (score: number): Anybody => ({ monthly: { netSpendFen: (score - 300) * 10 } });

  it('[TIER-14] begins in the seventh month in the network', () => {
    const spending = { monthly: { netSpendFen: 30_000 } };
    expect(star({ ...spending, customer: { tenureMonths: 5 } })).toBe('NO_STAR');
    expect(star({ ...spending, customer: { tenureMonths: 6 } })).toBe('FIVE_STAR');
  });

  it.each([
    ['FIVE_STAR_DIAMOND', 5_000, 'FIVE_STAR_GOLD'],
    ['FIVE_STAR_GOLD', 3_500, 'FIVE_STAR'],
    ['FIVE_STAR', 2_200, 'FOUR_STAR'],
    ['FOUR_STAR', 1_500, 'THREE_STAR'],
    ['THREE_STAR', 1_000, 'TWO_STAR'],
    ['TWO_STAR', 600, 'ONE_STAR'],
  ])('[TIER-14] gives %s from a score of %d', (tier, score, below) => {
    expect(star(scoring(score))).toBe(tier);
    expect(star(scoring(score - 1))).toBe(below);
  });

  it('[TIER-14] gives one star from a score of 300', () => {
    expect([59, 60].map((tenureMonths) => star({ customer: { tenureMonths } }))).toEqual(['NO_STAR', 'ONE_STAR']);
  });

  it('[TIER-14] counts tenure up to ten years, and a contract of six months or more', () => {
    const scores = (customer: CustomerFacts['customer']): Decision['inputs'] => rate(star2026, { customer }).inputs;
    expect(scores({ tenureMonths: 119 })['TENURE_SCORE']).toBe(595);
    expect(scores({ tenureMonths: 120 })['TENURE_SCORE']).toBe(600);
    expect(scores({ tenureMonths: 400 })['TENURE_SCORE']).toBe(600);
    expect(scores({ contractMonthsLeft: 5 })['CONTRACT_SCORE']).toBe(0);
    expect(scores({ contractMonthsLeft: 6 })['CONTRACT_SCORE']).toBe(100);
  });

  const suspended = (times: number): Anybody => ({
    monthly: { netSpendFen: 60_000 },
    in: { '2025-06': { twoWaySuspensions: times } },
  });

  it('[TIER-14] leaves three stars at most after three suspensions in a year', () => {
    expect(star(suspended(2))).toBe('FIVE_STAR_DIAMOND');
    expect(rate(star2026, suspended(2)).reasons).toContainEqual(
      expect.objectContaining({ code: 'STAR_SCORE', actual: 6_100 }),
    );
    expect(star(suspended(3))).toBe('THREE_STAR');
    expect(rate(star2026, suspended(3)).reasons).toContainEqual(expect.objectContaining({ actual: 1_499 }));
  });

  it('[TIER-14] takes 100 for a suspension and no more than 500', () => {
    const low = (times: number): number | null => {
      const route = rate(star2026, {
        monthly: { netSpendFen: 5_000 },
        in: { '2025-06': { twoWaySuspensions: times } },
      }).reasons.find(({ kind }) => kind === 'route');
      return route?.kind === 'route' ? route.actual : null;
    };
    expect([0, 1, 4, 5, 6].map(low)).toEqual([800, 700, 400, 300, 300]);
  });

  it('[TIER-14] brings credit before service is stopped, and seven days', () => {
    const overdrafts = star2026.levels.map(({ tier }) => [tier, grantsOf(star2026, tier)['OVERDRAFT']]);
    expect(overdrafts).toEqual([
      ['FIVE_STAR_DIAMOND', 100_000],
      ['FIVE_STAR_GOLD', 50_000],
      ['FIVE_STAR', 30_000],
      ['FOUR_STAR', 20_000],
      ['THREE_STAR', 10_000],
      ['TWO_STAR', 5_000],
      ['ONE_STAR', 2_000],
      ['NO_STAR', undefined],
    ]);
    expect(grantsOf(star2026, 'ONE_STAR')).toMatchObject({ STOP_DELAY: 7 });
    expect(grantsOf(star2026, 'FIVE_STAR_DIAMOND')).toMatchObject({ NO_STOP_ON_HOLIDAYS: 1 });
  });

  it('[TIER-14] loses stars with the rating of the year only', () => {
    const rules = { scale: star2026.levels.map(({ tier }) => tier), body: star2026 };
    const moved = (isYearlyReview: boolean): string =>
      decide(rules, factsOf(scoring(600)), { tier: 'FOUR_STAR', isYearlyReview }, AS_OF).tier;
    expect([moved(false), moved(true)]).toEqual(['FOUR_STAR', 'TWO_STAR']);
  });

  it('[TIER-14] is for the main number of a person', () => {
    const spending = { monthly: { netSpendFen: 60_000 } };
    expect(star({ ...spending, customer: { simKind: 'DATA' } })).toBe('NO_STAR');
    expect(star({ ...spending, customer: { simKind: 'SECONDARY' } })).toBe('NO_STAR');
    expect(star({ ...spending, customer: { customerKind: 'group' } })).toBe('NO_STAR');
  });
});

describe('credit of customers', () => {
  const grade = (customer: CustomerFacts['customer'], months: Anybody = {}): string =>
    tierOf(credit2026, { ...months, customer });
  const score = (whom: Anybody): number | null => {
    const route = rate(credit2026, whom).reasons.find(({ kind }) => kind === 'route');
    return route?.kind === 'route' ? route.actual : null;
  };

  it('[CUS-22] is built of every factor, each of them shown', () => {
    const found = rate(credit2026, {
      customer: {
        onTimePercent: 90,
        tenureMonths: 50,
        unsettledMonths: 3,
        overdueBillsFen: 10_000,
        writtenOffBills: 1,
      },
      in: { '2025-06': { oneWaySuspensions: 1, twoWaySuspensions: 1 } },
    });
    expect(found.inputs).toEqual({
      PUNCTUALITY: 360,
      TENURE: 100,
      ARREARS_COUNT: 100,
      ARREARS_AMOUNT: 100,
      SUSPENSIONS: 80,
      BAD_DEBTS: 200,
      FRAUD_CASES: 0,
    });
    expect(found.reasons).toEqual([
      { kind: 'exclusion', code: 'FRAUD', holds: false },
      expect.objectContaining({ code: 'CREDIT_SCORE', actual: 380, tier: 'D', nextTier: 'C', gap: 120 }),
    ]);
  });

  it.each([
    ['A', 850, 63, 'B'],
    ['B', 700, 50, 'C'],
    ['C', 500, 0, 'D'],
  ])('[CUS-22] gives %s from %d points', (tier, points, tenureMonths, below) => {
    // 400 and two for each month in the network; the rest are bills settled on time.
    const onTime = Math.ceil((points - 400 - tenureMonths * 2) / 4);
    expect(grade({ tenureMonths, onTimePercent: onTime })).toBe(tier);
    expect(grade({ tenureMonths, onTimePercent: onTime - 1 })).toBe(below);
  });

  it('[CUS-22] gives D from 300 points', () => {
    expect(grade({ tenureMonths: 0, onTimePercent: 25, writtenOffBills: 1 })).toBe('D');
    expect(grade({ tenureMonths: 0, onTimePercent: 24, writtenOffBills: 1 })).toBe('E');
  });

  it('[CUS-22] counts tenure up to 100 months', () => {
    expect([99, 100, 101].map((tenureMonths) => score({ customer: { tenureMonths } }))).toEqual([998, 1_000, 1_000]);
  });

  it('[CUS-22] begins in the middle for who has settled no bill yet', () => {
    expect(score({ customer: { settledBills: 0, onTimePercent: null, tenureMonths: 0 } })).toBe(600);
    expect(grade({ settledBills: 0, onTimePercent: null, tenureMonths: 0 })).toBe('C');
  });

  it('[CUS-22] takes for suspensions of a year, of both kinds, up to five', () => {
    const after = (times: number): number | null =>
      score({
        customer: { tenureMonths: 100 },
        in: { '2025-03': { oneWaySuspensions: times - 1, twoWaySuspensions: 1 } },
      });
    expect([4, 5, 6].map(after)).toEqual([840, 800, 800]);
  });

  it('[CUS-22] takes for open bills but the newest, up to four', () => {
    const open = (unsettledMonths: number) => score({ customer: { tenureMonths: 100, unsettledMonths } });
    expect([0, 1, 2, 5, 6].map(open)).toEqual([1_000, 1_000, 950, 800, 800]);
  });

  it('[CUS-22] takes for what is overdue, by its amount', () => {
    const owing = (overdueBillsFen: number) => score({ customer: { tenureMonths: 100, overdueBillsFen } });
    expect([0, 1, 9_999, 10_000, 49_999, 50_000].map(owing)).toEqual([1_000, 950, 950, 900, 900, 800]);
  });

  it('[CUS-22] takes for bad debts, up to two', () => {
    const debts = (writtenOffBills: number) => score({ customer: { tenureMonths: 100, writtenOffBills } });
    expect([0, 1, 2, 3].map(debts)).toEqual([1_000, 800, 600, 600]);
  });

  it('[CUS-22] is the lowest for who is named in a fraud case, whatever else', () => {
    expect(grade({ tenureMonths: 200 })).toBe('A');
    expect(grade({ tenureMonths: 200, fraudCases: 1 })).toBe('E');
  });

  it('[CUS-22] drives how long service is not stopped, and the deposit', () => {
    expect(credit2026.levels.map(({ tier }) => [tier, ...Object.values(grantsOf(credit2026, tier))])).toEqual([
      ['A', 30, 100],
      ['B', 15, 50],
      ['C', 7, 0],
      ['D', 3, 0],
      ['E', 0, 0],
    ]);
  });
});

describe('classes of customers', () => {
  const found = (netSpendFen: number, outgoingSeconds = 0, customerKind = 'individual'): string =>
    tierOf(class2026, { customer: { customerKind }, monthly: { netSpendFen, outgoingSeconds } });

  it('[CUS-19] follow spending power', () => {
    expect([4_999, 5_000, 29_999, 30_000].map((fen) => found(fen))).toEqual(['MASS', 'MIDDLE', 'MIDDLE', 'HIGH_END']);
  });

  it('[CUS-19] follow value: 120 yuan and 100 minutes called a month', () => {
    expect(found(12_000, 6_000)).toBe('MID_HIGH_END');
    expect(found(11_999, 6_000)).toBe('MIDDLE');
    expect(found(12_000, 5_999)).toBe('MIDDLE');
  });

  it('[CUS-19] follow type', () => {
    expect(found(0, 0, 'group')).toBe('GROUP');
    expect(found(999_999, 0, 'group')).toBe('GROUP');
    expect(found(1_000_000, 0, 'group')).toBe('KEY_GROUP');
    expect(found(1_000_000)).toBe('HIGH_END');
  });

  it('[CUS-19] say by which reason, the same for the same facts', () => {
    const whom = { monthly: { netSpendFen: 12_000, outgoingSeconds: 6_000 } };
    const given = rate(class2026, whom).reasons.flatMap((each) =>
      each.kind === 'route' ? [[each.code, each.tier]] : [],
    );
    expect(given).toEqual([
      ['TYPE', 'MASS'],
      ['GROUP_VALUE', 'MASS'],
      ['SPENDING_POWER', 'MIDDLE'],
      ['VALUE', 'MID_HIGH_END'],
    ]);
    expect(rate(class2026, whom)).toEqual(rate(class2026, whom));
  });
});

describe('levels of groups', () => {
  const level = (customer: CustomerFacts['customer'], netSpendFen = 0): string =>
    tierOf(group2026, { customer: { customerKind: 'group', ...customer }, monthly: { netSpendFen } });

  it.each([
    ['A', 60_000_000, 'B'],
    ['B', 12_000_000, 'C'],
    ['C', 2_400_000, 'D'],
  ])('[TIER-01] give %s for a year of %d fen by the group and its members', (tier, fen, below) => {
    expect([fen, fen - 1].map((membersSpendFen) => level({ membersSpendFen }))).toEqual([tier, below]);
    expect(level({ membersSpendFen: fen - 120_000 }, 10_000)).toBe(tier);
  });

  it('[TIER-01] begin at 2,000 yuan a month', () => {
    expect([199_999, 200_000].map((fen) => level({}, fen))).toEqual(['D', 'C']);
  });

  it('[TIER-01] give B for 500 members and C for 50', () => {
    expect([49, 50, 499, 500].map((memberCount) => level({ memberCount }))).toEqual(['D', 'C', 'C', 'B']);
  });

  it('[TIER-01] are the lowest of who owes 10,000 yuan, and none of a person', () => {
    const rich = { membersSpendFen: 60_000_000 };
    expect([999_999, 1_000_000].map((overdueBillsFen) => level({ ...rich, overdueBillsFen }))).toEqual(['A', 'D']);
    expect(level({ ...rich, customerKind: 'individual' })).toBe('D');
  });
});

describe('potential customers', () => {
  const quarter = (netSpendFen: number, earlierFen: number, customer: CustomerFacts['customer'] = {}): string =>
    tierOf(potential2026, {
      customer,
      monthly: { netSpendFen: earlierFen },
      in: { '2025-11': { netSpendFen }, '2025-12': { netSpendFen }, '2026-01': { netSpendFen } },
    });

  it('[CUS-20] spend 80% of what the next level asks for, and more than before', () => {
    expect(quarter(5_333, 5_000)).toBe('NONE');
    expect(quarter(5_334, 5_000)).toBe('LIKELY');
    expect(quarter(6_666, 5_000)).toBe('LIKELY');
    expect(quarter(6_667, 5_000)).toBe('STRONG');
    expect(quarter(6_667, 6_667)).toBe('NONE');
    expect(quarter(6_667, 6_666)).toBe('STRONG');
  });

  it('[CUS-20] hold no card level yet', () => {
    expect(quarter(6_667, 5_000, { tierRank: 1 })).toBe('NONE');
  });
});

describe('the value model', () => {
  it('[CUS-23] weighs spend five, tenure and data two, calls one', () => {
    const best = { netSpendFen: 50_000, dataKb: 50 * GB, outgoingSeconds: 30_000 };
    const value = (customer: CustomerFacts['customer'], monthly: Readonly<Record<string, number>>): number | null => {
      const route = rate(value2026, { customer, monthly }).reasons.find(({ kind }) => kind === 'route');
      return route?.kind === 'route' ? route.actual : null;
    };
    expect(value({ tenureMonths: 120 }, best)).toBe(1_000);
    expect(value({ tenureMonths: 0 }, best)).toBe(800);
    expect(value({ tenureMonths: 120 }, { ...best, netSpendFen: 0 })).toBe(500);
    expect(value({ tenureMonths: 120 }, { ...best, dataKb: 0 })).toBe(800);
    expect(value({ tenureMonths: 120 }, { ...best, outgoingSeconds: 0 })).toBe(900);
  });

  it('[CUS-23] gives bands by the score', () => {
    const band = (netSpendFen: number, tenureMonths: number): string =>
      tierOf(value2026, { customer: { tenureMonths }, monthly: { netSpendFen, dataKb: 20 * GB } });
    expect([band(50_000, 84), band(50_000, 83)]).toEqual(['VERY_HIGH', 'HIGH']);
    expect([band(0, 120), band(1_000, 120)]).toEqual(['MEDIUM', 'MEDIUM']);
    expect(band(0, 60)).toBe('LOW');
  });
});

describe('the M-ZONE target', () => {
  const target = (age: number | null, netSpendFen: number, dataKb: number): boolean =>
    tierOf(mzoneTarget2026, { customer: { age }, monthly: { netSpendFen, dataKb } }) === 'TARGET';

  it('[CUS-28] is 15 to 25 years old', () => {
    expect([14, 15, 25, 26, null].map((age) => target(age, 5_000, 10 * GB))).toEqual([false, true, true, false, false]);
  });

  it('[CUS-28] has low to middle spend and heavy data', () => {
    expect([1_999, 2_000, 10_000, 10_001].map((fen) => target(20, fen, 10 * GB))).toEqual([false, true, true, false]);
    expect([10 * GB - 1, 10 * GB].map((kb) => target(20, 5_000, kb))).toEqual([false, true]);
  });
});
