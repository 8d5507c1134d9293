import { EVERYBODY, NOBODY, type Scope } from '../../../platform/identity/scope.js';
import type { Unit } from './unit.js';

export const ROLE_SCOPES = ['unit', 'portfolio', 'self'] as const;
export type RoleScope = (typeof ROLE_SCOPES)[number];

/** Where a member of the staff works, with the unit above. */
export interface Workplace {
  readonly unit: Pick<Unit, 'kind' | 'code' | 'path'>;
  readonly above: Pick<Unit, 'kind' | 'code'> | undefined;
}

/**
 * Whose customers a member of the staff sees: those of the unit and all below it, or the own portfolio only; the wider of
 * several roles counts. A business hall serves the customers of the branch (or province) that it belongs to; a tenant none.
 */
export function scopeOfStaff(staffId: string, roles: readonly RoleScope[], { unit, above }: Workplace): Scope {
  const unitPath = unit.path;
  if (roles.includes('unit')) {
    const area = unit.kind === 'hall' ? above : unit;
    if (area?.kind === 'group') return unit.kind === 'group' ? EVERYBODY : { ...NOBODY, unitPath };
    if (area?.kind === 'province') return { ...NOBODY, provinces: [area.code], unitPath };
    if (area?.kind === 'branch') return { ...NOBODY, branches: [area.code], unitPath };
    return { ...NOBODY, unitPath };
  }
  return roles.includes('portfolio') ? { ...NOBODY, managerId: staffId, unitPath } : { ...NOBODY, unitPath };
}

/** A system sees the customers of its provinces; without any it serves the whole operator. */
export const scopeOfSystem = (provinces: readonly string[]): Scope =>
  provinces.length === 0 ? EVERYBODY : { ...NOBODY, provinces };
