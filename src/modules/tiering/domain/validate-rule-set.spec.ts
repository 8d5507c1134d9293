import fc from 'fast-check';
import { gotone2026 } from './gotone-2026.js';
import { freeMovement } from './rule-set.js';
import { checksumOf } from './rule-set-checksum.js';
import { tiers } from './tier.js';
import { errorsOf as errorsOn, InvalidRuleSet, ruleSetBodyFrom } from './validate-rule-set.js';

const [growth] = gotone2026.routes;
const scale = tiers;
const errorsOf = (json: unknown) => errorsOn(json, { scale });
const withThresholds = (...thresholds: readonly object[]) => ({
  ...gotone2026,
  routes: [growth, { ...growth, code: 'OTHER', thresholds }],
});

describe('checking a rule set', () => {
  it('accepts what is shipped', () => {
    expect(errorsOf(JSON.parse(JSON.stringify(gotone2026)))).toEqual([]);
    expect(ruleSetBodyFrom(gotone2026, { scale })).toBe(gotone2026);
  });

  it.each([
    ['no object', [], '', 'must be an object'],
    ['an unknown part', { ...gotone2026, bonus: 1 }, '/bonus', 'is not known here'],
    [
      'levels that do not end in ORDINARY',
      { ...gotone2026, levels: gotone2026.levels.slice(0, 2) },
      '/levels',
      'must end in ORDINARY',
    ],
    ['no way to a level', { ...gotone2026, routes: [] }, '/routes', 'must have at least one route'],
    ['a code twice', { ...gotone2026, routes: [growth, growth] }, '/routes/1/code', 'GROWTH_VALUE is there twice'],
    [
      'a level that is switched off',
      { ...gotone2026, levels: gotone2026.levels.filter(({ tier }) => tier !== 'PLATINUM') },
      '/routes/0/thresholds/1/tier',
      'must be one of DIAMOND, GOLD, SILVER, HONOURED_GUEST',
    ],
    [
      'half a fen',
      { ...gotone2026, routes: [{ ...growth, thresholds: [{ tier: 'GOLD', atLeast: 0.5 }] }] },
      '/routes/0/thresholds/0/atLeast',
      'must be a whole number',
    ],
    [
      'a measure of nothing',
      {
        ...gotone2026,
        inputs: [{ code: 'X', label: { en: 'x', zh: 'x' }, unit: 'none', value: { metric: 'height' } }],
      },
      '/inputs/0/value/metric',
      'unknown metric',
    ],
    [
      'keeping a level that is dearer than reaching it',
      withThresholds({ tier: 'GOLD', atLeast: 1_800, retainAtLeast: 1_801 }),
      '/routes/1/thresholds/0/retainAtLeast',
      'contradicts atLeast: keeping the level cannot ask for more than 1800',
    ],
    [
      'a lower level that is harder to keep',
      withThresholds({ tier: 'GOLD', atLeast: 1_800, retainAtLeast: 1_000 }, { tier: 'SILVER', atLeast: 1_200 }),
      '/routes/1/thresholds/1/atLeast',
      'contradicts the level above, which is kept with 1000',
    ],
    [
      'ranges that overlap',
      withThresholds({ tier: 'GOLD', atLeast: 1_800 }, { tier: 'SILVER', atLeast: 1_800 }),
      '/routes/1/thresholds/1/atLeast',
      'must be below the threshold of the level above',
    ],
    [
      'a level that no route gives',
      { ...gotone2026, routes: gotone2026.routes.slice(1) },
      '/levels/4/tier',
      'nobody can reach HONOURED_GUEST: no route gives it',
    ],
    [
      'more than a measure can be',
      {
        ...gotone2026,
        routes: [
          ...gotone2026.routes,
          {
            ...growth,
            code: 'TIME',
            measure: { metric: 'tenureMonths' },
            thresholds: [{ tier: 'GOLD', atLeast: 1_201 }],
          },
        ],
      },
      '/routes/2/thresholds/0/atLeast',
      'nobody can reach GOLD here: the measure is at most 1200',
    ],
    [
      'a level below one that everybody reaches',
      {
        ...gotone2026,
        routes: [
          ...gotone2026.routes,
          {
            ...growth,
            code: 'TIME',
            measure: { metric: 'netSpendFen', agg: 'count', window: { kind: 'calendar-year', offset: -1 } },
            thresholds: [
              { tier: 'GOLD', atLeast: 0 },
              { tier: 'SILVER', atLeast: -1 },
            ],
          },
        ],
      },
      '/routes/2/thresholds/1/atLeast',
      'nobody can be given SILVER here: everybody who is measured reaches GOLD',
    ],
    [
      'a measure of ten thousand parts',
      {
        ...gotone2026,
        routes: [{ ...growth, measure: { add: Array.from({ length: 10_000 }, () => ({ const: 1 })) } }],
      },
      '/routes/0/measure/add/499',
      'is one node too many: a rule has at most 500',
    ],
    [
      'a measure divided by nothing',
      { ...gotone2026, routes: [{ ...growth, measure: { divFloor: [{ metric: 'tenureMonths' }, 0] } }] },
      '/routes/0/measure/divFloor/1',
      'divides by nothing',
    ],
    [
      'a province twice',
      { ...gotone2026, provinces: ['440000', '440000'].map((region) => ({ region, routes: [] })) },
      '/provinces/1/region',
      '440000 is there twice',
    ],
    [
      'a route that only a province has',
      { ...gotone2026, provinces: [{ region: '440000', routes: [{ code: 'MINE', thresholds: [] }] }] },
      '/provinces/0/routes/0/code',
      'must be the code of a route of the rule set',
    ],
    [
      'endless grace',
      { ...gotone2026, movement: { ...freeMovement, graceMonths: 13 } },
      '/movement/graceMonths',
      'must be a whole number from 0 to 12',
    ],
    [
      'another word for a run',
      { ...gotone2026, movement: { ...freeMovement, downgrade: 'never' } },
      '/movement/downgrade',
      'must be any-run or review',
    ],
    ['a day that not every year has', { ...gotone2026, review: { month: 2, day: 29 } }, '/review/day', 'from 1 to 28'],
  ])('names the place and the reason of %s', (_, body, pointer, reason) => {
    expect(errorsOf(body)).toContainEqual({ pointer, reason: expect.stringContaining(reason) });
    expect(() => ruleSetBodyFrom(body, { scale })).toThrow(InvalidRuleSet);
  });

  it('survives whatever it is sent', () => {
    fc.assert(fc.property(fc.jsonValue(), (json) => errorsOf(json).length > 0));
    const parts = Object.keys(gotone2026);
    fc.assert(
      fc.property(fc.constantFrom(...parts), fc.jsonValue(), (part, json) =>
        Array.isArray(errorsOf({ ...gotone2026, [part]: json })),
      ),
    );
  });

  it('gives the same rules the same checksum, and others another', () => {
    const turned = Object.fromEntries(Object.entries(gotone2026).reverse()) as unknown as typeof gotone2026;
    expect(checksumOf(turned)).toBe(checksumOf(gotone2026));
    expect(checksumOf({ ...gotone2026, review: { month: 3, day: 1 } })).not.toBe(checksumOf(gotone2026));
  });
});
