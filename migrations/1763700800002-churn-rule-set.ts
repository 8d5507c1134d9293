import type { MigrationInterface, QueryRunner } from 'typeorm';
import { churn2026 } from '../src/modules/analytics/domain/churn-2026.js';

/** The churn flags that are shipped, in effect from the first day that facts may be about. */
export class ChurnRuleSet1763700800002 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(
      `INSERT INTO analytics.churn_rule_set (version, status, effective_from, body, author, approver, created_at)
       VALUES ('2026.1', 'active', '2020-01-01', $1, 'product', 'product-review', '2026-01-01T00:00:00+08:00')`,
      [JSON.stringify(churn2026)],
    );
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`DELETE FROM analytics.churn_rule_set WHERE version = '2026.1'`);
  }
}
