import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPLICATION_ROLE, protectRows, unprotectRows } from '../src/platform/database/migration-tools.js';

/**
 * Business that halls and hotline have handled (办理的业务), and whether BOSS says so, too (业务稽核). Its identity is the order's own; the
 * customer is known when BOSS has told of the number.
 */
export class HandledOrders1763900300062 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE TABLE usage.handled_order (
        source text NOT NULL,
        order_no text NOT NULL,
        order_id uuid NOT NULL,
        customer_id uuid,
        msisdn_index bytea NOT NULL,
        province text NOT NULL,
        order_type text NOT NULL,
        handled_at timestamptz NOT NULL,
        effective_from timestamptz NOT NULL,
        deadline timestamptz NOT NULL,
        expected jsonb NOT NULL,
        content_hash bytea NOT NULL,
        reported_at timestamptz NOT NULL,
        verdict text NOT NULL DEFAULT 'PENDING',
        differences jsonb NOT NULL DEFAULT '[]',
        compared_at timestamptz,
        differs_since timestamptz,
        owner_id uuid,
        resolution text,
        resolved_at timestamptz,
        resolved_by text,
        PRIMARY KEY (source, order_no)
      )`);
    await q.query(`
      ALTER TABLE usage.handled_order ADD CONSTRAINT handled_order_verdict
      CHECK (verdict IN ('PENDING', 'MATCHED', 'DIFFERENT', 'MISSING', 'OVERTAKEN'))`);
    await q.query(`
      ALTER TABLE usage.handled_order ADD CONSTRAINT handled_order_resolved
      CHECK (num_nulls(resolution, resolved_at, resolved_by) IN (0, 3) AND (resolution IS NULL OR verdict IN ('DIFFERENT', 'MISSING')))`);
    await q.query(`CREATE UNIQUE INDEX handled_order_id ON usage.handled_order (order_id)`);
    await q.query(`CREATE INDEX handled_order_customer ON usage.handled_order (customer_id, msisdn_index)`);
    await q.query(`
      CREATE INDEX handled_order_open ON usage.handled_order (customer_id, effective_from)
      WHERE verdict IN ('PENDING', 'DIFFERENT', 'MISSING') AND resolved_at IS NULL`);
    await q.query(`CREATE INDEX handled_order_reported ON usage.handled_order (reported_at)`);
    await protectRows(
      q,
      'usage.handled_order',
      `CASE WHEN customer_id IS NULL THEN province = ANY ((SELECT platform.scope_codes('provinces'))::text[])
        ELSE EXISTS (SELECT FROM customers.customer scoped WHERE scoped.customer_id = handled_order.customer_id) END`,
    );
    await q.query(`GRANT SELECT, INSERT, UPDATE ON usage.handled_order TO ${APPLICATION_ROLE}`);
    await q.query(`
      CREATE INDEX subscription_record_number ON usage.subscription_record (msisdn_index, event_time)`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('DROP INDEX usage.subscription_record_number');
    await unprotectRows(q, 'usage.handled_order');
    await q.query('DROP TABLE usage.handled_order');
  }
}
