import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { Transaction } from '../../../platform/database/index.js';
import { hashPassword, type Actor } from '../../../platform/identity/index.js';
import { requireGoodPassword } from '../domain/password-rules.js';
import { PasswordRefused, WrongPassword } from '../domain/refusals.js';
import { endSessions } from '../persistence/session-rows.js';
import { AccessRegister } from './access-register.js';
import { CheckPassword } from './check-password.js';
import { IssueSessionTokens, type SessionTokens } from './issue-session-tokens.js';

/** A new password of one's own. All sessions end; the answer opens a new one for who changed it. */
@Injectable()
export class ChangeOwnPassword {
  constructor(
    private readonly transaction: Transaction,
    private readonly clock: Clock,
    private readonly checkPassword: CheckPassword,
    private readonly tokens: IssueSessionTokens,
    private readonly register: AccessRegister,
  ) {}

  /** @throws WrongPassword (it counts to the lockout), PasswordRefused */
  async execute(actor: Actor, oldPassword: string, newPassword: string): Promise<SessionTokens> {
    const staff = await this.checkPassword.execute({ staffId: actor.id }, oldPassword);
    if (!staff) throw new WrongPassword('oldPassword');
    requireGoodPassword(newPassword, staff, 'newPassword');
    if (newPassword === oldPassword) throw new PasswordRefused('newPassword', 'the old one', 'another one than before');
    const passwordHash = await hashPassword(newPassword);
    const opened = await this.transaction.run(async (tx) => {
      const [changed] = await tx.query<{ tokenVersion: number; secondFactor: boolean }>(
        `UPDATE organization.staff s
         SET password_hash = $4, token_version = s.token_version + 1, version = s.version + 1,
           failed_attempts = 0, locked_until = NULL
         FROM organization.session e
         WHERE s.staff_id = $1 AND s.token_version = $2 AND e.session_id = $3 AND e.ended_at IS NULL
         RETURNING s.token_version AS "tokenVersion", e.second_factor AS "secondFactor"`,
        [actor.id, staff.tokenVersion, actor.sessionId, passwordHash],
      );
      // Of two changes at once the second one knows the old password no longer.
      if (!changed) throw new WrongPassword('oldPassword');
      await endSessions(tx, { staffId: actor.id, reason: 'password-changed', at: this.clock.now() });
      return this.tokens.open(tx, { staffId: actor.id, ...changed }, actor);
    });
    await this.register.record({ actor, action: 'account.password', customerIds: [], fieldGroups: [] });
    return opened;
  }
}
