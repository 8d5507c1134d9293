import type { Database, Tx } from '../../../platform/database/index.js';
import { ruleSetInEffect } from './rule-sets.js';

/** What goes by itself with the level that a customer holds in a programme on a day: amounts by code. */
export async function grantsOf(
  reader: Pick<Database | Tx, 'query'>,
  { customerId, program, asOf }: { readonly customerId: string; readonly program: string; readonly asOf: string },
): Promise<ReadonlyMap<string, number>> {
  const [held] = await reader.query<{ region: string | null; tier: string | null }>(
    `SELECT p.region, a.tier FROM customers.profile p
     LEFT JOIN tiering.tier_assignment a ON a.customer_id = p.customer_id AND a.program = $2 AND a.valid_from <= $3 AND $3 < a.valid_until
     WHERE p.customer_id = $1`,
    [customerId, program, asOf],
  );
  const { body, scale } = await ruleSetInEffect(reader, { program, asOf, region: held?.region });
  const tier = held?.tier ?? scale[scale.length - 1];
  const grants = body.levels.find((level) => level.tier === tier)?.grants ?? [];
  return new Map(grants.map(({ code, value }) => [code, value]));
}
