import { compilePredicate } from '../../../platform/rules/index.js';
import { gotone2026 } from './gotone-2026.js';
import { tierMetrics } from './metrics.js';
import { mzoneTarget2026 } from './mzone-target-2026.js';
import type { RuleSetBody } from './rule-set.js';
import { withoutAge, withoutAmounts } from './without-values.js';

const route = (code: string) => ({
  ...{ kind: 'route' as const, code, actual: 3_999, tier: 'PLATINUM' as const, threshold: 3_000 },
  ...{ nextTier: 'DIAMOND' as const, nextThreshold: 4_000, gap: 1 },
});

describe('[AUD-03] a level without amounts', () => {
  it('shows neither spending nor what is reckoned from it, but the rules and everything else', () => {
    const shown = withoutAmounts(gotone2026, {
      inputs: { SPEND: 3_699, TENURE_VALUE: 300, SUSPENSIONS: 0, TENURE: 60, FORMER_FIGURE: 7 },
      reasons: [{ kind: 'requirement', code: 'TENURE', holds: true }, route('GROWTH_VALUE'), route('PACKAGE')],
      progress: [
        {
          route: 'GROWTH_VALUE',
          actual: 3_999,
          toKeep: undefined,
          toRise: { tier: 'DIAMOND', threshold: 4_000, gap: 1 },
        },
      ],
      other: 'stays',
    });
    expect(shown.inputs).toEqual({ SPEND: null, TENURE_VALUE: 300, SUSPENSIONS: 0, TENURE: 60, FORMER_FIGURE: null });
    expect(shown.reasons[0]).toEqual({ kind: 'requirement', code: 'TENURE', holds: true });
    expect(shown.reasons.slice(1)).toMatchObject([
      { actual: null, gap: null, threshold: 3_000, nextThreshold: 4_000 },
      { actual: null, gap: null },
    ]);
    expect(shown.progress).toEqual([{ route: 'GROWTH_VALUE', actual: null, toKeep: undefined, toRise: undefined }]);
    expect(JSON.stringify(shown)).not.toMatch(/3_?999|3_?699/);
    expect(shown.other).toBe('stays');
  });

  it('shows no threshold that is reckoned from what the customer spends', () => {
    const spend = { metric: 'netSpendFen', agg: 'sum', window: { kind: 'calendar-year' } } as const;
    const condition = {
      all: [
        { metric: 'tenureMonths', op: '>=', value: 12 },
        { not: { metric: 'tenureMonths', op: '<', value: { divFloor: [spend, 100] } } },
      ],
    } as const;
    const label = { en: 'x', zh: 'x' };
    const body = { ...gotone2026, requirements: [{ code: 'LOYAL', label, condition }] };
    const months = [{ month: '2026-01-01', values: { netSpendFen: 369_900 } }];
    const { trace } = compilePredicate(condition, tierMetrics)(
      { customer: { tenureMonths: 60 }, months },
      '2026-02-01',
    );
    expect(trace[1]?.threshold).toBe(3_699);
    const gates = [{ kind: 'requirement', code: 'LOYAL', label, holds: true, checks: trace }] as const;
    const [shown] = withoutAmounts(body, { gates }).gates;
    expect(shown?.checks.map(({ actual, threshold }) => [actual, threshold])).toEqual([
      [null, 12],
      [null, null],
    ]);
  });
});

describe('a level without the age', () => {
  const label = { en: 'x', zh: 'x' };
  const young = { metric: 'age', op: '<=', value: 25 } as const;
  const body: RuleSetBody = {
    ...mzoneTarget2026,
    inputs: [
      { code: 'AGE', label, unit: 'none', value: { metric: 'age' } },
      {
        ...{ code: 'OLD', label, unit: 'none' },
        value: { case: [{ when: { metric: 'age', op: '>', value: 60 }, then: { const: 1 } }], else: { const: 0 } },
      },
      { code: 'TENURE', label, unit: 'months', value: { metric: 'tenureMonths' } },
    ],
    requirements: [
      { code: 'YOUNG', label, condition: { all: [young] } },
      { code: 'LOYAL', label, condition: { metric: 'tenureMonths', op: '>=', value: 3 } },
    ],
    routes: mzoneTarget2026.routes.map((route) => ({
      ...route,
      measure: { sub: [{ const: 100 }, { metric: 'age' }] },
    })),
  };
  const check = {
    pointer: '',
    subject: label,
    unit: 'none',
    op: '<=',
    threshold: 25,
    holds: true,
    wanted: true,
  } as const;
  const gate = { kind: 'requirement', label, holds: true } as const;

  it('[CUS-28] shows no figure, route or comparison that is made of it', () => {
    const route = {
      kind: 'route', code: 'HEAVY_DATA', actual: 80, tier: 'TARGET', threshold: 75, nextTier: null, nextThreshold: null, gap: -5,
    } as const; // prettier-ignore
    const toRise = { tier: 'TARGET', threshold: 85, gap: 5 };
    const loyal = { ...gate, code: 'LOYAL', checks: [{ ...check, actual: 12, gap: 0 }] };
    expect(
      withoutAge(body, {
        inputs: { AGE: 20, OLD: 0, TENURE: 12, GONE: 3 },
        reasons: [route],
        progress: [{ route: 'HEAVY_DATA', actual: 80, toKeep: undefined, toRise }],
        gates: [{ ...gate, code: 'YOUNG', checks: [{ ...check, actual: 20, gap: 0 }] }, loyal],
      }),
    ).toEqual({
      inputs: { AGE: null, OLD: null, TENURE: 12, GONE: null },
      reasons: [{ ...route, actual: null, gap: null }],
      progress: [{ route: 'HEAVY_DATA', actual: null, toKeep: undefined, toRise: undefined }],
      gates: [{ ...gate, code: 'YOUNG', checks: [{ ...check, actual: null, gap: null }] }, loyal],
    });
  });
});
