import { Module } from '@nestjs/common';
import { CustomersModule } from '../../../src/modules/customers/index.js';
import { campaigns } from '../../../src/modules/points/areas/campaigns.js';
import { earning } from '../../../src/modules/points/areas/earning.js';
import { manual } from '../../../src/modules/points/areas/manual.js';
import { PointsLists } from '../../../src/modules/points/application/ledger/points-lists.query.js';
import { PointsLedger } from '../../../src/modules/points/persistence/ledger/points-ledger.js';
import { SingleOperations } from '../../../src/modules/points/persistence/ledger/single-operations.js';

/** Rules, campaigns and what is given by hand, without the rest of the points. */
@Module({
  imports: [CustomersModule],
  controllers: [...earning.controllers, ...campaigns.controllers, ...manual.controllers],
  providers: [
    ...earning.providers,
    ...campaigns.providers,
    ...manual.providers,
    PointsLists,
    PointsLedger,
    SingleOperations,
  ],
})
export class CampaignsAlone {}
