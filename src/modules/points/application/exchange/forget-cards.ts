import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../../platform/database/index.js';
import { forgetCardsOf } from '../../persistence/exchange/exchange-orders.js';

@Injectable()
export class ForgetCards {
  ofCustomer(tx: Tx, customerId: string): Promise<void> {
    return forgetCardsOf(tx, customerId);
  }
}
