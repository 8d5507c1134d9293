import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../platform/clock/index.js';
import { isId, Transaction } from '../../../platform/database/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { CustomersFacade } from '../../customers/index.js';
import { endedToday, stateOf, type LevelException } from '../domain/level-exception.js';
import { ExceptionOver, LevelExceptionNotFound } from '../domain/refusals-of-exceptions.js';
import { endException, exceptionOf } from '../persistence/tier-overrides.js';
import { followException } from './follow-exception.js';

@Injectable()
export class EndLevelException {
  constructor(
    private readonly transaction: Transaction,
    private readonly customers: CustomersFacade,
    private readonly clock: Clock,
  ) {}

  /**
   * Before its time, by one person: it gives nothing, the customer stands again where the rules say.
   * @throws LevelExceptionNotFound, ExceptionOver
   */
  async execute(exceptionId: string, reason: string, actor: Actor): Promise<LevelException> {
    return this.transaction.run(async (tx) => {
      const known = isId(exceptionId) ? await exceptionOf(tx, exceptionId) : undefined;
      if (!known) throw new LevelExceptionNotFound();
      await this.customers.lockCustomer(tx, known.customerId);
      const now = this.clock.now();
      const today = businessDate(now);
      // Read again: whoever held the lock may have ended it.
      const before = (await exceptionOf(tx, exceptionId)) ?? known;
      const state = stateOf(before, today);
      if (state === 'over') throw new ExceptionOver(before.validUntil);
      const after = { ...before, validUntil: endedToday(before, today), endedBy: actor.id, endedAt: now };
      await endException(tx, after);
      tx.audit({
        action: 'tiering.end-exception', objectType: 'LevelException', objectId: exceptionId, customerId: before.customerId, reason,
        before: { validUntil: before.validUntil }, after: { validUntil: after.validUntil },
      }); // prettier-ignore
      if (state === 'holding') await followException(tx, after, { today, now });
      return after;
    });
  }
}
