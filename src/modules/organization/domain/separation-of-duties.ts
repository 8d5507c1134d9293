import { RolesInConflict } from './refusals-of-approvals.js';

export interface RoleDuties {
  readonly role: string;
  /** Roles that nobody may hold besides this one; said on either side it binds both. */
  readonly conflictsWith: readonly string[];
}

/** Whether one person may hold all of these roles (职责分离). @throws RolesInConflict */
export function requireSeparateDuties(roles: readonly RoleDuties[]): void {
  for (const { role, conflictsWith } of roles) {
    const other = roles.find((held) => held.role !== role && conflictsWith.includes(held.role));
    if (other) throw new RolesInConflict(role, other.role);
  }
}
