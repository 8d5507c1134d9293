import type { MigrationInterface, QueryRunner } from 'typeorm';
import { protectRows, unprotectRows } from '../src/platform/database/migration-tools.js';

/**
 * Roles get a scope and narrower permissions; units, staff and the access register are seen within the actor's part of the
 * organization. Tenants are service merchants that use parts of the system (M-CRM): units that see nothing but themselves.
 */
export class RolesAndScopes1763800100001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`ALTER TABLE organization.role ADD COLUMN scope text NOT NULL DEFAULT 'unit'`);
    await q.query(
      `ALTER TABLE organization.role ADD CONSTRAINT role_scope CHECK (scope IN ('unit', 'portfolio', 'self'))`,
    );
    for (const [role, name, isForSystems, scope, permissions] of ROLES) {
      await q.query(
        `INSERT INTO organization.role (role, name, is_for_systems, scope, permissions) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (role) DO UPDATE SET permissions = EXCLUDED.permissions, scope = EXCLUDED.scope`,
        [role, name, isForSystems, scope, permissions.split(' ')],
      );
    }

    await q.query(`ALTER TABLE organization.unit DROP CONSTRAINT unit_kind`);
    await q.query(`
      ALTER TABLE organization.unit ADD CONSTRAINT unit_kind
      CHECK (kind IN ('group', 'province', 'branch', 'hall', 'tenant'))`);

    await protectRows(q, 'organization.unit', `starts_with(path, (SELECT platform.scope_unit_path()))`);
    await protectRows(
      q,
      'organization.staff',
      `EXISTS (SELECT FROM organization.unit scoped WHERE scoped.unit_id = staff.unit_id)`,
    );
    await protectRows(
      q,
      'organization.access_register',
      `unit_id IN (SELECT scoped.unit_id FROM organization.unit scoped)`,
    );
  }

  async down(q: QueryRunner): Promise<void> {
    for (const table of ['unit', 'staff', 'access_register']) await unprotectRows(q, `organization.${table}`);
    await q.query(`ALTER TABLE organization.role DROP COLUMN scope`);
  }
}

const FRONT_LINE =
  'organization.read customers.read customers.consent tiering.read points.read points.redeem tickets.read tickets.create tickets.work privacy.request';

const ROLES: readonly (readonly [
  role: string,
  name: string,
  isForSystems: boolean,
  scope: string,
  permissions: string,
])[] = [
  [
    'viewer',
    'Viewer',
    false,
    'unit',
    'organization.read customers.read usage.read usage.intake tiering.read points.read tickets.read routing.read analytics.read operations.read',
  ],
  [
    'hotline-agent',
    'Hotline agent',
    false,
    'unit',
    `${FRONT_LINE} customers.amounts customers.unmask customers.contact usage.read routing.contact routing.agent routing.read`,
  ],
  [
    'account-manager',
    'Account manager',
    false,
    'portfolio',
    `${FRONT_LINE} customers.manage customers.amounts customers.unmask customers.identity customers.contact customers.personal usage.read routing.read analytics.read`,
  ],
  [
    'hall-staff',
    'Business hall staff',
    false,
    'unit',
    `${FRONT_LINE} customers.manage customers.amounts customers.unmask customers.identity customers.contact usage.read`,
  ],
  [
    'analyst',
    'Analyst',
    false,
    'unit',
    'organization.read usage.read usage.intake customers.amounts tiering.read tiering.run points.read routing.read analytics.read analytics.run operations.read',
  ],
  [
    'supervisor',
    'Supervisor',
    false,
    'unit',
    `${FRONT_LINE} organization.approve customers.manage customers.amounts customers.unmask customers.identity customers.contact customers.personal usage.read usage.intake tiering.run routing.contact routing.agent routing.manage routing.read analytics.read operations.read privacy.read privacy.approve`,
  ],
  [
    'rule-author',
    'Rule author',
    false,
    'unit',
    'organization.read tiering.read tiering.run tiering.author points.read analytics.read operations.read',
  ],
  [
    'rule-approver',
    'Rule approver',
    false,
    'unit',
    'organization.read organization.approve tiering.read tiering.approve points.read analytics.read operations.read',
  ],
  [
    'auditor',
    'Auditor',
    false,
    'unit',
    'organization.read organization.audit tiering.read points.read points.prove tickets.read operations.read privacy.read',
  ],
  // Whoever looks after accounts and keys must not look after the registers of what was done with them.
  [
    'administrator',
    'Administrator',
    false,
    'unit',
    'organization.read organization.manage organization.keys organization.approve customers.read customers.manage customers.unmask customers.identity customers.contact customers.personal customers.amounts customers.consent usage.read usage.push usage.intake tiering.read tiering.run tiering.author points.read points.redeem points.run points.prove tickets.read tickets.create tickets.work routing.contact routing.agent routing.manage routing.read analytics.read analytics.run operations.read operations.run privacy.request privacy.run privacy.read',
  ],
  ['tenant-administrator', 'Administrator of a tenant', false, 'unit', 'organization.read organization.manage'],
  ['boss', 'Billing system (BOSS)', true, 'unit', 'usage.push usage.read usage.intake'],
  ['pbx', 'Hotline exchange (PBX)', true, 'unit', 'routing.contact routing.agent routing.read'],
  ['pos', 'Point of sale (POS)', true, 'unit', 'points.read points.redeem tiering.read'],
  [
    'customer',
    'Customer',
    true,
    'self',
    'customers.read customers.amounts customers.consent usage.read tiering.read points.read points.redeem tickets.read tickets.create',
  ],
];
