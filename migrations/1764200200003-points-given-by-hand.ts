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
  'hotline-agent': ['points.grant'],
  'hall-staff': ['points.grant'],
  'account-manager': ['points.grant'],
  supervisor: ['points.grant', 'points.adjust', 'points.approve'],
  'rule-approver': ['points.approve'],
  administrator: ['points.grant', 'points.adjust', 'points.approve'],
};

/**
 * Points that somebody of the staff gives or takes (赠送积分, 调账), and accounts that somebody freezes: by reasons of a list, gifts and
 * adjustments for a cost centre, and from a limit on with a second person.
 */
export class PointsGivenByHand1764200200003 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE TABLE points.reason_code (
        code text PRIMARY KEY,
        label_en text NOT NULL,
        label_zh text NOT NULL,
        used_for text NOT NULL
      )`);
    await q.query(`
      ALTER TABLE points.reason_code ADD CONSTRAINT reason_code_use
      CHECK (used_for IN ('GIFT', 'ADJUSTMENT', 'FREEZE', 'UNFREEZE'))`);
    await grant(q, 'points.reason_code', 'read-only');
    for (const reason of REASONS) await q.query('INSERT INTO points.reason_code VALUES ($1, $2, $3, $4)', [...reason]);

    // Chosen by us: what one person may give or take of one customer on one day.
    await q.query(`
      CREATE TABLE points.hand_limit (
        kind text NOT NULL,
        effective_from date NOT NULL,
        points_per_day bigint NOT NULL,
        PRIMARY KEY (kind, effective_from)
      )`);
    await q.query(`
      ALTER TABLE points.hand_limit ADD CONSTRAINT hand_limit_sound
      CHECK (kind IN ('GIFT', 'ADJUSTMENT') AND points_per_day >= 0)`);
    await grant(q, 'points.hand_limit', 'read-only');
    await q.query(`
      INSERT INTO points.hand_limit VALUES ('GIFT', '2021-05-01', 1000), ('ADJUSTMENT', '2021-05-01', 1000)`);

    await q.query(`
      CREATE TABLE points.manual_entry (
        customer_id uuid NOT NULL,
        journal_id uuid NOT NULL,
        kind text NOT NULL,
        points bigint NOT NULL,
        reason_code text NOT NULL,
        cost_centre text NOT NULL,
        asked_by text NOT NULL,
        approval_id uuid,
        approved_by text,
        business_date date NOT NULL,
        posted_at timestamptz NOT NULL,
        PRIMARY KEY (customer_id, journal_id)
      )`);
    await q.query(`
      ALTER TABLE points.manual_entry ADD CONSTRAINT manual_entry_sound CHECK (
        (kind = 'GIFT' AND points > 0 OR kind = 'ADJUSTMENT' AND points <> 0)
        AND num_nulls(approval_id, approved_by) IN (0, 2) AND approved_by IS DISTINCT FROM asked_by)`);
    // One entry is asked for by its id alone. On several servers this one look-up goes to all of them.
    await q.query('CREATE INDEX manual_entry_id ON points.manual_entry (journal_id)');
    await grant(q, 'points.manual_entry', 'append-only');
    await protectCustomerRows(q, 'points.manual_entry');

    await q.query(`
      CREATE TABLE points.account_freeze (
        customer_id uuid NOT NULL,
        freeze_id uuid NOT NULL,
        reason_code text NOT NULL,
        frozen_by text NOT NULL,
        frozen_at timestamptz NOT NULL,
        end_reason_code text,
        ended_by text,
        ended_at timestamptz,
        PRIMARY KEY (customer_id, freeze_id)
      )`);
    await q.query(`
      ALTER TABLE points.account_freeze ADD CONSTRAINT account_freeze_ends
      CHECK (num_nulls(end_reason_code, ended_by, ended_at) IN (0, 3))`);
    await q.query(`
      CREATE UNIQUE INDEX account_freeze_one ON points.account_freeze (customer_id) WHERE ended_at IS NULL`);
    await grant(q, 'points.account_freeze', 'append-only');
    await q.query(`
      GRANT UPDATE (end_reason_code, ended_by, ended_at) ON points.account_freeze TO ${APPLICATION_ROLE}`);
    await protectCustomerRows(q, 'points.account_freeze');

    // What each may be used for says the catalogue.
    await q.query(`
      CREATE TABLE points.points_class (
        points_type points.points_type PRIMARY KEY,
        label_en text NOT NULL,
        label_zh text NOT NULL,
        qualifies boolean NOT NULL
      )`);
    await grant(q, 'points.points_class', 'read-only');
    for (const each of CLASSES) await q.query('INSERT INTO points.points_class VALUES ($1, $2, $3, $4)', [...each]);
    await grantToRoles(q, GRANTED);
  }

  async down(q: QueryRunner): Promise<void> {
    await revokeFromRoles(q, GRANTED);
    for (const table of ['account_freeze', 'manual_entry']) await unprotectRows(q, `points.${table}`);
    for (const table of ['points_class', 'account_freeze', 'manual_entry', 'hand_limit', 'reason_code']) {
      await q.query(`DROP TABLE points.${table}`);
    }
  }
}

const REASONS: readonly (readonly [code: string, en: string, zh: string, usedFor: string])[] = [
  ['COURTESY', 'Courtesy to the customer', '客户关怀', 'GIFT'],
  ['COMPLAINT', 'Making good for a complaint', '投诉补偿', 'GIFT'],
  ['BIRTHDAY', 'Birthday', '生日祝福', 'GIFT'],
  ['PRIZE', 'Prize of an event', '活动奖品', 'GIFT'],
  ['MISSED_POINTS', 'Points that were not credited', '积分漏记补录', 'ADJUSTMENT'],
  ['WRONG_POINTS', 'Points that were credited wrongly', '积分错记冲减', 'ADJUSTMENT'],
  ['SYSTEM_FAULT', 'Fault of a system', '系统差错', 'ADJUSTMENT'],
  ['FRAUD_RECOVERY', 'Taken back after fraud', '欺诈追回', 'ADJUSTMENT'],
  ['FRAUD_SUSPECTED', 'Fraud is suspected', '涉嫌欺诈', 'FREEZE'],
  ['DISPUTE', 'Somebody else claims the points', '权属争议', 'FREEZE'],
  ['CUSTOMER_WISH', 'The customer wishes it', '客户要求冻结', 'FREEZE'],
  ['CLEARED', 'Examined, nothing was found', '核查无误', 'UNFREEZE'],
  ['SETTLED', 'The dispute is settled', '争议已解决', 'UNFREEZE'],
  ['CUSTOMER_WISHED', 'The customer wishes it no longer', '客户要求解冻', 'UNFREEZE'],
];

const CLASSES: readonly (readonly [type: string, en: string, zh: string, qualifies: boolean])[] = [
  ['SPENDING', 'Base points for spending', '消费积分', true],
  ['TENURE', 'For time in the network', '在网时间积分', true],
  ['CREDIT', 'For good credit', '信用积分', true],
  ['DATA', 'For data services', '数据业务积分', true],
  ['PROMOTION', 'Of campaigns', '促销积分', false],
  ['GIFT', 'Given as a courtesy', '赠送积分', false],
  ['ADJUSTMENT', 'Put right by hand', '调整积分', false],
];
