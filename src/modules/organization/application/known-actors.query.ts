import { Injectable } from '@nestjs/common';
import { Settings } from '../../../platform/config/index.js';
import { Database, isId } from '../../../platform/database/index.js';
import { ActorDirectory, type ExternalIdentity, type KnownActor } from '../../../platform/identity/index.js';
import { OWN_SESSION, permissionsOf } from '../domain/permissions.js';
import { scopeOfStaff, type RoleScope } from '../domain/scope.js';
import { needsSecondFactor } from '../domain/second-factor.js';
import type { UnitKind } from '../domain/unit.js';
import { FindSystemClients } from './find-system-clients.query.js';
import { ProvisionExternalStaff } from './provision-external-staff.js';

/** Asked on every request and never cached: whoever was deactivated or revoked is out at once. */
@Injectable()
export class KnownActors extends ActorDirectory {
  constructor(
    private readonly database: Database,
    private readonly settings: Settings,
    private readonly provisionExternalStaff: ProvisionExternalStaff,
    private readonly systems: FindSystemClients,
  ) {
    super();
  }

  async actorOfStaff(staffId: string, tokenVersion: number, sessionId: string): Promise<KnownActor | undefined> {
    if (!isId(staffId) || !isId(sessionId)) return undefined;
    const rows = await this.database.query<StaffRow & { readonly second_factor: boolean }>(
      `SELECT ${STAFF}, e.second_factor
       FROM ${STAFF_WITH_ROLES}
       JOIN organization.session e ON e.session_id = $3 AND e.staff_id = s.staff_id
       WHERE s.staff_id = $1 AND s.token_version = $2 AND s.status = 'active'
         AND e.token_version = s.token_version AND e.ended_at IS NULL`,
      [staffId, tokenVersion, sessionId],
    );
    const [first] = rows;
    if (!first) return undefined;
    const actor = actorOf(first, rows);
    const { permissions } = actor;
    if (this.settings.adminTotp === 'required' && !first.second_factor && needsSecondFactor(permissions))
      return { ...actor, sessionId, permissions: [OWN_SESSION], lacksSecondFactor: true };
    return { ...actor, sessionId, permissions: [...new Set([OWN_SESSION, ...permissions])] };
  }

  /**
   * Password, second factor and sessions of these people are the issuer's business, so there is no own sign-in to look after here.
   * @throws NoKnownRole, UnknownUnit
   */
  override async actorOfExternal(identity: ExternalIdentity): Promise<KnownActor | undefined> {
    const asTheIssuerSays = await this.findExternal(identity);
    if (asTheIssuerSays) return asTheIssuerSays;
    await this.provisionExternalStaff.execute(identity);
    return this.findExternal(identity);
  }

  private async findExternal({ subject, name, roles, unitCode }: ExternalIdentity): Promise<KnownActor | undefined> {
    const rows = await this.database.query<StaffRow>(
      `SELECT ${STAFF}
       FROM ${STAFF_WITH_ROLES}
       WHERE s.external_subject = $1 AND s.display_name = $2 AND u.code = $3 AND s.status = 'active'
         AND s.roles = ARRAY(SELECT role FROM organization.role WHERE role = ANY($4) AND NOT is_for_systems ORDER BY role)`,
      [subject, name, unitCode, roles],
    );
    const [first] = rows;
    return first && actorOf(first, rows);
  }

  actorOfApiKey(keyHash: string, address: string): Promise<KnownActor | undefined> {
    return this.systems.actorOfKey(keyHash, address);
  }

  async permissionsOfRole(role: string): Promise<readonly string[]> {
    const rows = await this.database.query<{ permissions: string[] }>(
      'SELECT permissions FROM organization.role WHERE role = $1',
      [role],
    );
    return permissionsOf(rows);
  }
}

const STAFF = `s.staff_id, s.display_name AS name, s.unit_id, s.roles, r.permissions, r.scope, u.kind, u.code, u.path,
  above.kind AS above_kind, above.code AS above_code`;

/** A row for each role. */
const STAFF_WITH_ROLES = `organization.staff s
  JOIN organization.unit u ON u.unit_id = s.unit_id
  LEFT JOIN organization.unit above ON above.unit_id = u.parent_id
  LEFT JOIN organization.role r ON r.role = ANY(s.roles)`;

function actorOf(staff: StaffRow, roles: readonly StaffRow[]): KnownActor {
  const { staff_id: id, above_kind, above_code } = staff;
  return {
    kind: 'staff',
    id,
    name: staff.name,
    role: staff.roles.join('+'),
    permissions: permissionsOf(roles.map(({ permissions }) => ({ permissions: permissions ?? [] }))),
    unitId: staff.unit_id,
    scope: scopeOfStaff(
      id,
      roles.flatMap(({ scope }) => scope ?? []),
      { unit: staff, above: above_kind && above_code ? { kind: above_kind, code: above_code } : undefined },
    ),
  };
}

interface StaffRow {
  readonly staff_id: string;
  readonly name: string;
  readonly unit_id: string;
  readonly roles: string[];
  readonly permissions: string[] | null;
  readonly scope: RoleScope | null;
  readonly kind: UnitKind;
  readonly code: string;
  readonly path: string;
  readonly above_kind: UnitKind | null;
  readonly above_code: string | null;
}
