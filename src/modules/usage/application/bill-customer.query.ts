import { Injectable } from '@nestjs/common';
import { ResolvesCustomer, type CustomerResolver } from '../../../platform/http/index.js';
import { FindBills } from './find-bills.query.js';

@ResolvesCustomer('customerBill')
@Injectable()
export class CustomerOfBill implements CustomerResolver {
  constructor(private readonly bills: FindBills) {}

  async customerOf(billId: string): Promise<string | undefined> {
    return (await this.bills.byId(billId))?.customer_id;
  }
}
