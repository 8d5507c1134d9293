import type { MigrationInterface, QueryRunner } from 'typeorm';

const GRANTED: Readonly<Record<string, readonly string[]>> = {
  'hotline-agent': ['billing.read', 'billing.manage'],
  'account-manager': ['billing.read', 'billing.manage'],
  'hall-staff': ['billing.read', 'billing.manage'],
  supervisor: ['billing.read', 'usage.reconcile', 'usage.replay'],
  administrator: ['usage.manage', 'usage.reconcile', 'usage.replay', 'billing.read', 'billing.manage', 'feed.read', 'feed.manage'],
  boss: ['feed.read'],
  customer: ['billing.read', 'billing.manage'],
}; // prettier-ignore

/** Who reconciles, mends what was refused, and sees bills. */
export class IntakeAndBillingPermissions1763900100001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    for (const [role, permissions] of Object.entries(GRANTED)) {
      await q.query(
        `UPDATE organization.role SET permissions = permissions || $2::text[]
         WHERE role = $1 AND NOT permissions @> ARRAY['*']`,
        [role, permissions],
      );
    }
  }

  async down(q: QueryRunner): Promise<void> {
    for (const [role, permissions] of Object.entries(GRANTED)) {
      await q.query(
        `UPDATE organization.role
         SET permissions = ARRAY(SELECT p FROM unnest(permissions) p WHERE p <> ALL ($2::text[])) WHERE role = $1`,
        [role, permissions],
      );
    }
  }
}
