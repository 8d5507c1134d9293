import { Body, Controller, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentActor, headOf, IdempotencyKey, Operation, ResourceIdPipe } from '../../../platform/http/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { CustomerNotFound } from '../../customers/index.js';
import { ExchangePointsForBenefit, type PointsExchange } from '../application/exchange-points-for-benefit.js';
import { BenefitNotInEffect, UnknownBenefit } from '../domain/refusals.js';
import { ExchangePointsBody, PointsExchangeView } from './benefits.dto.js';
import { customers } from './benefits.resources.js';

@ApiTags('Benefits (权益)')
@Controller(`${customers}/:customerId`)
export class ExchangePointsController {
  constructor(private readonly exchanging: ExchangePointsForBenefit) {}

  @Post('exchange')
  @Operation({
    summary: 'Exchange points for a service (积分享福)',
    description:
      'The points are used and the units of the benefit granted together, or neither. They can be used in the level year that runs. The ' +
      'Idempotency-Key is also kept with the order, so that a repetition is harmless for ever.',
    permission: 'points.redeem',
    selfService: true,
    freshCode: true,
    concerns: { customer: 'params.customerId', unknown: CustomerNotFound },
    creates: PointsExchangeView,
    idempotent: true,
    refusals: [
      ...[CustomerNotFound, UnknownBenefit, BenefitNotInEffect, 'points.unknown-item', 'points.item-of-another-kind'],
      ...['points.item-not-on-offer', 'points.item-limit-reached', 'points.insufficient', 'points.below-threshold'],
      ...[
        'points.too-few-of-these-classes',
        'points.account-frozen',
        'points.real-name-needed',
        'points.budget-used-up',
      ],
      ...['points.account-closed', 'conflict points.key-reused', 'tiering.no-rule-set'],
    ] as const,
  })
  async exchange(
    @Param('customerId', ResourceIdPipe) customerId: string,
    @Body() { itemId, channel }: ExchangePointsBody,
    @IdempotencyKey() key: string | undefined,
    @CurrentActor() { id: actorId }: Actor,
  ): Promise<PointsExchangeView> {
    return exchangeView(await this.exchanging.execute({ customerId, itemId, channel, actorId, key }));
  }
}

/** It is found again among the orders of the customer. */
const exchangeView = ({ orderId, ...exchange }: PointsExchange): PointsExchangeView => ({
  ...headOf({ type: 'PointsExchange', path: `/care-api/points/v1/account/${exchange.customerId}/order` }, orderId),
  ...exchange,
});
