import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../platform/clock/index.js';
import { isId, Transaction } from '../../../platform/database/index.js';
import {
  StandardActionDays,
  StandardActionInEffect,
  StandardActionNotFound,
  StandardActionOccasion,
} from '../domain/refusals.js';
import { changedAction, type ChangeOfAction, type StandardAction } from '../domain/standard-action.js';
import { actionOf, storeAction } from '../persistence/standard-actions.js';

@Injectable()
export class ChangeStandardAction {
  constructor(
    private readonly transaction: Transaction,
    private readonly clock: Clock,
  ) {}

  /** @throws StandardActionNotFound, StandardActionInEffect, StandardActionDays, StandardActionOccasion */
  execute(actionId: string, change: ChangeOfAction): Promise<StandardAction> {
    return this.transaction.run(async (tx) => {
      const before = isId(actionId) ? await actionOf(tx, actionId, true) : undefined;
      if (!before) throw new StandardActionNotFound();
      const after = changedAction(before, change, businessDate(this.clock.now()));
      if (after === 'in-effect') throw new StandardActionInEffect(before.effectiveFrom);
      if (after === 'days') throw new StandardActionDays('effectiveUntil');
      if (after === 'occasion') throw new StandardActionOccasion();
      await storeAction(tx, after);
      tx.audit({
        action: 'care.change-standard-action',
        objectType: 'StandardAction',
        objectId: actionId,
        before,
        after,
      });
      return after;
    });
  }
}
