import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  APPLICATION_ROLE,
  createSchema,
  grant,
  grantToRoles,
  protectCustomerRows,
  revokeFromRoles,
  type RolePermissions,
  unprotectRows,
} from '../src/platform/database/migration-tools.js';

const FOREVER = '9999-12-31';

const GRANTED: RolePermissions = {
  'account-manager': ['care.read', 'care.work'],
  supervisor: ['care.read', 'care.work', 'care.manage'],
  administrator: ['care.read', 'care.manage'],
};

/** What is done for whom by standard (规定动作), and the tasks (任务) that come of it. */
export class StandardActionsAndTasks1764100200001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await createSchema(q, 'care');
    await q.query(`
      CREATE TABLE care.standard_action (
        action_id uuid PRIMARY KEY,
        tier text NOT NULL,
        customer_kind text NOT NULL,
        code text NOT NULL,
        label jsonb NOT NULL,
        content text NOT NULL,
        every_months int,
        on_event text,
        due_within_days int NOT NULL,
        effective_from date NOT NULL,
        effective_until date NOT NULL DEFAULT '${FOREVER}',
        author text NOT NULL,
        created_at timestamptz NOT NULL
      )`);
    await q.query(`
      ALTER TABLE care.standard_action ADD CONSTRAINT standard_action_kind
      CHECK (customer_kind IN ('individual', 'group'))`);
    await q.query(`
      ALTER TABLE care.standard_action ADD CONSTRAINT standard_action_occasion
      CHECK (num_nonnulls(every_months, on_event) = 1 AND every_months IN (1, 2, 3, 4, 6, 12)
        AND on_event IN ('level-raised', 'level-will-be-lowered', 'level-lowered')
        AND (customer_kind = 'individual' OR on_event IS NULL))`);
    await q.query(`
      ALTER TABLE care.standard_action ADD CONSTRAINT standard_action_days
      CHECK (due_within_days > 0 AND effective_from <= effective_until)`);
    await q.query(`
      ALTER TABLE care.standard_action ADD CONSTRAINT one_standard_action_a_day
      EXCLUDE USING gist (tier WITH =, customer_kind WITH =, code WITH =, daterange(effective_from, effective_until) WITH &&)`);
    await grant(q, 'care.standard_action', 'read-write');
    await q.query(`REVOKE DELETE ON care.standard_action FROM ${APPLICATION_ROLE}`);
    for (const [nth, [tiers, kind, code, everyMonths, onEvent, days]] of DEFAULTS.entries()) {
      const [en, zh, content] = TEXTS[code];
      await q.query(
        `INSERT INTO care.standard_action (action_id, tier, customer_kind, code, label, content, every_months, on_event, due_within_days,
           effective_from, author, created_at)
         SELECT overlay(overlay(md5('standard action ' || $1 || tier) PLACING '8' FROM 13) PLACING '8' FROM 17)::uuid, tier, $2, $3, jsonb_build_object('en', $4::text, 'zh', $5::text), $6, $7, $8, $9,
           '2026-01-01', 'system', '2026-01-01T00:00:00+08:00' FROM unnest($10::text[]) AS tier`,
        [String(nth), kind, code, en, zh, content, everyMonths, onEvent, days, tiers.split(' ')],
      );
    }

    await q.query(`
      CREATE TABLE care.task (
        customer_id uuid NOT NULL,
        code text NOT NULL,
        occasion text NOT NULL,
        task_id uuid NOT NULL,
        action_id uuid NOT NULL REFERENCES care.standard_action,
        tier text NOT NULL,
        manager_id uuid,
        made_on date NOT NULL,
        due_on date NOT NULL,
        state text NOT NULL DEFAULT 'open',
        outcome text,
        cancelled_because text,
        ended_by text,
        ended_at timestamptz,
        PRIMARY KEY (customer_id, code, occasion)
      )`);
    await q.query(`
      ALTER TABLE care.task ADD CONSTRAINT task_in_its_state CHECK (
        CASE state WHEN 'open' THEN num_nonnulls(outcome, cancelled_because, ended_by, ended_at) = 0
                   WHEN 'done' THEN num_nulls(outcome, ended_by, ended_at) = 0 AND cancelled_because IS NULL
                   WHEN 'cancelled' THEN ended_at IS NOT NULL AND
                     CASE cancelled_because WHEN 'by-hand' THEN num_nulls(outcome, ended_by) = 0
                                            WHEN 'departed' THEN num_nonnulls(outcome, ended_by) = 0
                                            WHEN 'no-longer-asked' THEN num_nonnulls(outcome, ended_by) = 0
                                            ELSE false END
                   ELSE false END)`);
    await q.query('CREATE INDEX task_by_id ON care.task (task_id)');
    await q.query(`CREATE INDEX open_task ON care.task (customer_id) WHERE state = 'open'`);
    await q.query('CREATE INDEX task_of_manager ON care.task (manager_id, due_on)');
    await q.query('CREATE INDEX task_due ON care.task (due_on, task_id)');
    await grant(q, 'care.task', 'read-write');
    await q.query(`REVOKE DELETE ON care.task FROM ${APPLICATION_ROLE}`);
    await protectCustomerRows(q, 'care.task');
    await grantToRoles(q, GRANTED);
  }

  async down(q: QueryRunner): Promise<void> {
    await revokeFromRoles(q, GRANTED);
    await unprotectRows(q, 'care.task');
    await q.query('DROP TABLE care.task');
    await q.query('DROP TABLE care.standard_action');
    await q.query('DROP SCHEMA care');
  }
}

const TEXTS = {
  CALL: ['Service call', '电话回访', 'Ask how the service is; note wishes and complaints; tell what the level offers.'],
  VISIT: ['Visit', '上门拜访', 'See the customer; go through the past period, wishes and the contract.'],
  WELCOME_CALL: [
    'Welcome call',
    '升级祝贺',
    'Congratulate on the higher level; tell what it offers and who is there for it.',
  ],
  RETENTION_CALL: [
    'Call before the level is lowered',
    '降级提醒',
    'Tell when the level will be lowered and what keeps it; ask why less is spent.',
  ],
} as const;

type Default = readonly [
  tiers: string,
  kind: 'individual' | 'group',
  code: keyof typeof TEXTS,
  everyMonths: number | null,
  onEvent: string | null,
  dueWithinDays: number,
];

/** A product's default, to be edited: no operator's figures for it are public. */
const DEFAULTS: readonly Default[] = [
  ['DIAMOND', 'individual', 'CALL', 1, null, 31],
  ['DIAMOND', 'individual', 'VISIT', 3, null, 92],
  ['PLATINUM GOLD', 'individual', 'CALL', 2, null, 62],
  ['PLATINUM GOLD', 'individual', 'VISIT', 6, null, 184],
  ['SILVER', 'individual', 'CALL', 3, null, 92],
  ['DIAMOND PLATINUM GOLD', 'individual', 'WELCOME_CALL', null, 'level-raised', 10],
  ['DIAMOND PLATINUM GOLD SILVER', 'individual', 'RETENTION_CALL', null, 'level-will-be-lowered', 10],
  ['A', 'group', 'CALL', 1, null, 31],
  ['A', 'group', 'VISIT', 1, null, 31],
  ['B', 'group', 'CALL', 1, null, 31],
  ['B', 'group', 'VISIT', 3, null, 92],
  ['C', 'group', 'CALL', 3, null, 92],
  ['C', 'group', 'VISIT', 6, null, 184],
];
