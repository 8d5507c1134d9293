import type { MigrationInterface, QueryRunner } from 'typeorm';
import { class2026 } from '../src/modules/tiering/domain/class-2026.js';
import { credit2026 } from '../src/modules/tiering/domain/credit-2026.js';
import { mzoneTarget2026 } from '../src/modules/tiering/domain/mzone-target-2026.js';
import { potential2026 } from '../src/modules/tiering/domain/potential-2026.js';
import { checksumOf } from '../src/modules/tiering/domain/rule-set-checksum.js';
import type { RuleSetBody, RuleSetKind } from '../src/modules/tiering/domain/rule-set.js';
import { star2026 } from '../src/modules/tiering/domain/star-2026.js';
import { value2026 } from '../src/modules/tiering/domain/value-2026.js';

interface Shipped {
  readonly program: string;
  readonly kind: RuleSetKind;
  readonly en: string;
  readonly zh: string;
  readonly version: string;
  readonly body: RuleSetBody;
}

/** Stars, credit, classes, potential, value and a target: the programmes that are shipped beside the card levels. */
export class ShippedProgrammes1764000500003 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    for (const { program, kind, en, zh, version, body } of SHIPPED) {
      await q.query(
        `INSERT INTO tiering.program (program, kind, label, scale, created_at) VALUES ($1, $2, $3, $4, '2026-01-01T00:00:00Z')`,
        [program, kind, JSON.stringify({ en, zh }), body.levels.map(({ tier }) => tier)],
      );
      await q.query(
        `INSERT INTO tiering.rule_set (program, version, status, effective_from, body, checksum, author, approver, approved_at, created_at)
         VALUES ($1, $2, 'active', '2020-01-01', $3, $4, 'product', 'product-review', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z')`,
        [program, version, JSON.stringify(body), checksumOf(body)],
      );
      await q.query(
        `INSERT INTO tiering.rule_set_period (period_id, program, version, effective_from, begun_by, begun_at)
         VALUES (md5($1 || $2)::uuid, $1, $2, '2020-01-01', 'product-review', '2026-01-01T00:00:00Z')`,
        [program, version],
      );
    }
  }

  async down(q: QueryRunner): Promise<void> {
    const programs = SHIPPED.map(({ program }) => program);
    for (const table of ['rule_set_period', 'rule_set', 'program']) {
      await q.query(`DELETE FROM tiering.${table} WHERE program = ANY ($1)`, [programs]);
    }
  }
}

const SHIPPED: readonly Shipped[] = [
  { program: 'STAR', kind: 'star-level', en: 'Star service', zh: '星级服务', version: 'STAR-2026.1', body: star2026 },
  {
    program: 'CREDIT',
    kind: 'credit-grade',
    en: 'Credit',
    zh: '客户信誉度',
    version: 'CREDIT-2026.1',
    body: credit2026,
  },
  {
    program: 'CLASS',
    kind: 'customer-class',
    en: 'Customer classes',
    zh: '客户分类',
    version: 'CLASS-2026.1',
    body: class2026,
  },
  {
    program: 'POTENTIAL',
    kind: 'potential-high-value',
    en: 'Potential customers',
    zh: '潜在高价值客户',
    version: 'POTENTIAL-2026.1',
    body: potential2026,
  },
  {
    program: 'VALUE',
    kind: 'value-model',
    en: 'Customer value',
    zh: '客户价值',
    version: 'VALUE-2026.1',
    body: value2026,
  },
  {
    program: 'MZONE_TARGET',
    kind: 'customer-class',
    en: 'M-ZONE target',
    zh: '动感地带目标客群',
    version: 'MZONE_TARGET-2026.1',
    body: mzoneTarget2026,
  },
];
