import { Injectable } from '@nestjs/common';
import { isId, Transaction, type Tx } from '../../../platform/database/index.js';
import { hashPassword } from '../../../platform/identity/index.js';
import { LastAdministrator, StaffNotFound, StaleVersion, UnitNotFound } from '../domain/refusals.js';
import type { StaffMember, StaffStatus } from '../domain/staff.js';
import { StaffEntity } from '../persistence/staff.entity.js';
import { UnitEntity } from '../persistence/unit.entity.js';
import { staffMemberOf } from '../persistence/views.js';
import { requireRoles } from './staff-roles.js';

export interface StaffChange {
  readonly displayName?: string;
  readonly unitId?: string;
  readonly roles?: readonly string[];
  readonly status?: StaffStatus;
  readonly password?: string;
}

/** Changes a member of the staff. A new password, other roles or leaving end all sessions; nobody is ever deleted. */
@Injectable()
export class ChangeStaff {
  constructor(private readonly transaction: Transaction) {}

  /** @throws StaffNotFound, StaleVersion, UnitNotFound, UnknownRole, LastAdministrator */
  async execute(staffId: string, change: StaffChange, expectedVersion?: number): Promise<StaffMember> {
    const passwordHash = change.password === undefined ? undefined : await hashPassword(change.password);
    return this.transaction.run(async (tx) => {
      await lockAdministrators(tx);
      const staff = await tx.manager.findOne(StaffEntity, { where: { staffId }, lock: { mode: 'pessimistic_write' } });
      if (!staff) throw new StaffNotFound();
      if (expectedVersion !== undefined && expectedVersion !== staff.version)
        throw new StaleVersion(expectedVersion, staff.version);
      const { unitId } = change;
      if (unitId !== undefined && !(isId(unitId) && (await tx.manager.existsBy(UnitEntity, { unitId }))))
        throw new UnitNotFound();
      if (change.roles) await requireRoles(tx, change.roles, false);

      const wasAdministrator = isAdministrator(staff);
      staff.displayName = change.displayName ?? staff.displayName;
      staff.unitId = change.unitId ?? staff.unitId;
      staff.roles = change.roles ? [...new Set(change.roles)] : staff.roles;
      staff.status = change.status ?? staff.status;
      if (passwordHash !== undefined) {
        staff.passwordHash = passwordHash;
        staff.failedAttempts = 0;
        staff.lockedUntil = null;
      }
      if (passwordHash !== undefined || change.roles || change.status) staff.tokenVersion += 1;
      staff.version += 1;
      const saved = await tx.manager.save(staff);
      if (wasAdministrator && !isAdministrator(saved) && !(await anyAdministrator(tx))) throw new LastAdministrator();
      return staffMemberOf(saved);
    });
  }
}

const isAdministrator = ({ roles, status }: StaffEntity): boolean =>
  status === 'active' && roles.includes('administrator');

/** Two administrators who deactivate each other take turns. */
const lockAdministrators = (tx: Tx): Promise<unknown> =>
  tx.query(
    `SELECT 1 FROM organization.staff WHERE status = 'active' AND roles @> ARRAY['administrator'] ORDER BY staff_id FOR UPDATE`,
  );

async function anyAdministrator(tx: Tx): Promise<boolean> {
  const rows = await tx.query(
    `SELECT 1 FROM organization.staff WHERE status = 'active' AND roles @> ARRAY['administrator'] LIMIT 1`,
  );
  return rows.length > 0;
}
