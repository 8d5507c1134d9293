import { Injectable } from '@nestjs/common';
import { ResolvesCustomer, type CustomerResolver } from '../../../platform/http/index.js';
import { FindUsage } from './find-usage.query.js';

@ResolvesCustomer('usage')
@Injectable()
export class CustomerOfUsage implements CustomerResolver {
  constructor(private readonly usage: FindUsage) {}

  async customerOf(usageId: string): Promise<string | undefined> {
    return (await this.usage.byId(usageId))?.customer_id;
  }
}
