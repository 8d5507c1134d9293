import { Module } from '@nestjs/common';
import { CustomersModule } from '../../../src/modules/customers/index.js';
import { campaignsParts } from '../../../src/modules/points/campaigns.parts.js';
import { PointsLedger } from '../../../src/modules/points/persistence/points-ledger.js';
import { SingleOperations } from '../../../src/modules/points/persistence/single-operations.js';

/** What people write, give and freeze, without the rest of the points. */
@Module({
  imports: [CustomersModule],
  controllers: campaignsParts.controllers,
  providers: [...campaignsParts.providers, PointsLedger, SingleOperations],
})
export class CampaignsAlone {}
