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
  return layers(best.length, (from, to) => best.slice(from, to).reduce((sum, spend) => sum + spend, 0));
}

/** The same from sums that the database has made. `revenueOf(from, to)`: of the customers ranked from < rank ≤ to. */
export function layers(customers: number, revenueOf: (from: number, to: number) => number): readonly PyramidLayer[] {
  let from = 0;
  const found = steps.map(({ step, percent }) => {
    const to = cutOff(customers, percent);
    const layer = { step, customers: to - from, revenueFen: revenueOf(from, to) };
    from = to;
    return layer;
  });
  const total = found.reduce((sum, { revenueFen }) => sum + revenueFen, 0);
  return found.map((layer) => ({
    ...layer,
    shareBasisPoints:
      total === 0 ? 0 : Number((BigInt(layer.revenueFen) * 20_000n + BigInt(total)) / (2n * BigInt(total))),
  }));
}
