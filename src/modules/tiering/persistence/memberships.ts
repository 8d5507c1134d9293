import type { Database, Tx } from '../../../platform/database/index.js';
import type { Tier } from '../domain/tier.js';

export interface Membership {
  readonly tier: Tier;
  readonly isPointsMember: boolean;
}

/** How a customer belongs to the club now: by a level, as a points member, by both or not at all. */
export async function membershipOf(reader: Pick<Database | Tx, 'query'>, customerId: string): Promise<Membership> {
  const [row] = await reader.query<{ tier: Tier | null; isPointsMember: boolean }>(
    `SELECT (SELECT tier FROM tiering.current_tier WHERE customer_id = $1) AS tier,
       EXISTS (SELECT FROM tiering.current_points_member WHERE customer_id = $1) AS "isPointsMember"`,
    [customerId],
  );
  return { tier: row?.tier ?? 'ORDINARY', isPointsMember: row?.isPointsMember ?? false };
}
