import type { Tx } from '../../../platform/database/index.js';
import { changedFacts, type ClientAttributes, type Collected } from '../domain/main-facts.js';
import { column } from './bulk.js';

/** Remembers of every fact that changed how it came, and forgets how those came that are gone. */
export async function keepFactSources(
  tx: Tx,
  customerId: string,
  before: ClientAttributes,
  after: ClientAttributes,
  { source, byKind, by, at }: Collected,
): Promise<void> {
  const changed = changedFacts(before, after);
  const stated = new Set(changedFacts({}, after));
  const told = changed.filter((fact) => stated.has(fact));
  const gone = changed.filter((fact) => !stated.has(fact));
  if (told.length > 0) {
    await tx.execute(
      `INSERT INTO customers.fact_source (customer_id, fact, source, collected_by_kind, collected_by, collected_at)
       SELECT $1, fact, $3, $4, $5, $6 FROM unnest($2::text[]) AS fact
       ON CONFLICT (customer_id, fact) DO UPDATE SET source = excluded.source,
         collected_by_kind = excluded.collected_by_kind, collected_by = excluded.collected_by,
         collected_at = excluded.collected_at`,
      [customerId, column(told, (fact) => fact), source, byKind, by, at],
    );
  }
  if (gone.length > 0) {
    await tx.execute('DELETE FROM customers.fact_source WHERE customer_id = $1 AND fact = ANY($2::text[])', [
      customerId,
      column(gone, (fact) => fact),
    ]);
  }
}

export async function factSourcesOf(
  source: Pick<Tx, 'query'>,
  customerId: string,
): Promise<ReadonlyMap<string, Collected>> {
  const rows = await source.query<Collected & { readonly fact: string }>(
    `SELECT fact, source, collected_by_kind AS "byKind", collected_by AS by, collected_at AS at
     FROM customers.fact_source WHERE customer_id = $1`,
    [customerId],
  );
  return new Map(rows.map(({ fact, ...collected }) => [fact, collected]));
}
