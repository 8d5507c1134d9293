import { Injectable } from '@nestjs/common';
import { Database, isId, type Tx } from '../../../platform/database/index.js';
import type { ApiKeyScope } from '../domain/api-key.js';
import type { StaffMember } from '../domain/staff.js';
import type { Unit, UnitKind } from '../domain/unit.js';

export interface StaffQuestion {
  /** This unit and everything below it. */
  readonly unitId?: string;
  readonly role?: string;
}

const UNIT = `u.unit_id AS "unitId", u.parent_id AS "parentId", u.kind, u.code, u.name, u.path, u.version`;
const STAFF = `s.staff_id AS "staffId", s.login, s.display_name AS "displayName", s.unit_id AS "unitId", s.roles, s.status, s.version`;

type UnitRow = Omit<Unit, 'parentId'> & { readonly parentId: string | null };

@Injectable()
export class FindOrganization {
  constructor(private readonly database: Database) {}

  async staffById(staffId: string, source: Pick<Tx, 'query'> = this.database): Promise<StaffMember | undefined> {
    if (!isId(staffId)) return undefined;
    const [member] = await source.query<StaffMember>(`SELECT ${STAFF} FROM organization.staff s WHERE staff_id = $1`, [
      staffId,
    ]);
    return member;
  }

  listStaff({ unitId, role }: StaffQuestion): Promise<StaffMember[]> {
    return this.database.query<StaffMember>(
      `SELECT ${STAFF} FROM organization.staff s JOIN organization.unit u USING (unit_id)
       WHERE s.status = 'active' AND ($1::text IS NULL OR s.roles @> ARRAY[$1::text])
         AND ($2::uuid IS NULL OR starts_with(u.path, (SELECT path FROM organization.unit WHERE unit_id = $2)))
       ORDER BY s.login`,
      [role ?? null, unitId ?? null],
    );
  }

  async unitById(unitId: string, source: Pick<Tx, 'query'> = this.database): Promise<Unit | undefined> {
    if (!isId(unitId)) return undefined;
    const [row] = await source.query<UnitRow>(`SELECT ${UNIT} FROM organization.unit u WHERE unit_id = $1`, [unitId]);
    return row && unitOf(row);
  }

  async unitByCode(kind: UnitKind, code: string): Promise<Unit | undefined> {
    const [row] = await this.database.query<UnitRow>(
      `SELECT ${UNIT} FROM organization.unit u WHERE kind = $1 AND code = $2`,
      [kind, code],
    );
    return row && unitOf(row);
  }

  async subtree(unitId: string): Promise<readonly Unit[]> {
    if (!isId(unitId)) return [];
    const rows = await this.database.query<UnitRow>(
      `SELECT ${UNIT} FROM organization.unit top
       JOIN organization.unit u ON u.path COLLATE "C" >= top.path AND u.path COLLATE "C" < top.path || '~'
       WHERE top.unit_id = $1 ORDER BY u.path COLLATE "C"`,
      [unitId],
    );
    return rows.map(unitOf);
  }

  async scopeOfApiKey(apiKeyId: string): Promise<ApiKeyScope | undefined> {
    if (!isId(apiKeyId)) return undefined;
    const [row] = await this.database.query<{ source: string | null; kinds: string[]; provinces: string[] }>(
      `SELECT source, kinds, provinces FROM organization.api_key WHERE api_key_id = $1 AND revoked_at IS NULL`,
      [apiKeyId],
    );
    return row && { ...row, source: row.source ?? undefined };
  }
}

const unitOf = (row: UnitRow): Unit => ({ ...row, parentId: row.parentId ?? undefined });
