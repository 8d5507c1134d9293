import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Roles that nobody holds together (职责分离): accounts, registers and decisions are in different hands. */
export class SeparationOfDuties1763800100062 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`ALTER TABLE organization.role ADD COLUMN conflicts_with text[] NOT NULL DEFAULT '{}'`);
    for (const [role, others] of CONFLICTS) {
      await q.query(`UPDATE organization.role SET conflicts_with = $2 WHERE role = $1`, [role, others]);
    }
    // A customer may ask for a copy of what is known of himself (PIPL 45).
    await q.query(
      `UPDATE organization.role SET permissions = permissions || '{privacy.request}' WHERE role = 'customer'`,
    );
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(
      `UPDATE organization.role SET permissions = array_remove(permissions, 'privacy.request') WHERE role = 'customer'`,
    );
    await q.query(`ALTER TABLE organization.role DROP COLUMN conflicts_with`);
  }
}

const CONFLICTS: readonly (readonly [role: string, others: readonly string[]])[] = [
  ['administrator', ['auditor', 'supervisor', 'rule-approver']],
  ['auditor', ['administrator', 'supervisor']],
  ['rule-approver', ['rule-author', 'administrator']],
  ['rule-author', ['rule-approver']],
  ['supervisor', ['administrator', 'auditor']],
];
