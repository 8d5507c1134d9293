import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentActor, ListQuery, type ListRequest, Operation, type Page } from '../../../../platform/http/index.js';
import type { Actor } from '../../../../platform/identity/index.js';
import { AccessRegister } from '../../../organization/index.js';
import { FindExchangeOrders } from '../../application/exchange/exchange-orders.query.js';
import { UnansweredOrderView } from './exchange.dto.js';
import { orderView } from './exchange-orders.controller.js';
import { unansweredOrders } from './exchange.resources.js';

@ApiTags('Points (积分)')
@Controller(unansweredOrders.path)
export class UnansweredOrdersController {
  constructor(
    private readonly find: FindExchangeOrders,
    private readonly register: AccessRegister,
  ) {}

  @Get()
  @Operation({
    summary: 'Orders that BOSS is silent about for too long (BOSS未应答订单)',
    description: 'The alarm ORDERS_UNANSWERED stands as long as there are any. POST …/order/{id}/decision ends one.',
    permission: 'points.adjust',
    returns: UnansweredOrderView,
  })
  async list(
    @ListQuery(unansweredOrders) list: ListRequest,
    @CurrentActor() actor: Actor,
  ): Promise<Page<UnansweredOrderView>> {
    const customers = new Set<string>();
    const page = await this.find.unanswered(list, ({ waitsSince, attempts, ...order }) => {
      customers.add(order.customerId);
      return { ...orderView(order), waitsSince, attempts };
    });
    const shown = { customerIds: [...customers], fieldGroups: ['points'] };
    await this.register.record({ actor, action: 'points.unansweredOrders', ...shown });
    return page;
  }
}
