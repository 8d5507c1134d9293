import { gotone2026 } from './gotone-2026.js';
import { withoutAmounts } from './without-amounts.js';

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
});
