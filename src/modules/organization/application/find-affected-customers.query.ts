import { Injectable } from '@nestjs/common';
import { Database } from '../../../platform/database/index.js';

export interface Looks {
  readonly actorId: string;
  readonly from: Date;
  readonly until: Date;
}

export interface AffectedCustomer {
  readonly customerId: string;
  readonly looks: number;
  readonly firstAt: Date;
  readonly lastAt: Date;
  readonly fieldGroups: readonly string[];
}

/** Of an incident: whose data an actor has seen. */
@Injectable()
export class FindAffectedCustomers {
  constructor(private readonly database: Database) {}

  /** Those after `after`, by id; from the register, so of what was shown and of nothing else. */
  execute(
    { actorId, from, until }: Looks,
    { after, limit }: { readonly after: string | undefined; readonly limit: number },
  ): Promise<readonly AffectedCustomer[]> {
    return this.database.query<AffectedCustomer>(
      `SELECT customer_id AS "customerId", count(DISTINCT r.entry_id) AS looks, min(r.occurred_at) AS "firstAt",
         max(r.occurred_at) AS "lastAt", array_remove(array_agg(DISTINCT shown ORDER BY shown), NULL) AS "fieldGroups"
       FROM organization.access_register r
       CROSS JOIN LATERAL unnest(r.customer_ids) AS c (customer_id)
       LEFT JOIN LATERAL unnest(r.field_groups) AS g (shown) ON true
       WHERE r.actor_id = $1 AND r.occurred_at >= $2 AND r.occurred_at < $3 AND r.result = 'granted'
         AND ($4::uuid IS NULL OR customer_id > $4)
       GROUP BY customer_id ORDER BY customer_id LIMIT ${limit}`,
      [actorId, from, until, after ?? null],
    );
  }

  /** Lines of lists so long that the register does not name everybody in them: for these the list above is not complete. */
  async unnamedLooks({ actorId, from, until }: Looks): Promise<number> {
    const [row] = await this.database.query<{ lines: number }>(
      `SELECT count(*) AS lines FROM organization.access_register r
       WHERE r.actor_id = $1 AND r.occurred_at >= $2 AND r.occurred_at < $3 AND r.result = 'granted'
         AND r.customer_count > cardinality(r.customer_ids)`,
      [actorId, from, until],
    );
    return row?.lines ?? 0;
  }
}
