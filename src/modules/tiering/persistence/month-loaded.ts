import type { Tx } from '../../../platform/database/index.js';

/** Whether the facts of a month (its first day) have come: asked of a thousand customers, since all of them have bills. */
export async function isMonthLoaded(tx: Tx, month: string): Promise<boolean> {
  const [found] = await tx.query(
    `SELECT FROM (SELECT customer_id FROM customers.profile WHERE archive = 'in-network' LIMIT 1000) p
     JOIN usage.month_fact m ON m.customer_id = p.customer_id AND m.month = $1 WHERE m.spend_fen > 0 LIMIT 1`,
    [month],
  );
  return found !== undefined;
}
