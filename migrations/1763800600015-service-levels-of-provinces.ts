import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPLICATION_ROLE } from '../src/platform/database/migration-tools.js';

/** Provinces complete the operator's promises with shorter ones of their own (PLT-10); published by four eyes. */
export class ServiceLevelsOfProvinces1763800600015 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    // NULL: the whole operator.
    await q.query(`ALTER TABLE tickets.service_level ADD COLUMN region text`);
    await q.query(`ALTER TABLE tickets.service_level DROP CONSTRAINT service_level_one_at_a_time`);
    await q.query(`
      ALTER TABLE tickets.service_level ADD CONSTRAINT service_level_one_at_a_time
      UNIQUE NULLS NOT DISTINCT (region, effective_from)`);
    await q.query(`GRANT INSERT ON tickets.service_level TO ${APPLICATION_ROLE}`);
    for (const [role, permissions] of Object.entries(MAY)) {
      await q.query(`UPDATE organization.role SET permissions = permissions || $2::text[] WHERE role = $1`, [
        role,
        permissions,
      ]);
    }
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`REVOKE INSERT ON tickets.service_level FROM ${APPLICATION_ROLE}`);
    await q.query(`DELETE FROM tickets.service_level WHERE region IS NOT NULL`);
    await q.query(`ALTER TABLE tickets.service_level DROP COLUMN region CASCADE`);
    await q.query(`
      ALTER TABLE tickets.service_level ADD CONSTRAINT service_level_one_at_a_time UNIQUE (effective_from)`);
  }
}

const MAY = {
  'rule-author': ['tickets.read', 'tickets.promise'],
  'rule-approver': ['tickets.read', 'tickets.approve'],
  administrator: ['tickets.promise'],
};
