import type { MigrationInterface, QueryRunner } from 'typeorm';
import { grant } from '../src/platform/database/migration-tools.js';
import { REQUEST_ROLE } from '../src/platform/database/acting.js';

/** Who changed what, when and why (操作留痕, AUD-12). Values never get here: keyed digests and names of attributes do. */
export class AuditOfWrites1763800100060 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE TABLE organization.audit_entry (
        entry_id uuid NOT NULL,
        occurred_at timestamptz NOT NULL,
        actor_kind text NOT NULL,
        actor_id text NOT NULL,
        actor_role text NOT NULL,
        unit_id uuid,
        session_id text,
        client_address text,
        request_id text NOT NULL,
        operation text NOT NULL,
        action text NOT NULL,
        object_type text NOT NULL,
        object_id text,
        customer_id uuid,
        before_digest bytea,
        after_digest bytea,
        changed_fields text[] NOT NULL,
        reason text,
        approval_id uuid,
        PRIMARY KEY (occurred_at, entry_id)
      ) PARTITION BY RANGE (occurred_at)`);
    await q.query(`
      ALTER TABLE organization.audit_entry ADD CONSTRAINT audit_entry_actor
      CHECK (actor_kind IN ('staff', 'system', 'customer', 'nobody', 'application'))`);
    await q.query(`
      CREATE INDEX audit_entry_customer ON organization.audit_entry (customer_id, occurred_at) WHERE customer_id IS NOT NULL`);
    await q.query(`CREATE INDEX audit_entry_actor_time ON organization.audit_entry (actor_id, occurred_at)`);
    await q.query(`CREATE INDEX audit_entry_object ON organization.audit_entry (object_id, occurred_at)`);
    await grant(q, 'organization.audit_entry', 'append-only');

    // Every request may add its lines, whatever it may see; it sees those of its part of the organization.
    await q.query(`ALTER TABLE organization.audit_entry ENABLE ROW LEVEL SECURITY`);
    await q.query(`CREATE POLICY everything ON organization.audit_entry TO guibin_app USING (true)`);
    await q.query(`
      CREATE POLICY scope ON organization.audit_entry AS RESTRICTIVE FOR SELECT TO ${REQUEST_ROLE}
      USING (unit_id IN (SELECT scoped.unit_id FROM organization.unit scoped))`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('DROP TABLE organization.audit_entry');
  }
}
