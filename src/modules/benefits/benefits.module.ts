import { Module } from '@nestjs/common';
import { CustomersModule } from '../customers/index.js';
import { PointsModule } from '../points/index.js';
import { TieringModule } from '../tiering/index.js';
import { BenefitsInCopy } from './application/benefits-in-copy.js';
import { FindCatalogue } from './application/catalogue.query.js';
import { ChangeCatalogue } from './application/change-catalogue.js';
import { FindEntitlements } from './application/entitlements.query.js';
import { ExchangePointsForBenefit } from './application/exchange-points-for-benefit.js';
import { GrantEntitlements } from './application/grant-entitlements.run.js';
import { RegrantEntitlements } from './application/regrant-entitlements.js';
import { UseBenefitUseCase } from './application/use-benefit.js';
import { CatalogueController } from './http/catalogue.controller.js';
import { EntitlementsController } from './http/entitlements.controller.js';
import { ExchangePointsController } from './http/exchange-points.controller.js';

@Module({
  imports: [CustomersModule, TieringModule, PointsModule],
  controllers: [CatalogueController, EntitlementsController, ExchangePointsController],
  providers: [
    BenefitsInCopy,
    ChangeCatalogue,
    ExchangePointsForBenefit,
    FindCatalogue,
    FindEntitlements,
    GrantEntitlements,
    RegrantEntitlements,
    UseBenefitUseCase,
  ],
  exports: [RegrantEntitlements],
})
export class BenefitsModule {}
