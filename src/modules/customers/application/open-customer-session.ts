import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { newId, Transaction } from '../../../platform/database/index.js';
import { CustomerTokens } from '../../../platform/identity/index.js';
import { normaliseMsisdn, PersonalData } from '../../../platform/privacy/index.js';
import { SESSION_SECONDS } from '../domain/customer-session.js';
import { InvalidCode } from '../domain/self-service-refusals.js';
import { holderOf, insertSession } from '../persistence/customer-sessions.js';
import { tryCode } from '../persistence/one-time-codes.js';
import { hashOfCode } from './sealed-codes.js';

/** Signs a customer in (网上营业厅登录) who has the number in hand. */
@Injectable()
export class OpenCustomerSession {
  constructor(
    private readonly transaction: Transaction,
    private readonly personalData: PersonalData,
    private readonly tokens: CustomerTokens,
    private readonly clock: Clock,
  ) {}

  /** @throws InvalidMsisdn, InvalidCode */
  async execute(msisdn: string, code: string): Promise<string> {
    const msisdnIndex = this.personalData.blindIndex('msisdn', normaliseMsisdn(msisdn));
    const codeHash = hashOfCode(this.personalData, msisdnIndex, code);
    const now = this.clock.now();
    const expiresAt = new Date(now.getTime() + SESSION_SECONDS * 1000);
    const session = await this.transaction.run(async (tx) => {
      const right = await tryCode(tx, { msisdnIndex, purpose: 'SIGN_IN', codeHash }, now);
      const customerId = right && (await holderOf(tx, msisdnIndex));
      // A code that was sent to one holder of a number is worth nothing for the next.
      if (customerId === undefined || customerId !== right?.holderId) return undefined;
      const opened = { customerId, sessionId: newId(), msisdnIndex, openedAt: now, expiresAt };
      await insertSession(tx, opened);
      return opened;
    });
    // Behind the commit: a try counts, also a wrong one.
    if (!session) throw new InvalidCode();
    return this.tokens.sign(session, now, expiresAt);
  }
}
