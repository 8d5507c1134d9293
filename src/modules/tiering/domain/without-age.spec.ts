import { mzoneTarget2026 } from './mzone-target-2026.js';
import type { RuleSetBody } from './rule-set.js';
import { withoutAge } from './without-age.js';

const label = { en: 'x', zh: 'x' };
const body: RuleSetBody = {
  ...mzoneTarget2026,
  inputs: [
    { code: 'AGE', label, unit: 'none', value: { metric: 'age' } },
    {
      code: 'OLD',
      label,
      unit: 'none',
      value: { case: [{ when: { metric: 'age', op: '>', value: 60 }, then: { const: 1 } }], else: { const: 0 } },
    },
    { code: 'TENURE', label, unit: 'months', value: { metric: 'tenureMonths' } },
  ],
  routes: mzoneTarget2026.routes.map((route) => ({ ...route, measure: { sub: [{ const: 100 }, { metric: 'age' }] } })),
};

describe('what a level was decided from', () => {
  it('[CUS-28] is told without figures that are made of the age', () => {
    const route = {
      kind: 'route', code: 'HEAVY_DATA', actual: 80, tier: 'TARGET', threshold: 75, nextTier: null, nextThreshold: null, gap: -5,
    } as const; // prettier-ignore
    expect(withoutAge(body, { inputs: { AGE: 20, OLD: 0, TENURE: 12, GONE: 3 }, reasons: [route] })).toEqual({
      inputs: { AGE: null, OLD: null, TENURE: 12, GONE: null },
      reasons: [{ ...route, actual: null, gap: null }],
    });
  });
});
