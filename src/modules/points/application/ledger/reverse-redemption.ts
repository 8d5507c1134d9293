import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../../platform/clock/index.js';
import { newId, Transaction } from '../../../../platform/database/index.js';
import { Outbox } from '../../../../platform/events/index.js';
import { RedemptionReversed } from '../../domain/ledger/events.js';
import { reverseRedemption } from '../../domain/ledger/redemption.js';
import { RedemptionNotFound, ReversalTooLate } from '../../domain/ledger/refusals.js';
import { RedeemedForAnItem } from '../../domain/exchange/refusals-of-exchange.js';
import { giveBackToBudgets } from '../../persistence/money/budgets.js';
import { PointsLedger } from '../../persistence/ledger/points-ledger.js';
import { FindRedemption, type Redemption, redemptionOf } from './redemption.query.js';

export interface ReverseRedemption {
  readonly redemptionId: string;
  readonly actorId: string;
  readonly channel: string;
}

/** Cancels a redemption on its own day (撤销). There is one reversal of a redemption: asked for again, it is the same one. */
@Injectable()
export class ReverseRedemptionUseCase {
  constructor(
    private readonly transaction: Transaction,
    private readonly ledger: PointsLedger,
    private readonly find: FindRedemption,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** @throws RedemptionNotFound, RedeemedForAnItem, ReversalTooLate, AccountClosed */
  execute({ redemptionId, actorId, channel }: ReverseRedemption): Promise<Redemption> {
    const now = this.clock.now();
    const today = businessDate(now);
    const journalId = newId();
    const idemKey = `reverse:${redemptionId}`;
    return this.transaction.run(async (tx) => {
      const redeemed = await this.find.entry(redemptionId, tx);
      if (!redeemed) throw new RedemptionNotFound();
      if (redeemed.metadata['itemId'] !== undefined) throw new RedeemedForAnItem();
      const { customerId } = redeemed;
      const { account, posted } = await this.ledger.lock(tx, { customerId, idemKey, day: today });
      if (posted) return redemptionOf(redeemed, posted);
      if (redeemed.businessDate !== today) throw new ReversalTooLate({ redeemedOn: redeemed.businessDate, today });
      const postings = reverseRedemption(account, await this.ledger.postingsOf(tx, redeemed));
      const reversal = await this.ledger.append(tx, account, {
        journalId,
        kind: 'REDEMPTION_REVERSAL',
        idemKey,
        postings,
        occurredAt: now,
        recordedAt: now,
        businessDate: today,
        channel,
        actorId,
        reversesJournalId: redemptionId,
      });
      const points = -redeemed.points;
      await giveBackToBudgets(tx, { useId: redemptionId, returnId: journalId, points, on: today });
      await this.outbox.publish(
        tx,
        RedemptionReversed,
        { customerId, journalId, reversesJournalId: redemptionId, points },
        { customerId, occurredAt: now },
      );
      tx.audit({
        action: 'points.reverse-redemption',
        objectType: 'Redemption',
        objectId: redemptionId,
        customerId,
        before: { points: redeemed.points },
        after: { points: redeemed.points, reversedBy: journalId },
      });
      return redemptionOf(redeemed, reversal);
    });
  }
}
