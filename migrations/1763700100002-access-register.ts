import type { MigrationInterface, QueryRunner } from 'typeorm';
import { grant } from '../src/platform/database/migration-tools.js';

/** Who looked at which customer's data, when and why (查阅登记). Customers appear by their pseudonymous id only. */
export class AccessRegister1763700100002 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE TABLE organization.access_register (
        entry_id uuid NOT NULL,
        occurred_at timestamptz NOT NULL,
        actor_kind text NOT NULL,
        actor_id text NOT NULL,
        actor_role text NOT NULL,
        unit_id uuid,
        request_id text NOT NULL,
        action text NOT NULL,
        customer_ids uuid[] NOT NULL,
        customer_count integer NOT NULL,
        field_groups text[] NOT NULL,
        purpose text NOT NULL,
        result text NOT NULL,
        PRIMARY KEY (occurred_at, entry_id)
      ) PARTITION BY RANGE (occurred_at)`);
    await q.query(`
      ALTER TABLE organization.access_register
      ADD CONSTRAINT access_register_result CHECK (result IN ('granted', 'refused'))`);
    await q.query(`CREATE INDEX access_register_customer ON organization.access_register USING gin (customer_ids)`);
    await q.query(`CREATE INDEX access_register_actor ON organization.access_register (actor_id, occurred_at)`);
    await grant(q, 'organization.access_register', 'append-only');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('DROP TABLE organization.access_register');
  }
}
