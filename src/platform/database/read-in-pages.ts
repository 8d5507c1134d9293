import type { Row, Tx } from './tx.js';

const PAGE = 1000;
let opened = 0;

/** The rows of a statement, a page at a time: what it finds may be larger than the memory. One at a time in a transaction. */
export async function* readInPages<R extends object = Row>(
  tx: Tx,
  sql: string,
  params: readonly unknown[] = [],
): AsyncGenerator<readonly R[]> {
  const cursor = `pages_${(opened += 1)}`;
  await tx.execute(`DECLARE ${cursor} NO SCROLL CURSOR FOR ${sql}`, params);
  for (;;) {
    const rows = await tx.query<R>(`FETCH ${PAGE} FROM ${cursor}`);
    if (rows.length > 0) yield rows;
    if (rows.length < PAGE) break;
  }
  await tx.execute(`CLOSE ${cursor}`);
}
