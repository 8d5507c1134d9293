import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { Database, isId, Transaction } from '../../../platform/database/index.js';
import {
  ActorDirectory,
  CustomerDirectory,
  NOBODY,
  type Actor,
  type KnownActor,
} from '../../../platform/identity/index.js';
import { PersonalData } from '../../../platform/privacy/index.js';
import { isFreshProof } from '../domain/customer-session.js';
import { liveSession, renewProof, type LiveSession } from '../persistence/customer-sessions.js';
import { tryCode } from '../persistence/one-time-codes.js';
import { hashOfCode } from './sealed-codes.js';

const ROLE = 'customer';

/** Asked on every request and never cached: who signed out, or lost the number, is out at once. */
@Injectable()
export class SignedInCustomers extends CustomerDirectory {
  constructor(
    private readonly database: Database,
    private readonly transaction: Transaction,
    private readonly personalData: PersonalData,
    private readonly actors: ActorDirectory,
    private readonly clock: Clock,
  ) {
    super();
  }

  async actorOfCustomer(customerId: string, sessionId: string): Promise<KnownActor | undefined> {
    if (!(await this.sessionOf(customerId, sessionId))) return undefined;
    return {
      kind: 'customer',
      id: customerId,
      name: 'Customer',
      role: ROLE,
      permissions: await this.actors.permissionsOfRole(ROLE),
      unitId: undefined,
      scope: { ...NOBODY, customerId },
      sessionId,
    };
  }

  async isFresh({ id: customerId, sessionId = '' }: Actor, oneTimeCode: string | undefined): Promise<boolean> {
    const session = await this.sessionOf(customerId, sessionId);
    if (!session) return false;
    const now = this.clock.now();
    if (isFreshProof(session.provedAt, now)) return true;
    if (oneTimeCode === undefined) return false;
    const { msisdnIndex } = session;
    const codeHash = hashOfCode(this.personalData, msisdnIndex, oneTimeCode);
    return this.transaction.run(async (tx) => {
      const right = await tryCode(tx, { msisdnIndex, purpose: 'REDEEM', codeHash }, now);
      if (right) await renewProof(tx, customerId, sessionId, now);
      return right !== undefined;
    });
  }

  private async sessionOf(customerId: string, sessionId: string): Promise<LiveSession | undefined> {
    if (!isId(customerId) || !isId(sessionId)) return undefined;
    return liveSession(this.database, { customerId, sessionId, now: this.clock.now() });
  }
}
