import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { Transaction, type Tx } from '../../../platform/database/index.js';
import {
  hashOfRecoveryCode,
  newRecoveryCode,
  newTotpSecret,
  totpStepOf,
  type Actor,
} from '../../../platform/identity/index.js';
import { PersonalData } from '../../../platform/privacy/index.js';
import {
  NoSecondFactor,
  OneTimeCodeRefused,
  OwnSecondFactor,
  SecondFactorExists,
  StaffNotFound,
  WrongPassword,
} from '../domain/refusals.js';
import { RECOVERY_CODES, totpContext } from '../domain/second-factor.js';
import { endSessions } from '../persistence/session-rows.js';
import { AccessRegister } from './access-register.js';
import { useStep } from './check-one-time-code.js';
import { CheckPassword, forgetAttempts } from './check-password.js';
import { FindOrganization } from './find-organization.query.js';

/** One-time codes of an authenticator (TOTP, RFC 6238) as the second factor of a member of the staff. */
@Injectable()
export class ChangeTotp {
  constructor(
    private readonly transaction: Transaction,
    private readonly clock: Clock,
    private readonly personalData: PersonalData,
    private readonly checkPassword: CheckPassword,
    private readonly find: FindOrganization,
    private readonly register: AccessRegister,
  ) {}

  /**
   * A secret for the authenticator, shown this once; it counts from {@link confirm} on. Asks for the password, or whoever finds
   * a console open could shut its owner out.
   * @throws WrongPassword (it counts to the lockout), SecondFactorExists
   */
  async enrol(actor: Actor, password: string): Promise<{ readonly secret: string; readonly uri: string }> {
    const staff = await this.checkPassword.execute({ staffId: actor.id }, password);
    if (!staff) throw new WrongPassword('password');
    const { secret, uri } = newTotpSecret(staff.login);
    const sealed = this.personalData.seal(secret, totpContext(actor.id));
    await this.transaction.run(async (tx) => {
      const stored = await tx.execute(
        `INSERT INTO organization.totp (staff_id, secret, created_at) VALUES ($1, $2, $3)
         ON CONFLICT (staff_id) DO UPDATE SET secret = EXCLUDED.secret, created_at = EXCLUDED.created_at
         WHERE totp.confirmed_at IS NULL`,
        [actor.id, sealed, this.clock.now()],
      );
      // The charge stays then: or a code could be guessed at for ever by asking here in between.
      if (stored === 0) throw new SecondFactorExists();
      await forgetAttempts(tx, staff);
    });
    return { secret, uri };
  }

  /**
   * The first code shows that the authenticator knows the secret. From now on it is asked for at each sign-in; sessions opened
   * without end, the present one is as good as one with. Answers recovery codes, shown this once.
   * @throws NoSecondFactor, OneTimeCodeRefused, SecondFactorExists
   */
  async confirm(actor: Actor, code: string): Promise<readonly string[]> {
    const recoveryCodes = await this.transaction.run(async (tx) => {
      const now = this.clock.now();
      // Sign-ins without a code, which hold the account, are over before this, and their sessions are ended here; or begin after it.
      await tx.query(`SELECT FROM organization.staff WHERE staff_id = $1 FOR UPDATE`, [actor.id]);
      const [totp] = await tx.query<{ secret: Buffer; confirmed_at: Date | null }>(
        `SELECT secret, confirmed_at FROM organization.totp WHERE staff_id = $1`,
        [actor.id],
      );
      if (!totp) throw new NoSecondFactor();
      if (totp.confirmed_at) throw new SecondFactorExists();
      const step = totpStepOf(code, this.personalData.open(totp.secret, totpContext(actor.id)), now);
      if (step === undefined) throw new OneTimeCodeRefused();
      await useStep(tx, actor.id, step);
      await tx.query(`UPDATE organization.totp SET confirmed_at = $2 WHERE staff_id = $1`, [actor.id, now]);
      await tx.query(`UPDATE organization.session SET second_factor = true WHERE session_id = $1`, [actor.sessionId]);
      const { id: staffId, sessionId: except } = actor;
      await endSessions(tx, { staffId, except, reason: 'second-factor-changed', at: now });
      return addRecoveryCodes(tx, staffId);
    });
    await this.register.record({ actor, action: 'account.totp-confirm', customerIds: [], fieldGroups: [] });
    return recoveryCodes;
  }

  /**
   * For somebody else who lost authenticator and recovery codes. All sessions of that person end.
   * @throws OwnSecondFactor, StaffNotFound, NoSecondFactor
   */
  async remove(actor: Actor, staffId: string, reason: string): Promise<void> {
    // Whoever steals the session of an administrator must not get rid of its second factor.
    if (staffId === actor.id) throw new OwnSecondFactor();
    // As a list of the staff does, this shows only those in the actor's part of the organization.
    if (!(await this.find.staffById(staffId))) throw new StaffNotFound();
    await this.transaction.run(async (tx) => {
      const removed = await tx.execute(`DELETE FROM organization.totp WHERE staff_id = $1`, [staffId]);
      if (removed === 0) throw new NoSecondFactor();
      await endSessions(tx, { staffId, reason: 'second-factor-changed', at: this.clock.now() });
    });
    const object = { type: 'staff', id: staffId };
    await this.register.record({
      actor,
      action: 'account.totp-remove',
      object,
      purpose: reason,
      customerIds: [],
      fieldGroups: [],
    });
  }
}

async function addRecoveryCodes(tx: Tx, staffId: string): Promise<readonly string[]> {
  const codes = Array.from({ length: RECOVERY_CODES }, newRecoveryCode);
  await tx.query(
    `INSERT INTO organization.recovery_code (staff_id, code_hash) SELECT $1, hash FROM unnest($2::text[]) hash`,
    [staffId, codes.map(hashOfRecoveryCode)],
  );
  return codes;
}
