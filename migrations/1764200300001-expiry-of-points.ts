import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  APPLICATION_ROLE,
  grant,
  protectCustomerRows,
  unprotectRows,
} from '../src/platform/database/migration-tools.js';

/** Clearing of points whose last day has passed (积分清零), what it has cleared, and what customers are told before (到期提醒). */
export class ExpiryOfPoints1764200300001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    // Named after its run. A preview posts nothing; a batch that was posted can be given back, once.
    await q.query(`
      CREATE TABLE points.expiry_batch (
        batch_id uuid PRIMARY KEY,
        is_preview boolean NOT NULL,
        as_of date NOT NULL,
        grace_days integer NOT NULL,
        expires_before date NOT NULL,
        started_at timestamptz NOT NULL,
        finished_at timestamptz,
        reversal_run_id uuid,
        reversed_by text,
        usable_until date,
        reversed_at timestamptz,
        returned bigint
      )`);
    await q.query(`
      ALTER TABLE points.expiry_batch ADD CONSTRAINT expiry_batch_after_grace CHECK (
        grace_days >= 0 AND expires_before = as_of - grace_days)`);
    await q.query(`
      ALTER TABLE points.expiry_batch ADD CONSTRAINT expiry_batch_reversal CHECK (
        num_nulls(reversal_run_id, reversed_by, usable_until) IN (0, 3) AND num_nulls(reversed_at, returned) IN (0, 2)
        AND (reversal_run_id IS NULL OR NOT is_preview AND finished_at IS NOT NULL)
        AND (reversed_at IS NULL OR reversal_run_id IS NOT NULL))`);
    await grant(q, 'points.expiry_batch', 'read-write');
    await q.query(`REVOKE DELETE ON points.expiry_batch FROM ${APPLICATION_ROLE}`);

    // A customer without a province counts under the empty one.
    await q.query(`
      CREATE TABLE points.expiry_sum (
        batch_id uuid NOT NULL REFERENCES points.expiry_batch,
        points_type points.points_type NOT NULL,
        region text NOT NULL,
        expires_on date NOT NULL,
        lots bigint NOT NULL,
        points bigint NOT NULL,
        PRIMARY KEY (batch_id, points_type, region, expires_on)
      )`);
    await grant(q, 'points.expiry_sum', 'read-write');
    await q.query(`REVOKE DELETE ON points.expiry_sum FROM ${APPLICATION_ROLE}`);

    await q.query(`
      CREATE TABLE points.expiry_notice_template (days_before integer PRIMARY KEY, zh text NOT NULL, en text NOT NULL)`);
    // Nothing of a person can get into a message by a template.
    await q.query(`
      ALTER TABLE points.expiry_notice_template ADD CONSTRAINT expiry_notice_template_placeholders CHECK (
        days_before > 0 AND regexp_replace(zh || en, '\\{(points|yuan|date)\\}', '', 'g') !~ '[{}]')`);
    await grant(q, 'points.expiry_notice_template', 'read-only');
    for (const [daysBefore, { zh, en }] of TEMPLATES) {
      await q.query('INSERT INTO points.expiry_notice_template (days_before, zh, en) VALUES ($1, $2, $3)', [
        daysBefore,
        zh,
        en,
      ]);
    }

    // Once for a customer, a last day and a notice.
    await q.query(`
      CREATE TABLE points.expiry_notice (
        customer_id uuid NOT NULL,
        expires_on date NOT NULL,
        days_before integer NOT NULL REFERENCES points.expiry_notice_template,
        notice_id uuid NOT NULL,
        points bigint NOT NULL,
        run_id uuid NOT NULL,
        noticed_on date NOT NULL,
        noticed_at timestamptz NOT NULL,
        PRIMARY KEY (customer_id, expires_on, days_before)
      )`);
    await q.query(`
      ALTER TABLE points.expiry_notice ADD CONSTRAINT expiry_notice_in_time CHECK (
        points > 0 AND noticed_on BETWEEN expires_on - days_before AND expires_on)`);
    await grant(q, 'points.expiry_notice', 'append-only');
    await protectCustomerRows(q, 'points.expiry_notice');
  }

  async down(q: QueryRunner): Promise<void> {
    await unprotectRows(q, 'points.expiry_notice');
    for (const table of ['expiry_notice', 'expiry_notice_template', 'expiry_sum', 'expiry_batch']) {
      await q.query(`DROP TABLE points.${table}`);
    }
  }
}

const TEMPLATES = [
  [
    90,
    {
      zh: '尊敬的客户:您有{points}积分(价值{yuan}元)有效期至{date},请留意并及时兑换。',
      en: 'Dear customer, {points} of your points (worth {yuan} yuan) can be used until {date}.',
    },
  ],
  [
    30,
    {
      zh: '尊敬的客户:温馨提醒,您有{points}积分(价值{yuan}元)将于{date}到期,请尽快兑换。',
      en: 'Dear customer, a reminder: {points} of your points (worth {yuan} yuan) expire on {date}. Please use them in time.',
    },
  ],
  [
    7,
    {
      zh: '尊敬的客户:您有{points}积分(价值{yuan}元)即将于{date}到期清零,到期后不可使用。',
      en: 'Dear customer, {points} of your points (worth {yuan} yuan) are about to expire: {date} is the last day to use them.',
    },
  ],
] as const;
