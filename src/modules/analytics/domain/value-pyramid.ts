/** Steps of the value pyramid (客户价值金字塔): the best 1%, the next up to 5%, 20% and 50%, and the rest. */
export const steps = [
  { step: 'TOP_1', percent: 1 },
  { step: 'TOP_5', percent: 5 },
  { step: 'TOP_20', percent: 20 },
  { step: 'TOP_50', percent: 50 },
  { step: 'REST', percent: 100 },
] as const;

export type PyramidStep = (typeof steps)[number]['step'];

export interface PyramidLayer {
  readonly step: PyramidStep;
  readonly customers: number;
  readonly revenueFen: number;
  /** Of all revenue, in hundredths of a percent, rounded to the nearest. */
  readonly shareBasisPoints: number;
}

/** How many of `customers` are in the best `percent`: floor(n × q), by whole numbers (ANALYTICS.md §4a). */
export function cutOff(customers: number, percent: number): number {
  return Math.floor((customers * percent) / 100);
}

/** The pyramid of customers by what they spent, in any order. Customers without spend are no part of it. */
export function valuePyramid(spendsInFen: readonly number[]): readonly PyramidLayer[] {
  const best = spendsInFen.filter((spend) => spend > 0).sort((a, b) => b - a);
  let from = 0;
  return pyramidOf(
    steps.map(({ step, percent }) => {
      const layer = best.slice(from, cutOff(best.length, percent));
      from += layer.length;
      return { step, customers: layer.length, revenueFen: layer.reduce((sum, spend) => sum + spend, 0) };
    }),
  );
}

/** The pyramid from layers that the database has summed; a layer that nobody is in may be missing. */
export function pyramidOf(sums: readonly Omit<PyramidLayer, 'shareBasisPoints'>[]): readonly PyramidLayer[] {
  const total = BigInt(sums.reduce((sum, { revenueFen }) => sum + revenueFen, 0));
  return steps.map(({ step }) => {
    const { customers, revenueFen } = sums.find((each) => each.step === step) ?? { customers: 0, revenueFen: 0 };
    const share = total === 0n ? 0n : (BigInt(revenueFen) * 20_000n + total) / (2n * total);
    return { step, customers, revenueFen, shareBasisPoints: Number(share) };
  });
}
