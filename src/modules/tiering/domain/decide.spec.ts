import type { CustomerFacts } from '../../../platform/rules/index.js';
import { decide, type Decision } from './decide.js';
import { gotone2026 } from './gotone-2026.js';
import { dayBefore, nextReviewAfter, progressOf } from './standing.js';
import { serviceRank, tiers, type Tier } from './tier.js';

const AS_OF = '2026-02-01';

interface Said {
  readonly spendFen?: number;
  readonly tenureMonths?: number | null;
  readonly suspensions?: number;
  readonly simKind?: string | null;
  readonly packageFeeFen?: number | null;
}

function aCustomer({
  spendFen = 0,
  tenureMonths = 12,
  suspensions = 0,
  simKind = 'MAIN',
  packageFeeFen = null,
}: Said): CustomerFacts {
  const quiet = { arrearsFen: 0, dataKb: 0 };
  return {
    customer: { tenureMonths, simKind, brand: 'GOTONE', realName: true },
    months: [
      {
        month: '2025-06-01',
        values: { ...quiet, netSpendFen: spendFen, twoWaySuspensions: suspensions, packageFeeFen: 0 },
      },
      { month: '2026-01-01', values: { ...quiet, netSpendFen: 9_999_900, twoWaySuspensions: 9, packageFeeFen } },
    ],
  };
}

const rules = { scale: tiers, body: gotone2026 };
const decided = (facts: CustomerFacts, tier?: Tier): Decision =>
  decide(rules, facts, { tier, isYearlyReview: true }, AS_OF);
const tierOf = (said: Said): string => decided(aCustomer(said)).tier;
const growthValueOf = (said: Said) =>
  decided(aCustomer(said)).reasons.find((each) => each.kind === 'route' && each.code === 'GROWTH_VALUE');

describe('deciding a level by the shipped rules', () => {
  it.each([
    [4_000, 'DIAMOND'], [3_999, 'PLATINUM'], [3_000, 'PLATINUM'], [2_999, 'GOLD'], [1_800, 'GOLD'], [1_799, 'SILVER'],
    [1_200, 'SILVER'], [1_199, 'HONOURED_GUEST'], [800, 'HONOURED_GUEST'], [799, 'ORDINARY'],
  ] as const)('a growth value of %d is %s', (growthValue, tier) => {
    expect(tierOf({ spendFen: (growthValue - 100) * 100 })).toBe(tier);
    expect(tierOf({ spendFen: (growthValue - 100) * 100 + 99 })).toBe(tier);
  }); // prettier-ignore

  it('needs twelve months: eleven are not enough, unknown tenure is not either', () => {
    expect(tierOf({ spendFen: 900_000, tenureMonths: 12 })).toBe('DIAMOND');
    expect(tierOf({ spendFen: 900_000, tenureMonths: 11 })).toBe('ORDINARY');
    expect(tierOf({ spendFen: 900_000, tenureMonths: null })).toBe('ORDINARY');
  });

  it('values tenure at 100, from three years at 200, from ten at 300', () => {
    const actual = (tenureMonths: number) => growthValueOf({ spendFen: 100_000, tenureMonths });
    expect(actual(35)).toMatchObject({ actual: 1_100 });
    expect(actual(36)).toMatchObject({ actual: 1_200 });
    expect(actual(119)).toMatchObject({ actual: 1_200 });
    expect(actual(120)).toMatchObject({ actual: 1_300 });
  });

  it('takes 100 for each two-way suspension, for five at most', () => {
    const actual = (suspensions: number) => growthValueOf({ spendFen: 100_000, suspensions });
    expect([4, 5, 6].map(actual)).toEqual([700, 600, 600].map((value) => expect.objectContaining({ actual: value })));
  });

  it.each(['DATA', 'SECONDARY', 'IOT'])('does not rate a %s SIM, however much it spends', (simKind) => {
    expect(tierOf({ spendFen: 9_000_000, packageFeeFen: 90_000, simKind })).toBe('ORDINARY');
  });

  it('rates a customer whose kind of SIM is unknown', () => {
    expect(tierOf({ spendFen: 900_000, simKind: null })).toBe('DIAMOND');
  });

  it.each([
    [38_800, 'DIAMOND'], [38_799, 'PLATINUM'], [23_800, 'PLATINUM'], [12_800, 'GOLD'], [8_800, 'SILVER'], [8_799, 'ORDINARY'],
  ] as const)('a package of %d fen is %s', (packageFeeFen, tier) => {
    expect(tierOf({ packageFeeFen })).toBe(tier);
  }); // prettier-ignore

  it('tells what happened to the level', () => {
    const outcome = (current: Tier | undefined, spendFen: number) => decided(aCustomer({ spendFen }), current).outcome;
    expect(outcome(undefined, 0)).toBe('retained');
    expect(outcome(undefined, 200_000)).toBe('entered');
    expect(outcome('ORDINARY', 200_000)).toBe('upgraded');
    expect(outcome('GOLD', 200_000)).toBe('retained');
    expect(outcome('DIAMOND', 200_000)).toBe('downgraded');
  });

  it('does not decide by facts that it was not given', () => {
    const { customer, months } = aCustomer({});
    expect(() => decided({ customer: { simKind: 'MAIN' }, months })).toThrow('tenureMonths');
    expect(() => decided({ customer, months: [{ month: '2025-06-01', values: {} }] })).toThrow();
  });
});

describe('the way to the next review', () => {
  it('is held on 1 February, and levels are sure until its eve', () => {
    expect(nextReviewAfter({ month: 2, day: 1 }, '2026-01-31')).toBe('2026-02-01');
    expect(nextReviewAfter({ month: 2, day: 1 }, '2026-02-01')).toBe('2027-02-01');
    expect(dayBefore('2027-02-01')).toBe('2027-01-31');
    expect(dayBefore('2024-03-01')).toBe('2024-02-29');
  });

  it('names what keeps the level and what raises it, on every route', () => {
    const coming = decided(aCustomer({ spendFen: 150_000, packageFeeFen: 12_800 }), 'GOLD');
    expect(progressOf(rules, coming, { tier: 'GOLD', region: null })).toEqual([
      {
        route: 'GROWTH_VALUE', actual: 1_600,
        toKeep: { tier: 'GOLD', threshold: 1_800, gap: 200 }, toRise: { tier: 'PLATINUM', threshold: 3_000, gap: 1_400 },
      },
      {
        route: 'PACKAGE', actual: 12_800,
        toKeep: { tier: 'GOLD', threshold: 12_800, gap: 0 }, toRise: { tier: 'PLATINUM', threshold: 23_800, gap: 11_000 },
      },
    ]); // prettier-ignore
  });

  it('has nothing above diamond and nothing to keep below', () => {
    const goals = (tier: Tier) => progressOf(rules, decided(aCustomer({})), { tier, region: null });
    expect(goals('DIAMOND').map(({ toRise }) => toRise)).toEqual([undefined, undefined]);
    expect(goals('ORDINARY').map(({ toKeep }) => toKeep)).toEqual([undefined, undefined]);
  });
});

describe('levels', () => {
  it('[TIER-03] stand in one order', () => {
    expect([...tiers].sort((a, b) => serviceRank(b) - serviceRank(a))).toEqual(tiers);
    expect([serviceRank('DIAMOND'), serviceRank('ORDINARY')]).toEqual([5, 0]);
  });
});
