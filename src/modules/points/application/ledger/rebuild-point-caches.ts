import type { Transaction } from '../../../../platform/database/index.js';
import { EARNED, movedInto } from '../../persistence/ledger/posting-sql.js';

/**
 * Makes accounts and buckets anew from the journal and its postings, which are the truth. Nothing is posted meanwhile. That somebody has
 * frozen an account stays as it is: it is no sum of anything.
 */
export function rebuildPointCaches(transaction: Transaction): Promise<void> {
  return transaction.run(async (tx) => {
    await tx.execute('LOCK TABLE points.point_account IN EXCLUSIVE MODE');
    await tx.execute('DELETE FROM points.point_bucket');
    await tx.execute(
      `INSERT INTO points.point_bucket (customer_id, expires_on, points_type, funder_id, remaining, held)
       SELECT customer_id, expires_on, points_type, funder_id,
         ${movedInto('CUST_AVAILABLE')}, ${movedInto('CUST_HELD')}
       FROM points.posting WHERE expires_on IS NOT NULL
       GROUP BY customer_id, expires_on, points_type, funder_id`,
    );
    await tx.execute('DELETE FROM points.point_account WHERE frozen_reason IS NULL');
    await tx.execute(
      `INSERT INTO points.point_account (customer_id, available, held, pending, debt, lifetime_earned, version, status)
       SELECT customer_id, COALESCE(p.available, 0), COALESCE(p.held, 0), COALESCE(p.pending, 0), COALESCE(p.debt, 0),
         COALESCE(p.earned, 0), j.version, CASE j.turns[1] WHEN 'CLOSURE' THEN 'CLOSED' ELSE 'ACTIVE' END
       FROM (
         SELECT customer_id, max(account_version) AS version,
           array_agg(kind ORDER BY account_version DESC) FILTER (WHERE kind IN ('CLOSURE', 'REOPENING')) AS turns
         FROM points.journal GROUP BY customer_id
       ) j
       LEFT JOIN (
         SELECT customer_id, ${movedInto('CUST_AVAILABLE')} AS available, ${movedInto('CUST_HELD')} AS held,
           ${movedInto('CUST_PENDING')} AS pending, -(${movedInto('CUST_DEBT')}) AS debt, ${EARNED} AS earned
         FROM points.posting GROUP BY customer_id
       ) p USING (customer_id)
       ON CONFLICT (customer_id) DO UPDATE SET available = excluded.available, held = excluded.held, pending = excluded.pending,
         debt = excluded.debt, lifetime_earned = excluded.lifetime_earned, version = excluded.version, status = excluded.status`,
    );
  });
}
