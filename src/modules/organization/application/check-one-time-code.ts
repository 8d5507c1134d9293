import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import type { Tx } from '../../../platform/database/index.js';
import { hashOfRecoveryCode, totpStepOf } from '../../../platform/identity/index.js';
import { PersonalData } from '../../../platform/privacy/index.js';
import { OneTimeCodeNeeded } from '../domain/refusals.js';
import { totpContext } from '../domain/second-factor.js';

/** Looks at the code that somebody sends beside the password: of the authenticator, or a recovery code. */
@Injectable()
export class CheckOneTimeCode {
  constructor(
    private readonly personalData: PersonalData,
    private readonly clock: Clock,
  ) {}

  /**
   * Whether there was a second factor; uses the code up. The charge for the attempt stays with who has to try again.
   * @throws OneTimeCodeNeeded when the person has one and the code is missing, wrong or was used before.
   */
  async execute(tx: Tx, staffId: string, code: string | undefined): Promise<boolean> {
    const [totp] = await tx.query<{ secret: Buffer }>(
      `SELECT secret FROM organization.totp WHERE staff_id = $1 AND confirmed_at IS NOT NULL`,
      [staffId],
    );
    if (!totp) return false;
    if (code === undefined) throw new OneTimeCodeNeeded('missing');
    const step = totpStepOf(code, this.personalData.open(totp.secret, totpContext(staffId)), this.clock.now());
    const isUsed =
      step === undefined ? await this.useRecoveryCode(tx, staffId, code) : await useStep(tx, staffId, step);
    if (!isUsed) throw new OneTimeCodeNeeded('wrong');
    return true;
  }

  private async useRecoveryCode(tx: Tx, staffId: string, code: string): Promise<boolean> {
    const used = await tx.execute(
      `UPDATE organization.recovery_code SET used_at = $3 WHERE staff_id = $1 AND code_hash = $2 AND used_at IS NULL`,
      [staffId, hashOfRecoveryCode(code), this.clock.now()],
    );
    return used === 1;
  }
}

/** Of two that bring the same code at once, the row lets one pass. */
export const useStep = async (tx: Tx, staffId: string, step: number): Promise<boolean> =>
  (await tx.execute(
    `UPDATE organization.totp SET last_step = $2 WHERE staff_id = $1 AND (last_step IS NULL OR last_step < $2)`,
    [staffId, step],
  )) === 1;
