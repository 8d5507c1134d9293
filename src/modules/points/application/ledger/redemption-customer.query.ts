import { Injectable } from '@nestjs/common';
import { ResolvesCustomer, type CustomerResolver } from '../../../../platform/http/index.js';
import { FindRedemption } from './redemption.query.js';

@ResolvesCustomer('redemption')
@Injectable()
export class CustomerOfRedemption implements CustomerResolver {
  constructor(private readonly redemptions: FindRedemption) {}

  async customerOf(redemptionId: string): Promise<string | undefined> {
    return (await this.redemptions.entry(redemptionId))?.customerId;
  }
}
