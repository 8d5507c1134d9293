import fc from 'fast-check';
import { differenceOf } from './difference-of-rule-sets.js';
import { gotone2026 } from './gotone-2026.js';
import { freeMovement, type RuleSetBody } from './rule-set.js';

const [growth, packages] = gotone2026.routes;
if (!growth || !packages) throw new Error('nothing is shipped');

/** The shipped rules with other thresholds of a route; a level without an amount has no threshold. */
const withThresholds = (code: string, amounts: Readonly<Record<string, number>>): RuleSetBody => ({
  ...gotone2026,
  routes: gotone2026.routes.map((route) =>
    route.code === code
      ? { ...route, thresholds: Object.entries(amounts).map(([tier, atLeast]) => ({ tier, atLeast })) }
      : route,
  ),
});

const at = (body: object, pointer: string): unknown =>
  pointer
    .split('/')
    .slice(1)
    .reduce<unknown>((part, step) => (part as Record<string, unknown>)[step], body);

describe('comparing two rule sets', () => {
  it('finds nothing where both say the same, in whatever order their keys stand and whatever is left out', () => {
    const same: RuleSetBody = { ...JSON.parse(JSON.stringify(gotone2026)), movement: freeMovement, provinces: [] };
    expect(differenceOf(gotone2026, same)).toEqual([]);
    expect(differenceOf(same, gotone2026)).toEqual([]);
  });

  it('[TIER-01] names a threshold by route and level, in words, before and after', () => {
    const later = withThresholds('PACKAGE', { DIAMOND: 39_900, PLATINUM: 23_800, GOLD: 12_800, SILVER: 8_800 });
    expect(differenceOf(gotone2026, later)).toEqual([
      {
        place: '/routes/1/thresholds/0/atLeast',
        what: {
          en: 'package fee of last month, Diamond: 388 yuan → 399 yuan',
          zh: '上月套餐月费，钻石卡：由「388元」改为「399元」',
        },
        before: 38_800,
        after: 39_900,
      },
    ]);
  });

  it('matches parts by their code: one that is put in front moves nothing else', () => {
    const later: RuleSetBody = {
      ...gotone2026,
      exclusions: [
        {
          code: 'NO_REAL_NAME',
          label: { en: 'without a real name', zh: '未实名不参评' },
          condition: { metric: 'realName', op: '==', value: false },
        },
        ...gotone2026.exclusions.filter(({ code }) => code !== 'IOT'),
      ],
    };
    expect(differenceOf(gotone2026, later).map(({ place, what }) => [place, what.en, what.zh])).toEqual([
      ['/exclusions/2', 'exclusion “a machine is not rated” is gone', '不参评情形「物联网卡不参评」取消'],
      ['/exclusions/0', 'exclusion “without a real name” is new', '不参评情形「未实名不参评」新增'],
    ]);
  });

  it.each<[string, Partial<RuleSetBody>, string, string]>([
    [
      'a level that is switched off',
      { levels: gotone2026.levels.filter(({ tier }) => tier !== 'PLATINUM') },
      '/levels/1',
      'level “Platinum” is gone',
    ],
    [
      'another condition',
      {
        requirements: gotone2026.requirements.map((gate) => ({
          ...gate,
          condition: { metric: 'tenureMonths', op: '>=', value: 6 },
        })),
      },
      '/requirements/0/condition',
      'in the network for at least a year: tenure is at least 12 months → tenure is at least 6 months',
    ],
    [
      'a level that may be kept for less',
      {
        routes: [
          { ...growth, thresholds: growth.thresholds.map((t, i) => (i === 0 ? { ...t, retainAtLeast: 3_600 } : t)) },
          packages,
        ],
      },
      '/routes/0/thresholds/0/retainAtLeast',
      'growth value, Diamond (to keep it): 4,000 → 3,600',
    ],
    [
      'months of grace',
      { movement: { ...freeMovement, graceMonths: 3 } },
      '/movement/graceMonths',
      'movement: A downgrade comes at once → A downgrade is announced and comes 3 months later, unless the level is earned again until then',
    ],
    [
      'a province of its own',
      { provinces: [{ region: '440000', routes: [{ code: 'PACKAGE', thresholds: packages.thresholds }] }] },
      '/provinces/0',
      'province “440000” is new',
    ],
    [
      'another day of review',
      { review: { month: 3, day: 1 } },
      '/review',
      'The yearly review holds from 1 February → The yearly review holds from 1 March',
    ],
    ['another order', { routes: [packages, growth] }, '/routes', 'routes stand in another order'],
  ])('finds %s', (_, changes, place, what) => {
    const found = differenceOf(gotone2026, { ...gotone2026, ...changes });
    expect(found.map((each) => [each.place, each.what.en])).toEqual([[place, what]]);
  });

  it('finds every threshold that differs, and points to it', () => {
    const tiers = ['DIAMOND', 'PLATINUM', 'GOLD', 'SILVER', 'HONOURED_GUEST'];
    const anyThresholds = fc
      .subarray(tiers, { minLength: 1 })
      .chain((some) =>
        fc
          .uniqueArray(fc.integer({ min: 1, max: 9_999 }), { minLength: some.length, maxLength: some.length })
          .map((amounts) =>
            Object.fromEntries(some.map((tier, i) => [tier, [...amounts].sort((a, b) => b - a)[i] ?? 0])),
          ),
      );
    fc.assert(
      fc.property(anyThresholds, anyThresholds, (before, after) => {
        const later = withThresholds('GROWTH_VALUE', after);
        const found = differenceOf(withThresholds('GROWTH_VALUE', before), later);
        expect(found).toHaveLength(tiers.filter((tier) => before[tier] !== after[tier]).length);
        for (const each of found) if (each.after !== undefined) expect(at(later, each.place)).toEqual(each.after);
      }),
    );
  });
});
