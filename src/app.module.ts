import { Module, type DynamicModule } from '@nestjs/common';
import type { Settings } from './platform/config/index.js';
import { EventsModule } from './platform/events/index.js';
import { HttpModule } from './platform/http/index.js';
import { PlatformModule } from './platform/platform.module.js';
import { QueuesModule, RunsApiModule } from './platform/queues/index.js';
import { AnalyticsModule } from './modules/analytics/index.js';
import { BenefitsModule } from './modules/benefits/index.js';
import { BossFeedModule } from './modules/boss-feed/index.js';
import { CareModule } from './modules/care/index.js';
import { CustomersModule } from './modules/customers/index.js';
import { HotlineRoutingModule } from './modules/hotline-routing/index.js';
import { MerchantsModule } from './modules/merchants/index.js';
import { OrganizationModule } from './modules/organization/index.js';
import { PointsModule } from './modules/points/index.js';
import { TicketsModule } from './modules/tickets/index.js';
import { TieringModule } from './modules/tiering/index.js';
import { UsageModule } from './modules/usage/index.js';
import { WorkerModule } from './worker.module.js';

/** The modules in their one order: each knows only those above it. */
export const modules = [
  OrganizationModule,
  CustomersModule,
  UsageModule,
  TieringModule,
  PointsModule,
  BenefitsModule,
  MerchantsModule,
  TicketsModule,
  HotlineRoutingModule,
  CareModule,
  AnalyticsModule,
  BossFeedModule,
];

/** The whole application: the API, and with it the workers unless this process is the API alone. */
@Module({})
export class AppModule {
  static with(settings: Settings): DynamicModule {
    return {
      module: AppModule,
      imports: [
        PlatformModule.with(settings),
        EventsModule,
        QueuesModule,
        HttpModule,
        RunsApiModule,
        ...modules,
        ...(settings.role === 'api' ? [] : [WorkerModule]),
      ],
    };
  }
}
