import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../../platform/database/index.js';
import { lockOpenOrdersOfGoods } from '../../persistence/exchange/exchange-orders.js';
import { EndOrder } from './end-order.js';

/** Nobody will fetch what somebody ordered who has left the network. What BOSS was asked for, BOSS decides. */
@Injectable()
export class CancelOrdersOfLeaver {
  constructor(private readonly ending: EndOrder) {}

  async execute(tx: Tx, customerId: string): Promise<void> {
    for (const order of await lockOpenOrdersOfGoods(tx, customerId)) {
      await this.ending.giveBack(tx, order, 'departure', { status: 'CANCELLED' });
    }
  }
}
