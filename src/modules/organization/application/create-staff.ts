import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { isId, newId, Transaction, type Tx } from '../../../platform/database/index.js';
import { hashPassword } from '../../../platform/identity/index.js';
import { requireGoodPassword } from '../domain/password-rules.js';
import { LoginTaken, UnitNotFound } from '../domain/refusals.js';
import { normaliseLogin, type StaffMember } from '../domain/staff.js';
import { StaffEntity } from '../persistence/staff.entity.js';
import { UnitEntity } from '../persistence/unit.entity.js';
import { staffMemberOf } from '../persistence/views.js';
import { requireRoles } from './staff-roles.js';

export interface NewStaff {
  readonly login: string;
  readonly displayName: string;
  readonly password: string;
  readonly unitId: string;
  readonly roles: readonly string[];
}

@Injectable()
export class CreateStaff {
  constructor(
    private readonly transaction: Transaction,
    private readonly clock: Clock,
  ) {}

  /** @throws PasswordRefused, UnitNotFound, UnknownRole, LoginTaken */
  async execute(member: NewStaff): Promise<StaffMember> {
    requireGoodPassword(member.password, member);
    const passwordHash = await hashPassword(member.password);
    return this.transaction.run(async (tx) => {
      const created = await this.insert(tx, member, passwordHash);
      if (!created) throw new LoginTaken();
      return created;
    });
  }

  async ensure(member: NewStaff): Promise<StaffMember> {
    requireGoodPassword(member.password, member);
    const passwordHash = await hashPassword(member.password);
    return this.transaction.run(async (tx) => {
      const login = normaliseLogin(member.login);
      return (
        (await this.insert(tx, member, passwordHash)) ??
        staffMemberOf(await tx.manager.findOneByOrFail(StaffEntity, { login }))
      );
    });
  }

  private async insert(tx: Tx, member: NewStaff, passwordHash: string): Promise<StaffMember | undefined> {
    const { unitId, displayName } = member;
    if (!isId(unitId) || !(await tx.manager.existsBy(UnitEntity, { unitId }))) throw new UnitNotFound();
    await requireRoles(tx, member.roles, false);
    const row = {
      staffId: newId(),
      login: normaliseLogin(member.login),
      displayName,
      passwordHash,
      externalSubject: null,
      unitId,
      roles: [...new Set(member.roles)],
      status: 'active' as const,
      tokenVersion: 1,
      failedAttempts: 0,
      lockedUntil: null,
      createdAt: this.clock.now(),
      version: 1,
    };
    const inserted = await tx.manager
      .createQueryBuilder()
      .insert()
      .into(StaffEntity)
      .values(row)
      .orIgnore()
      .returning('staff_id')
      .execute();
    if ((inserted.raw as unknown[]).length === 0) return undefined;
    const { staffId } = row;
    const after = { ...staffMemberOf(row), passwordHash };
    tx.audit({ action: 'organization.create-staff', objectType: 'StaffMember', objectId: staffId, after });
    return staffMemberOf(row);
  }
}
