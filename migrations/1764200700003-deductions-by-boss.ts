import type { MigrationInterface, QueryRunner } from 'typeorm';
import { grant, grantToRoles, revokeFromRoles } from '../src/platform/database/migration-tools.js';

/** Points that BOSS deducts, each by its own serial number (流水号), and both sides' lists compared day by day. */
export class DeductionsByBoss1764200700003 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    // A serial number is one deduction of one system, whose customer it may be.
    await q.query(`
      CREATE TABLE points.boss_deduction (
        source text NOT NULL,
        serial_no text NOT NULL,
        customer_id uuid NOT NULL,
        journal_id uuid NOT NULL,
        points bigint NOT NULL CHECK (points > 0),
        request_hash text NOT NULL,
        business_date date NOT NULL,
        deducted_at timestamptz NOT NULL,
        PRIMARY KEY (source, serial_no)
      )`);
    await q.query('CREATE INDEX boss_deduction_day ON points.boss_deduction (business_date, source)');
    await grant(q, 'points.boss_deduction', 'append-only');
    await q.query(`
      CREATE TABLE points.deduction_day (
        source text NOT NULL,
        business_date date NOT NULL,
        our_count bigint NOT NULL,
        our_points bigint NOT NULL,
        their_count bigint NOT NULL,
        their_points bigint NOT NULL,
        differences jsonb NOT NULL,
        stated_at timestamptz NOT NULL,
        PRIMARY KEY (source, business_date)
      )`);
    await grant(q, 'points.deduction_day', 'read-write');
    await grantToRoles(q, GRANTED);
  }

  async down(q: QueryRunner): Promise<void> {
    await revokeFromRoles(q, GRANTED);
    await q.query('DROP TABLE points.deduction_day');
    await q.query('DROP TABLE points.boss_deduction');
  }
}

const GRANTED = {
  boss: ['points.read', 'points.deduct'],
  administrator: ['points.report', 'points.budget', 'points.deduct'],
  analyst: ['points.report'],
  auditor: ['points.report'],
  supervisor: ['points.report'],
  'rule-author': ['points.report', 'points.budget'],
};
