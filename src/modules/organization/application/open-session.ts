import { Injectable } from '@nestjs/common';
import { Transaction } from '../../../platform/database/index.js';
import { InvalidCredentials } from '../../../platform/identity/index.js';
import { normaliseLogin } from '../domain/staff.js';
import { AccessRegister } from './access-register.js';
import { CheckOneTimeCode } from './check-one-time-code.js';
import { CheckPassword, forgetAttempts } from './check-password.js';
import { IssueSessionTokens, type Arrival, type SessionTokens } from './issue-session-tokens.js';

export interface SignIn {
  readonly login: string;
  readonly password: string;
  readonly oneTimeCode?: string | undefined;
}

/** Signs a member of the staff in. */
@Injectable()
export class OpenSession {
  constructor(
    private readonly transaction: Transaction,
    private readonly checkPassword: CheckPassword,
    private readonly checkOneTimeCode: CheckOneTimeCode,
    private readonly tokens: IssueSessionTokens,
    private readonly register: AccessRegister,
  ) {}

  /**
   * @throws InvalidCredentials the same, and after the same time, for a wrong password, an unknown login, one that is locked and
   * one that was deactivated: whoever guesses learns nothing. OneTimeCodeNeeded only to who knows the password.
   */
  async execute({ login, password, oneTimeCode }: SignIn, arrival: Arrival): Promise<SessionTokens> {
    const staff = await this.checkPassword.execute({ login: normaliseLogin(login) }, password);
    if (!staff) throw new InvalidCredentials(WRONG);
    const { staffId, tokenVersion, roles, unitId } = staff;
    const opened = await this.transaction.run(async (tx) => {
      // First, since it holds the account as it is; a wrong code undoes it.
      if (!(await forgetAttempts(tx, staff))) throw new InvalidCredentials(WRONG);
      const secondFactor = await this.checkOneTimeCode.execute(tx, staffId, oneTimeCode);
      return this.tokens.open(tx, { staffId, tokenVersion, secondFactor }, arrival);
    });
    await this.register.record({
      actor: { kind: 'staff', id: staffId, role: roles.join('+'), unitId, sessionId: opened.sessionId, ...arrival },
      action: 'session.open',
      customerIds: [],
      fieldGroups: [],
    });
    return opened;
  }
}

const WRONG = 'Login or password is wrong, or the login is locked for a while after too many attempts';
