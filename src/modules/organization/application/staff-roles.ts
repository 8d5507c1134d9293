import { In, Not } from 'typeorm';
import type { Tx } from '../../../platform/database/index.js';
import { UnknownRole } from '../domain/refusals.js';
import { RoleEntity } from '../persistence/role.entity.js';

/** People cannot hold the roles of systems, nor systems those of people; the customers' own role is given by their sign-in. @throws UnknownRole */
export async function requireRoles(tx: Tx, roles: readonly string[], isForSystems: boolean): Promise<void> {
  const found = await tx.manager.findBy(RoleEntity, { role: In([...roles]), isForSystems, scope: Not('self') });
  if (roles.every((role) => found.some((each) => each.role === role))) return;
  const all = await tx.manager.find(RoleEntity, {
    where: { isForSystems, scope: Not('self') },
    order: { role: 'ASC' },
  });
  throw new UnknownRole(all.map(({ role }) => role));
}
