import { createHash } from 'node:crypto';
import type { Tx } from '../../../platform/database/index.js';
import type { Outcome } from '../../../platform/queues/index.js';

/** Who stands where on the scale of a programme, for the end of a run: the same levels, the same checksum. */
export async function levelsOf(tx: Tx, program: string): Promise<Outcome> {
  const levels = await tx.query<{ tier: string; customers: number; hash: string }>(
    `SELECT tier, count(*) AS customers, sum(uuid_hash_extended(customer_id, valid_from - DATE '2000-01-01'))::text AS hash
     FROM tiering.current_level WHERE program = $1 GROUP BY tier ORDER BY tier`,
    [program],
  );
  return {
    checksum: createHash('sha256').update(JSON.stringify(levels)).digest('hex'),
    summary: { levels: Object.fromEntries(levels.map(({ tier, customers }) => [tier, customers])) },
  };
}
