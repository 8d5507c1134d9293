import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { BudgetUsedUp } from '../../domain/money/refusals-of-money.js';
import {
  CurrentActor,
  headOf,
  IdempotencyKey,
  ListQuery,
  type ListRequest,
  Operation,
  type Page,
  ResourceIdPipe,
} from '../../../../platform/http/index.js';
import type { Actor } from '../../../../platform/identity/index.js';
import { CustomerNotFound } from '../../../customers/index.js';
import { AccessRegister } from '../../../organization/index.js';
import { DecideOrder } from '../../application/exchange/decide-order.js';
import { EndOrderOfGoods } from '../../application/exchange/end-order-of-goods.js';
import { FindExchangeOrders } from '../../application/exchange/exchange-orders.query.js';
import { PlaceOrder } from '../../application/exchange/place-order.js';
import { ShowCard } from '../../application/exchange/show-card.js';
import {
  BOSS_MAY_TAKE_HOURS,
  CARD_CAN_BE_SHOWN_HOURS,
  type ExchangeOrder,
} from '../../domain/exchange/exchange-order.js';
import { valueInFen } from '../../domain/ledger/points-value.js';
import { HoldEnded, KeyReused } from '../../domain/ledger/refusals.js';
import {
  BossDecides,
  BossTakesNoOrders,
  CardWasShown,
  CardWasShownToAnother,
  ItemLimitReached,
  ItemNotOnOffer,
  ItemOfAnotherKind,
  NoCardToShow,
  NothingToDecide,
  OrderEnded,
  OrderNotFound,
  SoldOut,
  TooFewOfTheseClasses,
  UnknownItem,
} from '../../domain/exchange/refusals-of-exchange.js';
import { CustomerId, lookAt, OF_CUSTOMER, SPENDING_REFUSALS } from '../ledger/of-customer.js';
import { CreatePointsOrderBody, DecideOrderBody, PointsOrderView, TopUpCardView } from './exchange.dto.js';
import { customersOfOrders, exchangeOrders } from './exchange.resources.js';

@ApiTags('Points (积分)')
@Controller(`${customersOfOrders}/:customerId/order`)
export class ExchangeOrdersController {
  constructor(
    private readonly find: FindExchangeOrders,
    private readonly placing: PlaceOrder,
    private readonly ending: EndOrderOfGoods,
    private readonly deciding: DecideOrder,
    private readonly showing: ShowCard,
    private readonly register: AccessRegister,
  ) {}

  @Get()
  @Operation({
    summary: 'What a customer has exchanged points for, newest first (兑换订单查询)',
    permission: 'points.read',
    selfService: true,
    concerns: OF_CUSTOMER,
    returns: PointsOrderView,
    refusals: [CustomerNotFound],
  })
  async orders(
    @CustomerId() customerId: string,
    @ListQuery(exchangeOrders) list: ListRequest,
    @CurrentActor() actor: Actor,
  ): Promise<Page<PointsOrderView>> {
    const page = await this.find.ofCustomer(customerId, list, orderView);
    await this.register.record(lookAt(actor, 'points.orders', customerId));
    return page;
  }

  @Post()
  @Operation({
    summary: 'Order a mobile product or goods for points (积分加油站)',
    description:
      'The points are held until the order ends: a mobile product by what BOSS says, goods at the counter. The Idempotency-Key is also ' +
      'kept with the order, so that a repetition is harmless for ever. Services: POST /care-api/benefits/v1/customer/{customerId}/exchange.',
    permission: 'points.redeem',
    selfService: true,
    freshCode: true,
    concerns: OF_CUSTOMER,
    creates: PointsOrderView,
    idempotent: true,
    refusals: [
      ...SPENDING_REFUSALS,
      ...[UnknownItem, ItemOfAnotherKind, ItemNotOnOffer, ItemLimitReached, SoldOut, BossTakesNoOrders],
      ...[TooFewOfTheseClasses, KeyReused, BudgetUsedUp],
    ],
  })
  async place(
    @CustomerId() customerId: string,
    @Body() { itemId, channel }: CreatePointsOrderBody,
    @IdempotencyKey() key: string | undefined,
    @CurrentActor() { id: actorId }: Actor,
  ): Promise<PointsOrderView> {
    return orderView(await this.placing.execute({ customerId, itemId, channel, actorId, key }));
  }

  @Get(':id')
  @Operation({
    summary: 'One order (兑换订单详情)',
    permission: 'points.read',
    selfService: true,
    concerns: OF_CUSTOMER,
    returns: PointsOrderView,
    refusals: [CustomerNotFound, OrderNotFound],
  })
  async order(
    @CustomerId() customerId: string,
    @Param('id', ResourceIdPipe) id: string,
    @CurrentActor() actor: Actor,
  ): Promise<PointsOrderView> {
    const found = await this.find.one(customerId, id);
    await this.register.record(lookAt(actor, 'points.order', customerId));
    return orderView(found);
  }

  @Post(':id/card')
  @Operation({
    summary: 'Show the card of an order (查看卡密)',
    description:
      `For ${CARD_CAN_BE_SHOWN_HOURS} hours after the first look it is shown again, should an answer be lost on its way: to whoever saw it ` +
      'first, and to the customer. Then it is forgotten. Every look is registered.',
    permission: 'points.redeem',
    selfService: true,
    freshCode: true,
    concerns: OF_CUSTOMER,
    returns: TopUpCardView,
    refusals: [CustomerNotFound, OrderNotFound, NoCardToShow, CardWasShown, CardWasShownToAnother],
  })
  async card(
    @CustomerId() customerId: string,
    @Param('id', ResourceIdPipe) id: string,
    @CurrentActor() actor: Actor,
  ): Promise<TopUpCardView> {
    const { cardNumber, secret } = await this.showing.execute(customerId, id, actor.id);
    await this.register.record(lookAt(actor, 'points.card', customerId));
    return { id, href: `${pathOf(customerId)}/${id}/card`, '@type': 'TopUpCard', cardNumber, secret };
  }

  @Post(':id/handover')
  @Operation({
    summary: 'Hand goods over (兑换商品领取)',
    description: 'The points that were held are used. The same again is harmless.',
    permission: 'points.redeem',
    concerns: OF_CUSTOMER,
    returns: PointsOrderView,
    refusals: [CustomerNotFound, OrderNotFound, OrderEnded, BossDecides, HoldEnded],
  })
  async handOver(
    @CustomerId() customerId: string,
    @Param('id', ResourceIdPipe) orderId: string,
    @CurrentActor() { id: actorId }: Actor,
  ): Promise<PointsOrderView> {
    return orderView(await this.ending.handOver({ customerId, orderId, actorId }));
  }

  @Post(':id/cancellation')
  @Operation({
    summary: 'Cancel an order for goods (取消兑换订单)',
    description: 'The points come back to their lots. The same again is harmless.',
    permission: 'points.redeem',
    selfService: true,
    concerns: OF_CUSTOMER,
    returns: PointsOrderView,
    refusals: [CustomerNotFound, OrderNotFound, OrderEnded, BossDecides],
  })
  async cancel(
    @CustomerId() customerId: string,
    @Param('id', ResourceIdPipe) orderId: string,
    @CurrentActor() { id: actorId }: Actor,
  ): Promise<PointsOrderView> {
    return orderView(await this.ending.cancel({ customerId, orderId, actorId }));
  }

  @Post(':id/decision')
  @Operation({
    summary: 'Decide about an order that BOSS is silent about (BOSS未应答订单处理)',
    description:
      `From ${BOSS_MAY_TAKE_HOURS} hours after the order, and never while BOSS is being asked: ask there first what it has done, it is not asked ` +
      'again. The points are held until then. The same again is harmless.',
    permission: 'points.adjust',
    concerns: OF_CUSTOMER,
    returns: PointsOrderView,
    refusals: [CustomerNotFound, OrderNotFound, OrderEnded, NothingToDecide],
  })
  async decide(
    @CustomerId() customerId: string,
    @Param('id', ResourceIdPipe) orderId: string,
    @Body() { decision }: DecideOrderBody,
    @CurrentActor() { id: actorId }: Actor,
  ): Promise<PointsOrderView> {
    return orderView(await this.deciding.execute({ customerId, orderId, decision, actorId }));
  }
}

const pathOf = (customerId: string): string => `${customersOfOrders}/${customerId}/order`;

export const orderView = (order: ExchangeOrder): PointsOrderView => ({
  ...headOf({ type: exchangeOrders.type, path: pathOf(order.customerId) }, order.orderId),
  customerId: order.customerId,
  itemId: order.itemId,
  kind: order.kind,
  points: order.points,
  valueInFen: valueInFen(order.points),
  channel: order.channel,
  status: order.status,
  orderedAt: order.orderedAt,
  ...(order.endedAt && { endedAt: order.endedAt }),
  ...(order.bossReference !== null && { bossReference: order.bossReference }),
  ...(order.refusal !== null && { refusal: order.refusal }),
  hasCard: order.hasCard,
  ...(order.cardShownAt && { cardShownAt: order.cardShownAt }),
});
