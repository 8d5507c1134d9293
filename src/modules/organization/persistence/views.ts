import type { StaffMember } from '../domain/staff.js';
import type { Unit } from '../domain/unit.js';
import type { StaffEntity } from './staff.entity.js';
import type { UnitEntity } from './unit.entity.js';

// What leaves the persistence layer: never a hash, never an entity.

export const unitOf = ({ unitId, parentId, kind, code, name, path, version }: UnitEntity): Unit => ({
  unitId,
  parentId: parentId ?? undefined,
  kind,
  code,
  name,
  path,
  version,
});

export const staffMemberOf = (staff: StaffEntity): StaffMember => ({
  staffId: staff.staffId,
  login: staff.login,
  displayName: staff.displayName,
  unitId: staff.unitId,
  roles: staff.roles,
  status: staff.status,
  version: staff.version,
});
