import { Injectable } from '@nestjs/common';
import { Settings } from '../../../platform/config/index.js';
import { Database, isId } from '../../../platform/database/index.js';
import { ActorDirectory, type KnownActor } from '../../../platform/identity/index.js';
import { OWN_SESSION, permissionsOf } from '../domain/permissions.js';
import { scopeOfStaff, type RoleScope } from '../domain/scope.js';
import { needsSecondFactor } from '../domain/second-factor.js';
import type { UnitKind } from '../domain/unit.js';
import { FindSystemClients } from './find-system-clients.query.js';

/** Asked on every request and never cached: whoever was deactivated or revoked is out at once. */
@Injectable()
export class KnownActors extends ActorDirectory {
  constructor(
    private readonly database: Database,
    private readonly settings: Settings,
    private readonly systems: FindSystemClients,
  ) {
    super();
  }

  async actorOfStaff(staffId: string, tokenVersion: number, sessionId: string): Promise<KnownActor | undefined> {
    if (!isId(staffId) || !isId(sessionId)) return undefined;
    const rows = await this.database.query<StaffRow>(
      `SELECT s.display_name AS name, s.unit_id, s.roles, r.permissions, r.scope, u.kind, u.code, u.path,
         above.kind AS above_kind, above.code AS above_code, e.second_factor
       FROM organization.staff s
       JOIN organization.session e ON e.session_id = $3 AND e.staff_id = s.staff_id
       JOIN organization.unit u USING (unit_id)
       LEFT JOIN organization.unit above ON above.unit_id = u.parent_id
       LEFT JOIN organization.role r ON r.role = ANY(s.roles)
       WHERE s.staff_id = $1 AND s.token_version = $2 AND s.status = 'active'
         AND e.token_version = s.token_version AND e.ended_at IS NULL`,
      [staffId, tokenVersion, sessionId],
    );
    const [first] = rows;
    if (!first) return undefined;
    const granted = permissionsOf(rows.map(({ permissions }) => ({ permissions: permissions ?? [] })));
    const lacksSecondFactor =
      this.settings.adminTotp === 'required' && !first.second_factor && needsSecondFactor(granted);
    const { above_kind, above_code } = first;
    return {
      kind: 'staff',
      id: staffId,
      name: first.name,
      role: first.roles.join('+'),
      permissions: [...new Set([OWN_SESSION, ...(lacksSecondFactor ? [] : granted)])],
      ...(lacksSecondFactor && { lacksSecondFactor }),
      sessionId,
      unitId: first.unit_id,
      scope: scopeOfStaff(
        staffId,
        rows.flatMap(({ scope }) => scope ?? []),
        { unit: first, above: above_kind && above_code ? { kind: above_kind, code: above_code } : undefined },
      ),
    };
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

interface StaffRow {
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
  readonly second_factor: boolean;
}
