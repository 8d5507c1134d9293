import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../../platform/clock/index.js';
import { newId } from '../../../../platform/database/index.js';
import { PointsEarned } from '../../domain/ledger/events.js';
import type { PointsType } from '../../domain/ledger/ledger.js';
import { takeFromBudgets } from '../../persistence/money/budgets.js';
import type { Entry } from '../../persistence/ledger/points-ledger.js';
import { type Caller, SingleOperations } from '../../persistence/ledger/single-operations.js';

export interface AwardPoints {
  readonly customerId: string;
  readonly points: number;
  readonly pointsType: PointsType;
  /** Who pays for them. */
  readonly funderId: string;
  /** What makes it the same award: a campaign's or a gift's own reference, unique per customer. */
  readonly reference: string;
  readonly actorId: string;
}

/** Gives points to one customer at once (赠送积分), outside the bill runs. */
@Injectable()
export class AwardPointsUseCase {
  constructor(
    private readonly ledger: SingleOperations,
    private readonly clock: Clock,
  ) {}

  /**
   * What is promotional needs a transaction that is open: it takes from the budgets, too.
   * @throws CustomerNotFound, KeyReused, InvalidPointsAmount, AccountClosed, RealNameNeeded, BudgetUsedUp, PromotionStopped
   */
  async execute(
    on: Caller,
    { customerId, points, pointsType, funderId, reference, actorId }: AwardPoints,
  ): Promise<Entry> {
    const now = this.clock.now();
    const { entry, isRepeated } = await this.ledger.earn(on, {
      customerId,
      journalId: newId(),
      idemKey: `award:${reference}`,
      requestHash: `${points}:${pointsType}:${funderId}`,
      occurredAt: now,
      recordedAt: now,
      businessDate: businessDate(now),
      actorId,
      event: PointsEarned.name,
      kind: 'AWARD',
      points,
      from: 'ISSUED',
      lot: { pointsType, funderId },
    });
    if (pointsType === 'PROMOTION' && !isRepeated) {
      const use = { useId: entry.journalId, kind: 'PROMOTION', customerId, points, on: entry.businessDate } as const;
      await takeFromBudgets(on, use);
    }
    return entry;
  }
}
