import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { acting, isId, Transaction, type Tx } from '../../../platform/database/index.js';
import { hashPassword } from '../../../platform/identity/index.js';
import { requireGoodPassword } from '../domain/password-rules.js';
import { LastAdministrator, SignsInElsewhere, StaffNotFound, StaleVersion, UnitNotFound } from '../domain/refusals.js';
import { OwnRoles } from '../domain/refusals-of-approvals.js';
import type { StaffMember, StaffStatus } from '../domain/staff.js';
import { endSessions } from '../persistence/session-rows.js';
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
  constructor(
    private readonly transaction: Transaction,
    private readonly clock: Clock,
  ) {}

  /** @throws StaffNotFound, StaleVersion, UnitNotFound, OwnRoles, UnknownRole, RolesInConflict, PasswordRefused, SignsInElsewhere, LastAdministrator */
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
      if (change.roles && acting()?.actor?.id === staffId && !isSame(change.roles, staff.roles)) throw new OwnRoles();
      if (change.roles) await requireRoles(tx, change.roles, false);
      const before = stateOf(staff);

      const wasAdministrator = isAdministrator(staff);
      staff.displayName = change.displayName ?? staff.displayName;
      staff.unitId = change.unitId ?? staff.unitId;
      staff.roles = change.roles ? [...new Set(change.roles)] : staff.roles;
      staff.status = change.status ?? staff.status;
      if (passwordHash !== undefined && change.password !== undefined) {
        if (staff.externalSubject !== null) throw new SignsInElsewhere();
        requireGoodPassword(change.password, staff);
        staff.passwordHash = passwordHash;
        staff.failedAttempts = 0;
        staff.lockedUntil = null;
      }
      if (passwordHash !== undefined || change.roles || change.status) {
        staff.tokenVersion += 1;
        await endSessions(tx, { staffId, reason: 'account-changed', at: this.clock.now() });
      }
      staff.version += 1;
      const saved = await tx.manager.save(staff);
      if (wasAdministrator && !isAdministrator(saved) && !(await anyAdministrator(tx))) throw new LastAdministrator();
      const after = stateOf(saved);
      tx.audit({ action: 'organization.change-staff', objectType: 'StaffMember', objectId: staffId, before, after });
      return staffMemberOf(saved);
    });
  }
}

const isSame = (one: readonly string[], other: readonly string[]): boolean =>
  one.every((role) => other.includes(role)) && other.every((role) => one.includes(role));

const stateOf = (staff: StaffEntity): object => ({ ...staffMemberOf(staff), passwordHash: staff.passwordHash });

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
