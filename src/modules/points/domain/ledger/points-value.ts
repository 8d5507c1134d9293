/** 50 points are one yuan, so one point is two fen: exactly, always, however many (PTS-07, PTS-08). */
export const FEN_PER_POINT = 2;

/** What a number of points is worth, in fen. */
export function valueInFen(points: number): number {
  return points * FEN_PER_POINT;
}
