import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  APPLICATION_ROLE,
  grant,
  protectCustomerRows,
  unprotectRows,
} from '../src/platform/database/migration-tools.js';

/**
 * Campaigns (客户回馈) give points and nothing else: what they gave stands in the ledger, in lots of their own funder. Here stands what
 * they may give: the budget, and what each customer has had of it.
 */
export class CampaignsOfPoints1764200200002 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE TABLE points.funder (
        funder_id text PRIMARY KEY,
        kind text NOT NULL,
        label_en text NOT NULL,
        label_zh text NOT NULL,
        since date NOT NULL
      )`);
    await q.query(`
      ALTER TABLE points.funder ADD CONSTRAINT funder_kind CHECK (kind IN ('OPERATOR', 'CAMPAIGN', 'PARTNER'))`);
    await grant(q, 'points.funder', 'append-only');
    await q.query(`INSERT INTO points.funder VALUES ('OPERATOR', 'OPERATOR', 'The operator', '运营商', '2021-05-01')`);

    await q.query(`
      CREATE TABLE points.campaign (
        campaign_id uuid PRIMARY KEY,
        code text NOT NULL UNIQUE,
        label_en text NOT NULL,
        label_zh text NOT NULL,
        valid_from date NOT NULL,
        valid_until date NOT NULL,
        trigger text NOT NULL,
        reward_points bigint NOT NULL,
        condition jsonb,
        frequency jsonb,
        cap_per_customer bigint,
        cap_per_year bigint,
        budget_points bigint NOT NULL,
        checksum text NOT NULL,
        status text NOT NULL DEFAULT 'draft',
        author text NOT NULL,
        created_at timestamptz NOT NULL,
        changed_at timestamptz NOT NULL,
        approval_id uuid,
        approved_by text,
        approved_at timestamptz,
        stopped_by text,
        stopped_at timestamptz
      )`);
    await q.query(`
      ALTER TABLE points.campaign ADD CONSTRAINT campaign_status CHECK (
        status IN ('draft', 'approved', 'stopped')
        AND num_nulls(approval_id, approved_by, approved_at) = CASE status WHEN 'draft' THEN 3 ELSE 0 END
        AND num_nulls(stopped_by, stopped_at) = CASE status WHEN 'stopped' THEN 0 ELSE 2 END
        AND approved_by IS DISTINCT FROM author)`);
    await q.query(`
      ALTER TABLE points.campaign ADD CONSTRAINT campaign_sound CHECK (
        valid_from <= valid_until AND reward_points > 0 AND budget_points >= reward_points
        AND COALESCE(cap_per_customer >= reward_points, true) AND COALESCE(cap_per_year >= reward_points, true)
        AND trigger IN ('EVENT', 'FREQUENCY') AND (trigger = 'FREQUENCY') = (frequency IS NOT NULL))`);
    await grant(q, 'points.campaign', 'append-only');
    await q.query(`
      GRANT UPDATE (label_en, label_zh, valid_from, valid_until, trigger, reward_points, condition, frequency, cap_per_customer,
        cap_per_year, budget_points, checksum, changed_at, status, approval_id, approved_by, approved_at, stopped_by, stopped_at)
      ON points.campaign TO ${APPLICATION_ROLE}`);

    // What is left of a budget lies in stripes: those who grant at the same time mostly take from different rows.
    await q.query(`
      CREATE TABLE points.campaign_budget (
        campaign_id uuid NOT NULL,
        stripe smallint NOT NULL,
        left_points bigint NOT NULL,
        PRIMARY KEY (campaign_id, stripe)
      ) WITH (fillfactor = 50)`);
    await q.query(`
      ALTER TABLE points.campaign_budget ADD CONSTRAINT campaign_budget_not_overrun CHECK (left_points >= 0)`);
    await grant(q, 'points.campaign_budget', 'append-only');
    await q.query(`GRANT UPDATE (left_points) ON points.campaign_budget TO ${APPLICATION_ROLE}`);

    await q.query(`
      CREATE TABLE points.campaign_use (
        customer_id uuid NOT NULL,
        campaign_id uuid NOT NULL,
        points_year integer NOT NULL,
        points bigint NOT NULL,
        times integer NOT NULL,
        PRIMARY KEY (customer_id, campaign_id, points_year)
      ) WITH (fillfactor = 80)`);
    await q.query(`
      ALTER TABLE points.campaign_use ADD CONSTRAINT campaign_use_counted CHECK (points >= 0 AND times >= 0)`);
    await grant(q, 'points.campaign_use', 'read-write');
    await q.query(`REVOKE DELETE ON points.campaign_use FROM ${APPLICATION_ROLE}`);
    await protectCustomerRows(q, 'points.campaign_use');

    await q.query(`
      CREATE VIEW usage.payment_made WITH (security_invoker = true) AS
      SELECT customer_id, source, payment_id, paid_at, amount_fen, paid_by_other
      FROM usage.payment WHERE is_current AND operation <> 3`);
    await grant(q, 'usage.payment_made', 'read-only');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('DROP VIEW usage.payment_made');
    await unprotectRows(q, 'points.campaign_use');
    for (const table of ['campaign_use', 'campaign_budget', 'campaign', 'funder'])
      await q.query(`DROP TABLE points.${table}`);
  }
}
