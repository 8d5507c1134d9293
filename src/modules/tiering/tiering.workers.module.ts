import { Module } from '@nestjs/common';
import { EndMembershipWhenCustomerDeparts } from './listeners/end-membership-when-customer-departs.listener.js';
import { ForgetCardsWhenCustomerIsErased } from './listeners/forget-cards-when-customer-is-erased.listener.js';
import { EndLevelWhenCustomerDeparts } from './listeners/end-level-when-customer-departs.listener.js';
import { ReconsiderTiersWhenClosedMonthsChanged } from './listeners/reconsider-tiers-when-closed-months-changed.listener.js';
import { TellSubscribersOfTiers } from './listeners/tell-subscribers-of-tiers.listener.js';

@Module({
  providers: [
    EndLevelWhenCustomerDeparts,
    EndMembershipWhenCustomerDeparts,
    ForgetCardsWhenCustomerIsErased,
    ReconsiderTiersWhenClosedMonthsChanged,
    TellSubscribersOfTiers,
  ],
})
export class TieringWorkersModule {}
