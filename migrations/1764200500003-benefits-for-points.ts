import type { MigrationInterface, QueryRunner } from 'typeorm';
import { grant, protectCustomerRows } from '../src/platform/database/migration-tools.js';

/** Units of a benefit that a customer has exchanged points for (积分享福), beside what the level entitles to. */
export class BenefitsForPoints1764200500003 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`ALTER TABLE benefits.entitlement ADD COLUMN exchanged int NOT NULL DEFAULT 0`);
    await q.query(`ALTER TABLE benefits.entitlement DROP CONSTRAINT entitlement_used`);
    await q.query(`
      ALTER TABLE benefits.entitlement ADD CONSTRAINT entitlement_used
      CHECK (granted >= 0 AND exchanged >= 0 AND used BETWEEN 0 AND granted + exchanged)`);

    // One per order of points: the same order again grants nothing more.
    await q.query(`
      CREATE TABLE benefits.points_exchange (
        customer_id uuid NOT NULL,
        order_id uuid NOT NULL,
        level_year date NOT NULL,
        benefit text NOT NULL REFERENCES benefits.benefit,
        units int NOT NULL,
        exchanged_at timestamptz NOT NULL,
        PRIMARY KEY (customer_id, order_id)
      )`);
    await q.query(`ALTER TABLE benefits.points_exchange ADD CONSTRAINT points_exchange_units CHECK (units > 0)`);
    await grant(q, 'benefits.points_exchange', 'append-only');
    await protectCustomerRows(q, 'benefits.points_exchange');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('DROP TABLE benefits.points_exchange');
    await q.query('ALTER TABLE benefits.entitlement DROP CONSTRAINT entitlement_used');
    await q.query('UPDATE benefits.entitlement SET used = LEAST(used, granted)');
    await q.query('ALTER TABLE benefits.entitlement DROP COLUMN exchanged');
    await q.query(
      `ALTER TABLE benefits.entitlement ADD CONSTRAINT entitlement_used CHECK (used BETWEEN 0 AND granted)`,
    );
  }
}
