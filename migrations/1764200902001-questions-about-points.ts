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

const GRANTED: RolePermissions = { sms: ['points.ask'], pbx: ['points.ask'] };

/** What customers ask about their points by message and by voice menu (积分查询), and what they are answered. */
export class QuestionsAboutPoints1764200902001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    // As it is compared: without spaces, in capitals, in the ordinary width.
    await q.query(`
      CREATE TABLE points.sms_keyword (
        keyword text PRIMARY KEY CHECK (keyword = upper(regexp_replace(normalize(keyword, NFKC), '\\s', '', 'g')) AND keyword <> ''),
        language text NOT NULL CHECK (language IN ('zh', 'en'))
      )`);
    await grant(q, 'points.sms_keyword', 'read-only');
    for (const [keyword, language] of KEYWORDS) {
      await q.query('INSERT INTO points.sms_keyword (keyword, language) VALUES ($1, $2)', [keyword, language]);
    }

    await q.query(
      'CREATE TABLE points.answer_template (sentence text PRIMARY KEY, zh text NOT NULL, en text NOT NULL)',
    );
    // Nothing of a person can get into an answer by a template.
    await q.query(`
      ALTER TABLE points.answer_template ADD CONSTRAINT answer_template_placeholders CHECK (
        regexp_replace(zh || en, CASE sentence WHEN 'balance' THEN '\\{(points|yuan)\\}'
          WHEN 'expires-next' THEN '\\{(points|date)\\}' ELSE '^$' END, '', 'g') !~ '[{}]')`);
    await grant(q, 'points.answer_template', 'read-only');
    for (const [sentence, { zh, en }] of Object.entries(SENTENCES)) {
      await q.query('INSERT INTO points.answer_template (sentence, zh, en) VALUES ($1, $2, $3)', [sentence, zh, en]);
    }

    // The same message of a gateway has the same answer.
    await q.query(`
      CREATE TABLE points.sms_question (
        customer_id uuid NOT NULL,
        gateway text NOT NULL,
        message_id text NOT NULL,
        answer text NOT NULL,
        language text NOT NULL,
        reply text NOT NULL,
        answered_at timestamptz NOT NULL,
        PRIMARY KEY (customer_id, gateway, message_id)
      )`);
    await grant(q, 'points.sms_question', 'append-only');
    await q.query(`REVOKE DELETE ON points.sms_question FROM ${APPLICATION_ROLE}`);
    await protectCustomerRows(q, 'points.sms_question');
    await grantToRoles(q, GRANTED);
  }

  async down(q: QueryRunner): Promise<void> {
    await revokeFromRoles(q, GRANTED);
    await unprotectRows(q, 'points.sms_question');
    for (const table of ['sms_question', 'answer_template', 'sms_keyword']) await q.query(`DROP TABLE points.${table}`);
  }
}

const KEYWORDS = [
  ['查询积分', 'zh'],
  ['积分查询', 'zh'],
  ['积分', 'zh'],
  ['CXJF', 'zh'],
  ['JFCX', 'zh'],
  ['POINTS', 'en'],
] as const;

const SENTENCES = {
  balance: {
    zh: '尊敬的客户:您当前的可用积分为{points}分,价值{yuan}元。',
    en: 'Dear customer, you have {points} points, worth {yuan} yuan.',
  },
  'expires-next': {
    zh: '其中{points}分可用至{date}。',
    en: '{points} of them can be used until {date}.',
  },
  frozen: {
    zh: '您的积分目前不能使用,详情请咨询客服热线。',
    en: 'They cannot be used at present; our hotline will tell you more.',
  },
  'unknown-keyword': {
    zh: '尊敬的客户:我们没有识别您发送的内容。查询积分请发送“查询积分”,或拨打客服热线。',
    en: 'Dear customer, we did not understand your message. Send POINTS for your points, or call our hotline.',
  },
  'unknown-number': {
    zh: '该号码没有积分信息,详情请咨询客服热线。',
    en: 'We know of no points of this number; our hotline will tell you more.',
  },
  'account-closed': {
    zh: '该号码的积分账户已关闭,详情请咨询客服热线。',
    en: 'The points account of this number is closed; our hotline will tell you more.',
  },
  'real-name-needed': {
    zh: '尊敬的客户:您的号码尚未实名登记,不能查询积分。请携带有效证件到营业厅办理。',
    en: 'Dear customer, your number is not registered with a real name, so points cannot be asked for. Please bring your document to one of our halls.',
  },
};
