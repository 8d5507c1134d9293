import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPLICATION_ROLE, grant, protectCustomerRows } from '../src/platform/database/migration-tools.js';

/** What spending at merchants needs beside the holds: its rules, what was paid on a day, and which days have been cleared. */
export class HoldsAtThePointOfSale1764200400001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    // Of those that are in effect on a day the latest counts.
    await q.query(`
      CREATE TABLE points.spending_rule (
        effective_from date PRIMARY KEY,
        hold_seconds int NOT NULL,
        reinstatement_days int NOT NULL,
        payment_fen_a_day bigint NOT NULL,
        payment_reversal_hours int NOT NULL
      )`);
    await q.query(`
      ALTER TABLE points.spending_rule ADD CONSTRAINT spending_rule_sane CHECK (
        hold_seconds > 0 AND reinstatement_days >= 0 AND payment_fen_a_day >= 0 AND payment_reversal_hours >= 0)`);
    await grant(q, 'points.spending_rule', 'read-only');
    await q.query(`
      INSERT INTO points.spending_rule (effective_from, hold_seconds, reinstatement_days, payment_fen_a_day, payment_reversal_hours)
      VALUES ('2020-01-01', 900, 30, 20000, 24)`);

    // Written while the account is locked, so no two payments of a customer count at once (PTS-23).
    await q.query(`
      CREATE TABLE points.payment_day (
        customer_id uuid NOT NULL,
        day date NOT NULL,
        paid_fen bigint NOT NULL,
        PRIMARY KEY (customer_id, day)
      ) WITH (fillfactor = 80)`);
    await q.query(`ALTER TABLE points.payment_day ADD CONSTRAINT payment_day_not_negative CHECK (paid_fen >= 0)`);
    await grant(q, 'points.payment_day', 'read-write');
    await q.query(`REVOKE DELETE ON points.payment_day FROM ${APPLICATION_ROLE}`);
    await protectCustomerRows(q, 'points.payment_day');

    // What merchants took on these days is owed to them, and POS_CLEARING is zero (I9).
    await q.query(`
      CREATE TABLE points.pos_cleared_day (
        day date PRIMARY KEY,
        cleared_at timestamptz NOT NULL
      )`);
    await grant(q, 'points.pos_cleared_day', 'append-only');
  }

  async down(q: QueryRunner): Promise<void> {
    for (const table of ['pos_cleared_day', 'payment_day', 'spending_rule'])
      await q.query(`DROP TABLE points.${table}`);
  }
}
