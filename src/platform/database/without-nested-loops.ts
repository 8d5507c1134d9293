import type { Tx } from './tx.js';

/**
 * Joins whole sets as such. How many rows a set has the planner cannot tell when it is a temporary table, an array, or a slice of customers
 * smaller than a step of its histogram – it guesses one, and would go through everything else anew for each row.
 */
export async function withoutNestedLoops<T>(tx: Pick<Tx, 'execute'>, work: () => Promise<T>): Promise<T> {
  await tx.execute('SET LOCAL enable_nestloop = off');
  const done = await work();
  await tx.execute('SET LOCAL enable_nestloop TO DEFAULT');
  return done;
}
