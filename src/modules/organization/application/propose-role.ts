import { Injectable } from '@nestjs/common';
import { Transaction, type Tx } from '../../../platform/database/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import type { Approval } from '../domain/approval.js';
import { RoleIsFixed } from '../domain/refusals-of-roles.js';
import { requireSoundPermissions, type Role } from '../domain/role.js';
import { RoleEntity } from '../persistence/role.entity.js';
import { CarriesOut, defineApproval, type Approved, type CarriesOutApproval } from './approval-kinds.js';
import { Approvals } from './approvals.js';

/** What somebody may do is decided by two administrators. */
const ChangeRole = defineApproval<Role>('organization.role', {
  title: { en: 'Make or change a role', zh: '新增或修改角色' },
  ask: 'organization.manage',
  decide: 'organization.manage',
});

@Injectable()
export class ProposeRole {
  constructor(
    private readonly transaction: Transaction,
    private readonly approvals: Approvals,
  ) {}

  /** @throws UnknownPermission, DutiesTogether, RoleIsFixed, RequestWithoutReason */
  execute(role: Role, reason: string, actor: Actor): Promise<Approval> {
    requireSoundPermissions(role.permissions);
    return this.transaction.run(async (tx) => {
      await requireFree(tx, role.role);
      return this.approvals.ask(tx, ChangeRole, { subject: role.role, payload: { ...role }, reason }, actor);
    });
  }
}

@CarriesOut(ChangeRole)
@Injectable()
export class ChangeApprovedRole implements CarriesOutApproval<Role> {
  async carryOut(tx: Tx, { payload: { role, name, scope, permissions } }: Approved<Role>): Promise<undefined> {
    await requireFree(tx, role);
    const before = await tx.manager.findOneBy(RoleEntity, { role });
    const after = { role, name, scope, permissions: [...permissions], isForSystems: false };
    await tx.manager.upsert(RoleEntity, after, ['role']);
    tx.audit({
      action: 'role.change',
      objectType: 'Role',
      objectId: role,
      before: before ? { name: before.name, scope: before.scope, permissions: before.permissions } : undefined,
      after: { name, scope, permissions },
    });
    return undefined;
  }
}

async function requireFree(tx: Tx, role: string): Promise<void> {
  const isFixed = await tx.manager.existsBy(RoleEntity, [
    { role, isShipped: true },
    { role, isForSystems: true },
  ]);
  if (isFixed) throw new RoleIsFixed(role);
}
