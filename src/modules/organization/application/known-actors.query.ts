import { Injectable } from '@nestjs/common';
import { Database, isId } from '../../../platform/database/index.js';
import { ActorDirectory, type KnownActor } from '../../../platform/identity/index.js';
import { permissionsOf } from '../domain/permissions.js';

/** Asked on every request and never cached: whoever was deactivated or revoked is out at once. */
@Injectable()
export class KnownActors extends ActorDirectory {
  constructor(private readonly database: Database) {
    super();
  }

  async actorOfStaff(staffId: string, tokenVersion: number): Promise<KnownActor | undefined> {
    if (!isId(staffId)) return undefined;
    const rows = await this.database.query<{
      name: string;
      unit_id: string;
      roles: string[];
      permissions: string[] | null;
    }>(
      `SELECT s.display_name AS name, s.unit_id, s.roles, r.permissions
       FROM organization.staff s LEFT JOIN organization.role r ON r.role = ANY(s.roles)
       WHERE s.staff_id = $1 AND s.token_version = $2 AND s.status = 'active'`,
      [staffId, tokenVersion],
    );
    const [first] = rows;
    if (!first) return undefined;
    return {
      kind: 'staff',
      id: staffId,
      name: first.name,
      role: first.roles.join('+'),
      permissions: permissionsOf(rows.map(({ permissions }) => ({ permissions: permissions ?? [] }))),
      unitId: first.unit_id,
    };
  }

  async actorOfApiKey(keyHash: string): Promise<KnownActor | undefined> {
    const [key] = await this.database.query<{ api_key_id: string; name: string; role: string; permissions: string[] }>(
      `SELECT k.api_key_id, k.name, k.role, r.permissions
       FROM organization.api_key k JOIN organization.role r USING (role)
       WHERE k.key_hash = $1 AND k.revoked_at IS NULL`,
      [keyHash],
    );
    if (!key) return undefined;
    const { name, role } = key;
    return { kind: 'system', id: key.api_key_id, name, role, permissions: permissionsOf([key]), unitId: undefined };
  }
}
