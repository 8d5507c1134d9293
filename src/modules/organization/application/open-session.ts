import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { Transaction } from '../../../platform/database/index.js';
import { InvalidCredentials, Tokens, verifyPassword, type AccessToken } from '../../../platform/identity/index.js';
import { chargeAttempt } from '../domain/lockout.js';
import { normaliseLogin } from '../domain/staff.js';
import { StaffEntity } from '../persistence/staff.entity.js';

/** Signs a member of the staff in. */
@Injectable()
export class OpenSession {
  constructor(
    private readonly transaction: Transaction,
    private readonly tokens: Tokens,
    private readonly clock: Clock,
  ) {}

  /**
   * @throws InvalidCredentials the same, and after the same time, for a wrong password, an unknown login, one that is locked and
   * one that was deactivated: whoever guesses learns nothing.
   */
  async execute(login: string, password: string): Promise<AccessToken> {
    const staff = await this.charge(normaliseLogin(login));
    const isRight = await verifyPassword(password, staff?.passwordHash);
    if (!staff || !isRight) throw new InvalidCredentials(WRONG);
    await this.transaction.run((tx) =>
      tx.manager.update(StaffEntity, { staffId: staff.staffId }, { failedAttempts: 0, lockedUntil: null }),
    );
    return this.tokens.sign({ staffId: staff.staffId, tokenVersion: staff.tokenVersion });
  }

  /** Counts the attempt before the password is verified; `undefined` when it must not be. */
  private charge(login: string): Promise<StaffEntity | undefined> {
    return this.transaction.run(async (tx) => {
      const staff = await tx.manager.findOne(StaffEntity, {
        where: { login, status: 'active' },
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

const WRONG = 'Login or password is wrong, or the login is locked for a while after too many attempts';
