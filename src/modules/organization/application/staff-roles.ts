import { In, Not } from 'typeorm';
import { acting, type Tx } from '../../../platform/database/index.js';
import { isAllowed } from '../../../platform/identity/index.js';
import { RoleBeyondYours, UnknownRole } from '../domain/refusals.js';
import { requireSeparateDuties } from '../domain/separation-of-duties.js';
import { RoleEntity } from '../persistence/role.entity.js';

/**
 * People cannot hold the roles of systems, nor systems those of people; the role of customers comes with their sign-in. Whoever
 * looks after a part of the organization only gives away permissions of their own.
 * @throws UnknownRole, RolesInConflict, RoleBeyondYours
 */
export async function requireRoles(tx: Tx, roles: readonly string[], isForSystems: boolean): Promise<void> {
  const given = { isForSystems, scope: Not('self' as const) };
  const found = await tx.manager.findBy(RoleEntity, { role: In([...roles]), ...given });
  if (!roles.every((role) => found.some((each) => each.role === role))) {
    const all = await tx.manager.find(RoleEntity, { where: given, order: { role: 'ASC' } });
    throw new UnknownRole(all.map(({ role }) => role));
  }
  requireSeparateDuties(found);
  const actor = acting()?.actor;
  if (!actor || actor.scope.everybody) return;
  const beyond = found.flatMap(({ permissions }) => permissions).filter((permission) => !isAllowed(actor, permission));
  if (beyond.length > 0) throw new RoleBeyondYours([...new Set(beyond)]);
}
