import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { Transaction, type Tx } from '../../../platform/database/index.js';
import { verifyPassword } from '../../../platform/identity/index.js';
import { chargeAttempt } from '../domain/lockout.js';
import { StaffEntity } from '../persistence/staff.entity.js';

/**
 * Compares a password with that of an active member of the staff. Each attempt is charged before it is looked at; whoever opens a
 * session afterwards takes the charges back ({@link forgetAttempts}).
 */
@Injectable()
export class CheckPassword {
  constructor(
    private readonly transaction: Transaction,
    private readonly clock: Clock,
  ) {}

  /** `undefined`, after the same time, for a wrong password, an unknown login, one that is locked and one that was deactivated. */
  async execute(
    who: { readonly login: string } | { readonly staffId: string },
    password: string,
  ): Promise<StaffEntity | undefined> {
    const staff = await this.charge(who);
    const isRight = await verifyPassword(password, staff?.passwordHash ?? undefined);
    return isRight ? staff : undefined;
  }

  /** Counts the attempt; `undefined` when the password must not be looked at. */
  private charge(who: { readonly login: string } | { readonly staffId: string }): Promise<StaffEntity | undefined> {
    return this.transaction.run(async (tx) => {
      const staff = await tx.manager.findOne(StaffEntity, {
        where: { ...who, status: 'active' },
        lock: { mode: 'pessimistic_write' },
      });
      if (!staff) return undefined;
      const { failedAttempts, lockedUntil } = staff;
      const after = chargeAttempt({ failedAttempts, lockedUntil: lockedUntil ?? undefined }, this.clock.now());
      if (!after) return undefined;
      await tx.manager.update(
        StaffEntity,
        { staffId: staff.staffId },
        { failedAttempts: after.failedAttempts, lockedUntil: after.lockedUntil ?? null },
      );
      return staff;
    });
  }
}

/** Takes the charges back. `false` when the account changed while its password was compared. */
export async function forgetAttempts(
  tx: Tx,
  { staffId, tokenVersion }: Pick<StaffEntity, 'staffId' | 'tokenVersion'>,
): Promise<boolean> {
  const { affected } = await tx.manager.update(
    StaffEntity,
    { staffId, tokenVersion, status: 'active' },
    { failedAttempts: 0, lockedUntil: null },
  );
  return affected === 1;
}
