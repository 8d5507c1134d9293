import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../platform/clock/index.js';
import { isId, Transaction } from '../../../platform/database/index.js';
import { CustomerNotFound } from '../../customers/index.js';
import { type AskedExchange, OrderService } from '../../points/index.js';
import { TieringFacade } from '../../tiering/index.js';
import { BenefitNotInEffect, UnknownBenefit } from '../domain/refusals.js';
import { benefitOf } from '../persistence/catalogue.js';
import { addExchanged, exchangedFor, type ExchangedUnits } from '../persistence/entitlements.js';

export interface PointsExchange extends ExchangedUnits {
  readonly itemId: string;
  readonly points: number;
  readonly validUntil: string;
}

/**
 * Exchanges points for units of a benefit (积分享福): the points go and the units come in one transaction, so neither is without the other. They
 * can be used in the level year that runs.
 */
@Injectable()
export class ExchangePointsForBenefit {
  constructor(
    private readonly transaction: Transaction,
    private readonly ordering: OrderService,
    private readonly tiering: TieringFacade,
    private readonly clock: Clock,
  ) {}

  /** @throws what `OrderService` throws; UnknownBenefit, BenefitNotInEffect: then no points are used */
  async execute(asked: AskedExchange): Promise<PointsExchange> {
    const { customerId } = asked;
    if (!isId(customerId)) throw new CustomerNotFound();
    const exchangedAt = this.clock.now();
    const day = businessDate(exchangedAt);
    return this.transaction.run(async (tx) => {
      const { order, benefit: code, units } = await this.ordering.execute(tx, asked);
      const { orderId, itemId, points } = order;
      const known = await exchangedFor(tx, customerId, orderId);
      if (known) return { ...known, itemId, points };
      const benefit = await benefitOf(tx, code);
      if (!benefit) throw new UnknownBenefit(code);
      const { program, effectiveFrom, effectiveUntil } = benefit;
      if (day < effectiveFrom || day >= effectiveUntil)
        throw new BenefitNotInEffect({ actual: code, effectiveFrom, effectiveUntil });
      const { from, until, scale } = await this.tiering.levelYearOf(program, day, tx);
      const exchanged = { customerId, orderId, benefit: code, units, levelYear: from, exchangedAt };
      await addExchanged(tx, exchanged, { program, from, until, lowestLevel: scale.at(-1) ?? '' }, day);
      tx.audit({
        action: 'benefits.exchange-points',
        objectType: 'PointsExchange',
        objectId: orderId,
        customerId,
        after: { itemId, points, benefit: code, units, levelYear: from },
      });
      return { ...exchanged, itemId, points, validUntil: until };
    });
  }
}
