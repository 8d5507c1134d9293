import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { Database, isId } from '../../../platform/database/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { CallerNotVerified } from '../domain/self-service-refusals.js';
import { holdsVerification } from '../persistence/caller-verifications.js';

/** Whether an agent has verified the caller before telling what is personal (AUD-10). */
@Injectable()
export class CallerVerifications {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Returns when this actor verified the caller as this customer within the last 15 minutes, with this id.
   * @throws CallerNotVerified, which the register of refusals gets to see; do not catch it.
   */
  async require(actor: Pick<Actor, 'id'>, customerId: string, verificationId: string): Promise<void> {
    const isWhole = [actor.id, customerId, verificationId].every(isId);
    const asked = { customerId, verificationId, actorId: actor.id, now: this.clock.now() };
    if (!isWhole || !(await holdsVerification(this.database, asked))) throw new CallerNotVerified();
  }
}
