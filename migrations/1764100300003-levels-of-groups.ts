import type { MigrationInterface, QueryRunner } from 'typeorm';
import { group2026 } from '../src/modules/tiering/domain/group-2026.js';
import { checksumOf } from '../src/modules/tiering/domain/rule-set-checksum.js';

const BEFORE = ['tier', 'star-level', 'credit-grade', 'potential-high-value', 'customer-class', 'value-model'];
const VERSION = 'GROUP-2026.1';

/** Levels of group customers (集团客户级别, TIER-01), with the rules that are shipped. */
export class LevelsOfGroups1764100300003 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await allowKinds(q, [...BEFORE, 'group-level']);
    await q.query(
      `INSERT INTO tiering.program (program, kind, label, scale, created_at)
       VALUES ('GROUP', 'group-level', '{"en": "Levels of groups", "zh": "集团客户级别"}', $1, '2026-01-01T00:00:00Z')`,
      [group2026.levels.map(({ tier }) => tier)],
    );
    await q.query(
      `INSERT INTO tiering.rule_set (program, version, status, effective_from, body, checksum, author, approver, approved_at, created_at)
       VALUES ('GROUP', $1, 'active', '2020-01-01', $2, $3, 'product', 'product-review', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z')`,
      [VERSION, JSON.stringify(group2026), checksumOf(group2026)],
    );
    await q.query(
      `INSERT INTO tiering.rule_set_period (period_id, program, version, effective_from, begun_by, begun_at)
       VALUES (md5('GROUP' || $1)::uuid, 'GROUP', $1, '2020-01-01', 'product-review', '2026-01-01T00:00:00Z')`,
      [VERSION],
    );
  }

  async down(q: QueryRunner): Promise<void> {
    for (const table of ['rule_set_period', 'rule_set', 'program']) {
      await q.query(`DELETE FROM tiering.${table} WHERE program = 'GROUP'`);
    }
    await allowKinds(q, BEFORE);
  }
}

async function allowKinds(q: QueryRunner, kinds: readonly string[]): Promise<void> {
  await q.query('ALTER TABLE tiering.program DROP CONSTRAINT program_kind');
  await q.query(
    `ALTER TABLE tiering.program ADD CONSTRAINT program_kind CHECK (kind IN (${kinds.map((kind) => `'${kind}'`).join(', ')}))`,
  );
}
