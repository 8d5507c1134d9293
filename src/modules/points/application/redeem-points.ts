import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../platform/clock/index.js';
import { isId, newId, Transaction } from '../../../platform/database/index.js';
import { Outbox } from '../../../platform/events/index.js';
import { CustomerNotFound, CustomersFacade } from '../../customers/index.js';
import { TieringFacade } from '../../tiering/index.js';
import { PointsRedeemed } from '../domain/events.js';
import { type Purpose, redeem } from '../domain/redemption.js';
import { KeyReused } from '../domain/refusals.js';
import { PointsLedger } from '../persistence/points-ledger.js';
import { type Redemption, redemptionOf } from './redemption.query.js';

export interface RedeemPoints {
  readonly customerId: string;
  readonly points: number;
  readonly purpose: Purpose;
  /** Where the customer asked: hotline, hall, … */
  readonly channel: string;
  /** Of the card that the customer shows, when there is one: it must be the customer's, and active. */
  readonly cardNumber?: string | undefined;
  readonly actorId: string;
  /** What the client calls this request; the same again is answered with what was stored. Ours alone when absent. */
  readonly key: string | undefined;
}

/** Exchanges points (积分兑换): what expires first is used first. */
@Injectable()
export class RedeemPointsUseCase {
  constructor(
    private readonly transaction: Transaction,
    private readonly ledger: PointsLedger,
    private readonly customers: CustomersFacade,
    private readonly tiering: TieringFacade,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /**
   * @throws CustomerNotFound, KeyReused, InvalidPointsAmount, AccountClosed, AccountFrozen,
   *   RealNameNeeded, BelowThreshold, InsufficientPoints,
   *   InvalidCardNumber, CardOfSomebodyElse, CardCannotRedeem
   */
  async execute(request: RedeemPoints): Promise<Redemption> {
    const { customerId, points, purpose, channel, cardNumber, actorId } = request;
    if (!isId(customerId)) throw new CustomerNotFound();
    const now = this.clock.now();
    const day = businessDate(now);
    const journalId = newId();
    // Two clients may use the same key.
    const idemKey = `redeem:${actorId}:${request.key ?? journalId}`;
    const requestHash = createHash('sha256')
      .update(JSON.stringify([points, purpose, channel]))
      .digest('hex');
    return this.transaction.run(async (tx) => {
      const locked = await this.ledger.lock(tx, { customerId, idemKey, day });
      const { account, exists, posted, rules, isSuspended, hasRealName } = locked;
      if (posted && posted.requestHash !== requestHash) throw new KeyReused();
      if (posted) return redemptionOf(posted);
      if (!exists && !(await this.customers.exists(customerId, tx))) throw new CustomerNotFound();
      const card =
        cardNumber === undefined ? undefined : await this.tiering.redeemingCard(tx, { customerId, cardNumber });
      const postings = redeem(account, rules, { points, purpose, day, isSuspended, hasRealName });
      const entry = await this.ledger.append(tx, account, {
        journalId,
        kind: 'REDEMPTION',
        idemKey,
        requestHash,
        postings,
        occurredAt: now,
        recordedAt: now,
        businessDate: day,
        channel,
        actorId,
        metadata: { purpose, ...card },
      });
      await this.outbox.publish(tx, PointsRedeemed, { customerId, journalId, points }, { customerId, occurredAt: now });
      tx.audit({
        action: 'points.redeem',
        objectType: 'Redemption',
        objectId: journalId,
        customerId,
        after: { points, purpose, channel, ...card },
      });
      return redemptionOf(entry);
    });
  }
}
