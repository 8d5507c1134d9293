import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The root of the unit tree and the roles that the product ships with; both are data and may be changed. */
export class ShippedRoles1763700100003 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(
      `INSERT INTO organization.unit (unit_id, parent_id, kind, code, name, path, created_at, version)
       VALUES ($1, NULL, 'group', 'GROUP', 'Group headquarters', $2, $3, 1)`,
      [ROOT, `/${ROOT}/`, '2025-01-01T00:00:00+08:00'],
    );
    for (const [role, name, isForSystems, permissions] of ROLES) {
      await q.query(`INSERT INTO organization.role (role, name, is_for_systems, permissions) VALUES ($1, $2, $3, $4)`, [
        role,
        name,
        isForSystems,
        permissions.split(' '),
      ]);
    }
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('DELETE FROM organization.role');
    await q.query('DELETE FROM organization.unit');
  }
}

const ROOT = '019a9d00-0000-7000-8000-000000000001';

const FRONT_LINE =
  'organization.read customers.read tiering.read points.read points.redeem tickets.read tickets.create tickets.work';

const ROLES: readonly (readonly [role: string, name: string, isForSystems: boolean, permissions: string])[] = [
  ['administrator', 'Administrator', false, '*'],
  [
    'supervisor',
    'Supervisor',
    false,
    `${FRONT_LINE} customers.manage customers.unmask usage.read tiering.run routing.contact routing.agent routing.manage routing.read analytics.read operations.read`,
  ],
  [
    'account-manager',
    'Account manager',
    false,
    `${FRONT_LINE} customers.manage customers.unmask usage.read routing.read analytics.read`,
  ],
  ['hotline-agent', 'Hotline agent', false, `${FRONT_LINE} usage.read routing.contact routing.agent routing.read`],
  ['hall-staff', 'Business hall staff', false, `${FRONT_LINE} customers.manage usage.read`],
  [
    'analyst',
    'Analyst',
    false,
    'organization.read usage.read tiering.read tiering.run points.read routing.read analytics.read analytics.run operations.read',
  ],
  [
    'auditor',
    'Auditor',
    false,
    'organization.read organization.audit tiering.read points.read points.prove tickets.read operations.read',
  ],
  [
    'viewer',
    'Viewer',
    false,
    'organization.read customers.read usage.read tiering.read points.read tickets.read routing.read analytics.read operations.read',
  ],
  ['boss', 'Billing system (BOSS)', true, 'usage.push usage.read'],
  ['pbx', 'Hotline exchange (PBX)', true, 'routing.contact routing.agent routing.read'],
];
