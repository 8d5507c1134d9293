import { InvalidPointsAmount } from './refusals.js';

/** @throws InvalidPointsAmount unless it is a whole number above 0 */
export function assertPointsAmount(points: number): void {
  if (!Number.isSafeInteger(points) || points <= 0) throw new InvalidPointsAmount();
}
