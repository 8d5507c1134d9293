import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  APPLICATION_ROLE,
  grant,
  grantToRoles,
  protectCustomerRows,
  revokeFromRoles,
  type RolePermissions,
  unprotectRows,
} from '../src/platform/database/migration-tools.js';

const GRANTED: RolePermissions = {
  'account-manager': ['notices.read'],
  supervisor: ['notices.read'],
  administrator: ['notices.read'],
};

/** What customers are told of their level (通知), and a system that sends it. */
export class NoticesOfLevels1764100200002 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query('CREATE TABLE care.notice_template (kind text PRIMARY KEY, zh text NOT NULL, en text NOT NULL)');
    // Nothing of a person can get into a message by a template.
    await q.query(`
      ALTER TABLE care.notice_template ADD CONSTRAINT notice_template_placeholders CHECK (
        regexp_replace(zh || en, '\\{(level|oldLevel|date)\\}', '', 'g') !~ '[{}]')`);
    await grant(q, 'care.notice_template', 'read-only');
    for (const [kind, { zh, en }] of Object.entries(TEMPLATES)) {
      await q.query('INSERT INTO care.notice_template (kind, zh, en) VALUES ($1, $2, $3)', [kind, zh, en]);
    }

    await q.query(`
      CREATE TABLE care.notice (
        customer_id uuid NOT NULL,
        decision_id uuid NOT NULL,
        kind text NOT NULL REFERENCES care.notice_template,
        notice_id uuid NOT NULL,
        channel text NOT NULL DEFAULT 'SMS',
        zh text NOT NULL,
        en text NOT NULL,
        queued_at timestamptz NOT NULL,
        state text NOT NULL DEFAULT 'queued',
        attempts int NOT NULL DEFAULT 0,
        failure_code text,
        reported_at timestamptz,
        PRIMARY KEY (customer_id, decision_id, kind)
      )`);
    await q.query(`ALTER TABLE care.notice ADD CONSTRAINT notice_channel CHECK (channel IN ('SMS'))`);
    await q.query(`
      ALTER TABLE care.notice ADD CONSTRAINT notice_in_its_state CHECK (
        CASE state WHEN 'queued' THEN (attempts = 0) = (reported_at IS NULL)
                   WHEN 'sent' THEN attempts > 0 AND reported_at IS NOT NULL AND failure_code IS NULL
                   WHEN 'failed' THEN attempts > 0 AND reported_at IS NOT NULL
                   ELSE false END)`);
    await q.query('CREATE INDEX notice_by_id ON care.notice (notice_id)');
    await q.query('CREATE INDEX notice_in_state ON care.notice (state, queued_at, notice_id)');
    await grant(q, 'care.notice', 'read-write');
    await q.query(`REVOKE DELETE ON care.notice FROM ${APPLICATION_ROLE}`);
    await protectCustomerRows(q, 'care.notice');

    await q.query(
      `INSERT INTO organization.role (role, name, is_for_systems, scope, permissions)
       VALUES ('sms', 'Message gateway (SMS)', true, 'unit', '{notices.read,notices.report}') ON CONFLICT (role) DO NOTHING`,
    );
    await grantToRoles(q, GRANTED);
  }

  async down(q: QueryRunner): Promise<void> {
    await revokeFromRoles(q, GRANTED);
    await q.query(`DELETE FROM organization.role WHERE role = 'sms'`);
    await unprotectRows(q, 'care.notice');
    await q.query('DROP TABLE care.notice');
    await q.query('DROP TABLE care.notice_template');
  }
}

const KEEP_IT = {
  zh: '在此之前达到{oldLevel}标准即可保级,详情请咨询您的客户经理或客服热线。',
  en: 'Reach what {oldLevel} asks until then and you keep it; your account manager or our hotline will tell you more.',
};

const TEMPLATES = {
  upgraded: {
    zh: '尊敬的客户:自{date}起,您的客户级别由{oldLevel}升为{level},感谢您一直以来的支持。',
    en: 'Dear customer, from {date} your level is {level}, up from {oldLevel}. Thank you for staying with us.',
  },
  'will-downgrade-start': {
    zh: `尊敬的客户:按最近一次评定,您的客户级别将于{date}由{oldLevel}调整为{level}。${KEEP_IT.zh}`,
    en: `Dear customer, by our last review your level changes from {oldLevel} to {level} on {date}. ${KEEP_IT.en}`,
  },
  'will-downgrade-middle': {
    zh: `尊敬的客户:温馨提醒,您的客户级别将于{date}由{oldLevel}调整为{level}。${KEEP_IT.zh}`,
    en: `Dear customer, a reminder: your level changes from {oldLevel} to {level} on {date}. ${KEEP_IT.en}`,
  },
  'will-downgrade-end': {
    zh: `尊敬的客户:您的{oldLevel}级别即将到期,{date}起将调整为{level}。${KEEP_IT.zh}`,
    en: `Dear customer, your level {oldLevel} is about to end: from {date} it is {level}. ${KEEP_IT.en}`,
  },
  downgraded: {
    zh: '尊敬的客户:自{date}起,您的客户级别由{oldLevel}调整为{level}。如有疑问,请咨询您的客户经理或客服热线。',
    en: 'Dear customer, from {date} your level is {level}, before it was {oldLevel}. Ask your account manager or our hotline why.',
  },
  retained: {
    zh: '尊敬的客户:您已成功保级,{level}级别有效至{date},感谢您一直以来的支持。',
    en: 'Dear customer, you keep your level {level}, valid until {date}. Thank you for staying with us.',
  },
};
