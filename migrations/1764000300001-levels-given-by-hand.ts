import type { MigrationInterface, QueryRunner } from 'typeorm';
import { grantToRoles, revokeFromRoles, type RolePermissions } from '../src/platform/database/migration-tools.js';

const GRANTED: RolePermissions = {
  'account-manager': ['exceptions.ask'],
  supervisor: ['exceptions.ask', 'exceptions.approve'],
  administrator: ['exceptions.ask'],
  'rule-approver': ['exceptions.approve'],
};

/** Who asks for levels by hand (特批), who decides, and for whom there are any. */
export class LevelsGivenByHand1764000300001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await grantToRoles(q, GRANTED);
    await q.query(`
      ALTER TABLE tiering.tier_override ADD CONSTRAINT tier_override_category
      CHECK (category IN ('government', 'party', 'army', 'media', 'key-account', 'contract', 'transfer'))`);
    await q.query('CREATE INDEX tier_override_by_id ON tiering.tier_override (override_id)');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('DROP INDEX tiering.tier_override_by_id');
    await q.query('ALTER TABLE tiering.tier_override DROP CONSTRAINT tier_override_category');
    await revokeFromRoles(q, GRANTED);
  }
}
