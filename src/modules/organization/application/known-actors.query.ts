import { Injectable } from '@nestjs/common';
import { Database, isId } from '../../../platform/database/index.js';
import { ActorDirectory, type KnownActor } from '../../../platform/identity/index.js';
import { permissionsOf } from '../domain/permissions.js';
import { scopeOfStaff, scopeOfSystem, type RoleScope } from '../domain/scope.js';
import type { UnitKind } from '../domain/unit.js';

/** Asked on every request and never cached: whoever was deactivated or revoked is out at once. */
@Injectable()
export class KnownActors extends ActorDirectory {
  constructor(private readonly database: Database) {
    super();
  }

  async actorOfStaff(staffId: string, tokenVersion: number): Promise<KnownActor | undefined> {
    if (!isId(staffId)) return undefined;
    const rows = await this.database.query<StaffRow>(
      `SELECT s.display_name AS name, s.unit_id, s.roles, r.permissions, r.scope, u.kind, u.code, u.path,
         above.kind AS above_kind, above.code AS above_code
       FROM organization.staff s
       JOIN organization.unit u USING (unit_id)
       LEFT JOIN organization.unit above ON above.unit_id = u.parent_id
       LEFT JOIN organization.role r ON r.role = ANY(s.roles)
       WHERE s.staff_id = $1 AND s.token_version = $2 AND s.status = 'active'`,
      [staffId, tokenVersion],
    );
    const [first] = rows;
    if (!first) return undefined;
    const { above_kind, above_code } = first;
    return {
      kind: 'staff',
      id: staffId,
      name: first.name,
      role: first.roles.join('+'),
      permissions: permissionsOf(rows.map(({ permissions }) => ({ permissions: permissions ?? [] }))),
      unitId: first.unit_id,
      scope: scopeOfStaff(
        staffId,
        rows.flatMap(({ scope }) => scope ?? []),
        { unit: first, above: above_kind && above_code ? { kind: above_kind, code: above_code } : undefined },
      ),
    };
  }

  async actorOfApiKey(keyHash: string): Promise<KnownActor | undefined> {
    const [key] = await this.database.query<KeyRow>(
      `SELECT k.api_key_id, k.name, k.role, k.provinces, r.permissions
       FROM organization.api_key k JOIN organization.role r USING (role)
       WHERE k.key_hash = $1 AND k.revoked_at IS NULL`,
      [keyHash],
    );
    if (!key) return undefined;
    return {
      kind: 'system',
      id: key.api_key_id,
      name: key.name,
      role: key.role,
      permissions: permissionsOf([key]),
      unitId: undefined,
      scope: scopeOfSystem(key.provinces),
    };
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
}

interface KeyRow {
  readonly api_key_id: string;
  readonly name: string;
  readonly role: string;
  readonly provinces: string[];
  readonly permissions: string[];
}
