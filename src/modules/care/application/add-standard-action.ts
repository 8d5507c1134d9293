import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../platform/clock/index.js';
import { newId, Transaction } from '../../../platform/database/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { TieringFacade } from '../../tiering/index.js';
import {
  StandardActionDays,
  StandardActionOccasion,
  StandardActionsOverlap,
  UnknownStandardActionLevel,
} from '../domain/refusals.js';
import { FOREVER, hasOneOccasion, programOf, type StandardAction } from '../domain/standard-action.js';
import { insertAction } from '../persistence/standard-actions.js';

type NewAction = Omit<StandardAction, 'actionId' | 'effectiveFrom' | 'effectiveUntil' | 'author' | 'createdAt'> &
  Partial<Pick<StandardAction, 'effectiveFrom' | 'effectiveUntil'>>;

/** From a day on, something is done for customers of a level and kind (新增规定动作). */
@Injectable()
export class AddStandardAction {
  constructor(
    private readonly transaction: Transaction,
    private readonly tiering: TieringFacade,
    private readonly clock: Clock,
  ) {}

  /** @throws UnknownStandardActionLevel, StandardActionOccasion, StandardActionDays, StandardActionsOverlap */
  execute(wanted: NewAction, actor: Actor): Promise<StandardAction> {
    return this.transaction.run(async (tx) => {
      const createdAt = this.clock.now();
      const today = businessDate(createdAt);
      const { effectiveFrom = today, effectiveUntil = FOREVER } = wanted;
      const { scale } = await this.tiering.levelYearOf(programOf[wanted.customerKind], today, tx);
      if (!scale.includes(wanted.tier)) throw new UnknownStandardActionLevel(scale);
      if (!hasOneOccasion(wanted)) throw new StandardActionOccasion();
      if (effectiveFrom < today) throw new StandardActionDays('effectiveFrom');
      if (effectiveUntil <= effectiveFrom) throw new StandardActionDays('effectiveUntil');
      const action = { ...wanted, actionId: newId(), effectiveFrom, effectiveUntil, author: actor.id, createdAt };
      if (!(await insertAction(tx, action))) throw new StandardActionsOverlap();
      tx.audit({
        action: 'care.add-standard-action',
        objectType: 'StandardAction',
        objectId: action.actionId,
        after: action,
      });
      return action;
    });
  }
}
