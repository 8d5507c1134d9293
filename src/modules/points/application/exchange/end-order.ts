import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../../platform/clock/index.js';
import { newId, type Tx } from '../../../../platform/database/index.js';
import { PointsMoved } from '../../domain/ledger/events.js';
import type { ExchangeOrder } from '../../domain/exchange/exchange-order.js';
import { REDEEMED } from '../../domain/ledger/redemption.js';
import { HoldEnded } from '../../domain/ledger/refusals.js';
import { requestHash } from '../../domain/ledger/request-hash.js';
import { type Ending, storeEnding } from '../../persistence/exchange/exchange-orders.js';
import { type Asked, SingleOperations } from '../../persistence/ledger/single-operations.js';
import { putBack } from '../../persistence/exchange/stock.js';

/** The hold of an open order ends before the order in one case: the customer has left the network, and all points were forfeited. */
async function unlessForfeited(end: () => Promise<unknown>): Promise<void> {
  try {
    await end();
  } catch (error) {
    if (!(error instanceof HoldEnded)) throw error;
  }
}

/** Ends an order that is open and locked, together with its hold: its points are used, or they come back and so does the piece. */
@Injectable()
export class EndOrder {
  constructor(
    private readonly ledger: SingleOperations,
    private readonly clock: Clock,
  ) {}

  /** @throws HoldEnded */
  async complete(
    tx: Tx,
    order: ExchangeOrder,
    actorId: string,
    said: Pick<Ending, 'bossReference' | 'cardSealed'> = {},
  ): Promise<void> {
    const asked = this.asked(order, 'complete', actorId);
    const { orderId: holdId, points, kind } = order;
    const capture = () =>
      this.ledger.capture(tx, { ...asked, holdId, points, into: REDEEMED[kind], event: PointsMoved.name });
    // What BOSS has delivered is delivered; what lies at a counter stays there.
    await (kind === 'MOBILE_PRODUCT' ? unlessForfeited(capture) : capture());
    await storeEnding(tx, order, { ...said, status: 'COMPLETED', endedAt: asked.occurredAt });
  }

  async giveBack(
    tx: Tx,
    order: ExchangeOrder,
    actorId: string,
    said: Pick<Ending, 'status' | 'refusal'>,
  ): Promise<void> {
    const asked = this.asked(order, 'give-back', actorId);
    await unlessForfeited(() => this.ledger.release(tx, { ...asked, holdId: order.orderId, as: 'VOIDED' }));
    await putBack(tx, order.itemId, order.orderId);
    await storeEnding(tx, order, { ...said, endedAt: asked.occurredAt });
  }

  private asked({ customerId, orderId, itemId, channel }: ExchangeOrder, what: string, actorId: string): Asked {
    const now = this.clock.now();
    return {
      customerId,
      journalId: newId(),
      idemKey: `order:${orderId}:${what}`,
      requestHash: requestHash(orderId, what),
      occurredAt: now,
      recordedAt: now,
      businessDate: businessDate(now),
      channel,
      actorId,
      metadata: { orderId, itemId },
    };
  }
}
