import fc from 'fast-check';
import { gotone2026 } from './gotone-2026.js';
import { checksumOf } from './rule-set-checksum.js';
import { errorsOf, InvalidRuleSet, ruleSetBodyFrom } from './validate-rule-set.js';

const [growth] = gotone2026.routes;

describe('checking a rule set', () => {
  it('accepts what is shipped', () => {
    expect(errorsOf(JSON.parse(JSON.stringify(gotone2026)))).toEqual([]);
    expect(ruleSetBodyFrom(gotone2026)).toBe(gotone2026);
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
    ['a day that not every year has', { ...gotone2026, review: { month: 2, day: 29 } }, '/review/day', 'from 1 to 28'],
  ])('names the place and the reason of %s', (_, body, pointer, reason) => {
    expect(errorsOf(body)).toContainEqual({ pointer, reason: expect.stringContaining(reason) });
    expect(() => ruleSetBodyFrom(body)).toThrow(InvalidRuleSet);
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
