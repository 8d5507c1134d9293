import { ALL_PERMISSIONS } from './permissions.js';
import { DutiesTogether, UnknownPermission } from './refusals-of-roles.js';
import type { RoleScope } from './scope.js';

export interface Role {
  readonly role: string;
  readonly name: string;
  readonly scope: RoleScope;
  readonly permissions: readonly string[];
}

/** Looking after who may do what, deciding about people's data, and auditing both: one role holds at most one of them (职责分离). */
const DUTIES: readonly (readonly string[])[] = [
  ['organization.manage', 'organization.keys'],
  ['privacy.approve'],
  ['organization.audit'],
];

/** @throws UnknownPermission, DutiesTogether */
export function requireSoundPermissions(permissions: readonly string[]): void {
  const known: readonly string[] = ALL_PERMISSIONS;
  const unknown = permissions.filter((permission) => !known.includes(permission));
  if (unknown.length > 0) throw new UnknownPermission(unknown, known);
  const held = DUTIES.flatMap((duty) => permissions.find((permission) => duty.includes(permission)) ?? []);
  if (held.length > 1) throw new DutiesTogether(held);
}
