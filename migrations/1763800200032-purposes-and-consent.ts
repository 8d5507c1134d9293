import type { MigrationInterface, QueryRunner } from 'typeorm';
import { grant, protectCustomerRows } from '../src/platform/database/migration-tools.js';

/** What personal data is used for, on which basis of 个人信息保护法 (PIPL), and what customers consented to. */
export class PurposesAndConsent1763800200032 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE TABLE customers.processing_purpose (
        code text PRIMARY KEY,
        name_en text NOT NULL,
        name_zh text NOT NULL,
        legal_basis text NOT NULL,
        needs_consent boolean NOT NULL,
        is_for_disclosure boolean NOT NULL,
        field_groups text[] NOT NULL,
        retention_class text NOT NULL,
        owner text NOT NULL,
        text_version integer NOT NULL DEFAULT 1,
        oldest_valid_version integer NOT NULL DEFAULT 1,
        text_en text NOT NULL,
        text_zh text NOT NULL,
        cooldown_days integer NOT NULL DEFAULT 90
      )`);
    await q.query(`
      ALTER TABLE customers.processing_purpose ADD CONSTRAINT processing_purpose_versions
      CHECK (oldest_valid_version BETWEEN 1 AND text_version AND cooldown_days >= 0)`);
    await grant(q, 'customers.processing_purpose', 'read-only');
    for (const purpose of PURPOSES) {
      await q.query(
        `INSERT INTO customers.processing_purpose (code, name_en, name_zh, legal_basis, needs_consent, is_for_disclosure,
           field_groups, retention_class, owner, text_en, text_zh)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
        [
          ...[
            purpose.code,
            ...purpose.name,
            purpose.basis,
            purpose.basis === CONSENT || purpose.basis === SEPARATE_CONSENT,
          ],
          ...[
            purpose.isForDisclosure ?? false,
            purpose.groups.split(' '),
            purpose.retention,
            purpose.owner,
            ...purpose.text,
          ],
        ],
      );
    }

    await q.query(`
      CREATE TABLE customers.consent (
        customer_id uuid NOT NULL,
        purpose text NOT NULL,
        nth integer NOT NULL,
        consent_id uuid NOT NULL,
        entry text NOT NULL,
        text_version integer NOT NULL,
        channel text NOT NULL,
        said_at timestamptz NOT NULL,
        proof_sealed bytea,
        recorded_by_kind text NOT NULL,
        recorded_by text NOT NULL,
        recorded_at timestamptz NOT NULL,
        PRIMARY KEY (customer_id, purpose, nth)
      )`);
    await q.query(`
      ALTER TABLE customers.consent ADD CONSTRAINT consent_entry CHECK (entry IN ('GIVEN', 'REFUSED', 'WITHDRAWN'))`);
    await q.query(`
      ALTER TABLE customers.consent ADD CONSTRAINT consent_customer
      FOREIGN KEY (customer_id) REFERENCES customers.customer (customer_id)`);
    await q.query(`
      ALTER TABLE customers.consent ADD CONSTRAINT consent_purpose
      FOREIGN KEY (purpose) REFERENCES customers.processing_purpose (code)`);
    await grant(q, 'customers.consent', 'append-only');
    await protectCustomerRows(q, 'customers.consent');

    // The last word holds. Of two of the same moment it is the one that gives less away.
    await q.query(`
      CREATE VIEW customers.effective_consent WITH (security_invoker = true) AS
      SELECT said.customer_id, said.purpose, said.consent_id, said.text_version, said.channel, said.said_at AS given_at
      FROM (
        SELECT DISTINCT ON (customer_id, purpose) * FROM customers.consent
        ORDER BY customer_id, purpose, said_at DESC, entry <> 'GIVEN' DESC, nth DESC
      ) said
      JOIN customers.processing_purpose p ON p.code = said.purpose
      JOIN customers.customer c ON c.customer_id = said.customer_id
      WHERE said.entry = 'GIVEN' AND said.text_version >= p.oldest_valid_version AND c.archive = 'in-network'`);
    await grant(q, 'customers.effective_consent', 'read-only');

    await q.query(`
      CREATE TABLE customers.fact_source (
        customer_id uuid NOT NULL,
        fact text NOT NULL,
        source text NOT NULL,
        collected_by_kind text NOT NULL,
        collected_by text NOT NULL,
        collected_at timestamptz NOT NULL,
        PRIMARY KEY (customer_id, fact)
      )`);
    await q.query(`
      ALTER TABLE customers.fact_source ADD CONSTRAINT fact_source_customer
      FOREIGN KEY (customer_id) REFERENCES customers.customer (customer_id) ON DELETE CASCADE`);
    // What may have to go when a consent goes.
    await q.query(`
      CREATE INDEX fact_source_of_consent ON customers.fact_source (customer_id)
      WHERE fact IN ('maritalStatus', 'workStatus')`);
    await grant(q, 'customers.fact_source', 'read-write');
    await protectCustomerRows(q, 'customers.fact_source');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('DROP TABLE customers.fact_source');
    await q.query('DROP VIEW customers.effective_consent');
    await q.query('DROP TABLE customers.consent');
    await q.query('DROP TABLE customers.processing_purpose');
  }
}

const CONTRACT = 'PIPL 13 (2): needed for the contract with the customer';
const LEGAL_DUTY = 'PIPL 13 (3): needed for a duty by law';
const CONSENT = 'PIPL 13 (1): consent';
const SEPARATE_CONSENT = 'PIPL 13 (1), 23: separate consent';

interface Purpose {
  readonly code: string;
  readonly name: readonly [en: string, zh: string];
  readonly basis: string;
  /** Staff may give it as the reason to see plain values. */
  readonly isForDisclosure?: boolean;
  readonly groups: string;
  readonly retention: string;
  readonly owner: string;
  readonly text: readonly [en: string, zh: string];
}
const PURPOSES: readonly Purpose[] = [
  {
    code: 'service',
    name: ['Service', '客户服务'],
    basis: CONTRACT,
    isForDisclosure: true,
    groups: 'identity contact subscription usage billing',
    retention: 'service + 2 years',
    owner: 'Customer service',
    text: ['To provide and bill the service and to answer your questions.', '用于提供通信服务、出账以及解答您的咨询。'],
  },
  {
    code: 'complaint',
    name: ['Complaints', '投诉处理'],
    basis: CONTRACT,
    isForDisclosure: true,
    groups: 'identity contact subscription usage billing tickets',
    retention: '3 years',
    owner: 'Customer service',
    text: ['To settle your complaint and tell you the result.', '用于处理您的投诉并回复结果。'],
  },
  {
    code: 'verification',
    name: ['Real-name registration', '实名登记核验'],
    basis: LEGAL_DUTY,
    isForDisclosure: true,
    groups: 'identity contact personal',
    retention: 'service + 2 years',
    owner: 'Business halls',
    text: [
      'To register you with your real name, as the law demands of every telephone number.',
      '依据网络安全法、反电信网络诈骗法办理电话用户真实身份信息登记。',
    ],
  },
  {
    code: 'care',
    name: ['Care by an account manager', '客户关怀'],
    basis: CONTRACT,
    isForDisclosure: true,
    groups: 'identity contact personal subscription tier points',
    retention: 'service + 2 years',
    owner: 'Account managers',
    text: ['To look after you in person, as your level entitles you to.', '用于按您的客户级别提供专属关怀服务。'],
  },
  {
    code: 'legal',
    name: ['Requests by law', '依法配合'],
    basis: LEGAL_DUTY,
    isForDisclosure: true,
    groups: 'identity contact personal subscription usage billing points tickets',
    retention: 'as the request says',
    owner: 'Legal department',
    text: ['To answer courts and authorities where the law obliges us.', '依法配合司法机关和主管部门的要求。'],
  },
  {
    code: 'loyalty',
    name: ['Levels and points', '客户级别与积分'],
    basis: CONTRACT,
    groups: 'subscription usage billing tier points',
    retention: '10 years, pseudonymous',
    owner: 'Marketing',
    text: ['To reckon your level and your points.', '用于计算您的客户级别和积分。'],
  },
  {
    code: 'retention',
    name: ['Care before a customer leaves', '客户保有分析'],
    basis: CONTRACT,
    groups: 'subscription usage billing tier churn',
    retention: '2 years, pseudonymous',
    owner: 'Analysts',
    text: [
      'To notice early that you are not content. You may refuse that this is decided by a machine alone.',
      '用于及早发现服务问题；您有权拒绝仅通过自动化方式作出决定。',
    ],
  },
  {
    code: 'profile.personal',
    name: ['Family and work', '婚姻与工作状况'],
    basis: CONSENT,
    groups: 'personal',
    retention: 'until the consent ends',
    owner: 'Account managers',
    text: [
      'To know your marital and work status, so that our care fits your life. It is voluntary and can be ended at any time.',
      '用于了解您的婚姻和工作状况以提供更贴心的服务。自愿提供，可随时撤回。',
    ],
  },
  {
    code: 'marketing.message',
    name: ['Offers by message', '营销短信'],
    basis: CONSENT,
    groups: 'contact subscription',
    retention: 'until the consent ends',
    owner: 'Marketing',
    text: [
      'To send you offers by message. Every message says how to end it.',
      '用于向您发送业务推荐短信，每条短信均可退订。',
    ],
  },
  {
    code: 'marketing.personalised',
    name: ['Personal offers', '个性化推荐'],
    basis: CONSENT,
    groups: 'subscription usage billing tier',
    retention: 'until the consent ends',
    owner: 'Marketing',
    text: ['To choose offers by what you use.', '用于根据您的使用情况为您推荐业务。'],
  },
  {
    code: 'merchant.share',
    name: ['Telling partners that you are a member', '向联盟商户提供会员资格'],
    basis: SEPARATE_CONSENT,
    groups: 'tier',
    retention: 'until the consent ends',
    owner: 'Partner alliance',
    text: [
      'To tell alliance merchants whether you are a member, never who you are.',
      '用于向联盟商户确认您的会员资格，不提供您的身份信息。',
    ],
  },
];
