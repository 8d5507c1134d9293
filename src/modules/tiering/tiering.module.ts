import { Module } from '@nestjs/common';
import { TieringInCopy } from './application/tiering-in-copy.js';
import { CustomerTierQuery } from './application/customer-tier.query.js';
import { DraftRuleSet } from './application/draft-rule-set.js';
import { FindRuleSets } from './application/find-rule-sets.query.js';
import { GiveGraceNotices } from './application/give-grace-notices.run.js';
import { LowerTiersForFraud } from './application/lower-tiers-for-fraud.run.js';
import { ReconsiderTiers } from './application/reconsider-tiers.run.js';
import { ReviewTiers } from './application/review-tiers.run.js';
import { RuleSetsController } from './http/rule-sets.controller.js';
import { TieringHubController } from './http/tiering-hub.controller.js';
import { TieringController } from './http/tiering.controller.js';
import { TieringFacade } from './tiering.facade.js';

@Module({
  controllers: [TieringController, RuleSetsController, TieringHubController],
  providers: [
    TieringInCopy,
    TieringFacade,
    CustomerTierQuery,
    DraftRuleSet,
    FindRuleSets,
    ReviewTiers,
    ReconsiderTiers,
    LowerTiersForFraud,
    GiveGraceNotices,
  ],
  exports: [TieringFacade],
})
export class TieringModule {}
