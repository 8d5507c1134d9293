import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../../platform/clock/index.js';
import { acting, isId, newId, Transaction, type Tx } from '../../../../platform/database/index.js';
import { CustomerNotFound } from '../../../customers/index.js';
import { TieringFacade } from '../../../tiering/index.js';
import { PointsRedeemed } from '../../domain/ledger/events.js';
import type { PointsType } from '../../domain/ledger/ledger.js';
import { type Purpose, REDEEMED } from '../../domain/ledger/redemption.js';
import { requestHash } from '../../domain/ledger/request-hash.js';
import { withinBudget } from '../../persistence/money/budgets.js';
import { SingleOperations } from '../../persistence/ledger/single-operations.js';
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

/** What of the catalogue the points are redeemed for, and with which classes of points. */
export interface RedeemedFor {
  readonly itemId?: string;
  readonly classes?: readonly PointsType[] | undefined;
}

/** Exchanges points (积分兑换): what expires first is used first. */
@Injectable()
export class RedeemPointsUseCase {
  constructor(
    private readonly transaction: Transaction,
    private readonly ledger: SingleOperations,
    private readonly tiering: TieringFacade,
    private readonly clock: Clock,
  ) {}

  /**
   * @throws CustomerNotFound, KeyReused, InvalidPointsAmount, AccountClosed, AccountFrozen,
   *   RealNameNeeded, KeyPersonNeeded, BelowThreshold, InsufficientPoints, BudgetUsedUp,
   *   InvalidCardNumber, CardOfSomebodyElse, CardCannotRedeem
   */
  async execute(request: RedeemPoints): Promise<Redemption> {
    if (acting() || request.cardNumber !== undefined) return this.transaction.run((tx) => this.within(tx, request));
    const asked = this.asked(request);
    return redemptionOf((await this.ledger.spend(withinBudget(this.transaction, request.purpose), asked)).entry);
  }

  /** In the caller's transaction: with all that is done for the points, or not at all. @throws what `execute` throws */
  async within(tx: Tx, request: RedeemPoints & RedeemedFor): Promise<Redemption> {
    const { customerId, cardNumber } = request;
    const asked = this.asked(request);
    const known = await this.ledger.posted(tx, asked);
    if (known?.requestHash === asked.requestHash) return redemptionOf(known);
    const card =
      cardNumber === undefined ? undefined : await this.tiering.redeemingCard(tx, { customerId, cardNumber });
    const { entry, isRepeated } = await this.ledger.spend(withinBudget(tx, request.purpose), {
      ...asked,
      metadata: { ...asked.metadata, ...card },
    });
    if (!isRepeated) {
      const { points, purpose, channel, itemId } = request;
      tx.audit({
        action: 'points.redeem',
        objectType: 'Redemption',
        objectId: entry.journalId,
        customerId,
        after: { points, purpose, channel, ...card, ...(itemId !== undefined && { itemId }) },
      });
    }
    return redemptionOf(entry);
  }

  private asked({
    customerId,
    points,
    purpose,
    channel,
    actorId,
    itemId,
    classes,
    ...request
  }: RedeemPoints & RedeemedFor) {
    if (!isId(customerId)) throw new CustomerNotFound();
    const now = this.clock.now();
    const journalId = newId();
    return {
      customerId,
      journalId,
      // Two clients may use the same key.
      idemKey: `redeem:${actorId}:${request.key ?? journalId}`,
      requestHash: requestHash(points, purpose, channel, request.cardNumber, ...(itemId === undefined ? [] : [itemId])),
      occurredAt: now,
      recordedAt: now,
      businessDate: businessDate(now),
      channel,
      actorId,
      event: PointsRedeemed.name,
      kind: 'REDEMPTION',
      points,
      into: REDEEMED[purpose],
      classes,
      metadata: { purpose, ...(itemId !== undefined && { itemId }), ...(classes && { classes }) },
    } as const;
  }
}
