import { Module } from '@nestjs/common';
import { EndLevelWhenCustomerDeparts } from './listeners/end-level-when-customer-departs.listener.js';
import { ReconsiderTiersWhenClosedMonthsChanged } from './listeners/reconsider-tiers-when-closed-months-changed.listener.js';

@Module({ providers: [EndLevelWhenCustomerDeparts, ReconsiderTiersWhenClosedMonthsChanged] })
export class TieringWorkersModule {}
