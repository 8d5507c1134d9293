/** 50 points are one yuan of what is paid, so of the list price they are as many as is left of it: 8折 → 40 a yuan (PTS-09). */
export const pointsPerHundredYuan = (discountPercent: number): number => 50 * discountPercent;

/**
 * Points for a list price in fen at `discountPercent` of it: half of the fen that are left, rounded up once, at the end. It grows with the
 * price and never jumps, so parts of a sale never cost more than the sale.
 */
export const pointsForListPrice = (listFen: number, discountPercent: number): number =>
  Math.ceil((listFen * discountPercent) / 200);

/** Points that go back for a part of a sale that was captured: what the rest costs is kept, so all parts together are the whole. */
export function pointsToReturn(sale: {
  readonly capturedFen: number;
  readonly returnedFen: number;
  readonly returnFen: number;
  readonly discountPercent: number;
}): number {
  const { capturedFen, returnedFen, returnFen, discountPercent } = sale;
  const left = capturedFen - returnedFen;
  return pointsForListPrice(left, discountPercent) - pointsForListPrice(left - returnFen, discountPercent);
}

/** One point is two fen (PTS-08). */
export const worthInFen = (points: number): number => points * 2;
