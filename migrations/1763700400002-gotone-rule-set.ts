import type { MigrationInterface, QueryRunner } from 'typeorm';
import { gotone2026 } from '../src/modules/tiering/domain/gotone-2026.js';
import { checksumOf } from '../src/modules/tiering/domain/rule-set-checksum.js';

/** The rule set that is shipped, in effect from the first day that facts may be about. */
export class GotoneRuleSet1763700400002 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(
      `INSERT INTO tiering.rule_set (program, version, status, effective_from, body, checksum, author, approver, created_at)
       VALUES ('GOTONE', '2026.1', 'active', '2020-01-01', $1, $2, 'product', 'product-review', '2026-01-01T00:00:00+08:00')`,
      [JSON.stringify(gotone2026), checksumOf(gotone2026)],
    );
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`DELETE FROM tiering.rule_set WHERE program = 'GOTONE' AND version = '2026.1'`);
  }
}
