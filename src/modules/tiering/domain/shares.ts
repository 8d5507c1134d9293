export const WHOLE = 10_000;

/**
 * Parts of a whole in hundredths of a percent that come to exactly 100%: rounded down, and what is left goes to the largest
 * remainders, the first of equals. Nothing of nothing is 0. Parts are whole numbers, not negative.
 */
export function sharesOf(parts: readonly number[]): readonly number[] {
  const total = parts.reduce((sum, part) => sum + BigInt(part), 0n);
  if (total === 0n) return parts.map(() => 0);
  const exact = parts.map((part, place) => {
    const product = BigInt(part) * BigInt(WHOLE);
    return { place, floor: Number(product / total), remainder: product % total };
  });
  const left = WHOLE - exact.reduce((sum, { floor }) => sum + floor, 0);
  const byRemainder = [...exact].sort((a, b) =>
    a.remainder === b.remainder ? a.place - b.place : a.remainder > b.remainder ? -1 : 1,
  );
  const rounded = new Set(byRemainder.slice(0, left).map(({ place }) => place));
  return exact.map(({ place, floor }) => floor + (rounded.has(place) ? 1 : 0));
}
