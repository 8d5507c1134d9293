import { Module } from '@nestjs/common';
import { EndLevelWhenCustomerDeparts } from './listeners/end-level-when-customer-departs.listener.js';
import { ReconsiderTiersWhenClosedMonthsChanged } from './listeners/reconsider-tiers-when-closed-months-changed.listener.js';
import { TellSubscribersOfTiers } from './listeners/tell-subscribers-of-tiers.listener.js';

@Module({ providers: [EndLevelWhenCustomerDeparts, ReconsiderTiersWhenClosedMonthsChanged, TellSubscribersOfTiers] })
export class TieringWorkersModule {}
