import { Module } from '@nestjs/common';
import { CustomersModule } from '../customers/index.js';
import { TieringInCopy } from './application/tiering-in-copy.js';
import { DiscloseCardNumber, FindCards } from './application/cards.query.js';
import { ChangeCard } from './application/change-card.js';
import { CustomerTierQuery } from './application/customer-tier.query.js';
import { DraftRuleSet } from './application/draft-rule-set.js';
import { EndLevelException } from './application/end-level-exception.js';
import { ExpireCards } from './application/expire-cards.run.js';
import { CustomerOfLevelException, FindLevelExceptions } from './application/find-level-exceptions.query.js';
import { FindRuleSets } from './application/find-rule-sets.query.js';
import { FollowLevelExceptions } from './application/follow-level-exceptions.run.js';
import { GiveGraceNotices } from './application/give-grace-notices.run.js';
import { AskForLevelException, GiveApprovedLevelException } from './application/give-level-exception.js';
import {
  ClassifyCustomers,
  GradeByProgram,
  GradeCredit,
  GradeStars,
  ValueCustomers,
} from './application/grade-customers.run.js';
import { IssueCard } from './application/issue-card.js';
import { LowerTiersForFraud } from './application/lower-tiers-for-fraud.run.js';
import { MakeCard } from './application/make-card.js';
import { PointsMembers } from './application/points-members.js';
import { ReconsiderTiers } from './application/reconsider-tiers.run.js';
import { ReviewTiers } from './application/review-tiers.run.js';
import { CardsController } from './http/cards.controller.js';
import { LevelExceptionsController } from './http/level-exceptions.controller.js';
import { PointsMembersController } from './http/points-members.controller.js';
import { RuleSetsController } from './http/rule-sets.controller.js';
import { TieringHubController } from './http/tiering-hub.controller.js';
import { TieringController } from './http/tiering.controller.js';
import { TieringFacade } from './tiering.facade.js';

@Module({
  imports: [CustomersModule],
  controllers: [
    TieringController,
    RuleSetsController,
    TieringHubController,
    CardsController,
    PointsMembersController,
    LevelExceptionsController,
  ],
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
    GradeStars,
    GradeCredit,
    ClassifyCustomers,
    ValueCustomers,
    GradeByProgram,
    AskForLevelException,
    GiveApprovedLevelException,
    EndLevelException,
    FindLevelExceptions,
    CustomerOfLevelException,
    FollowLevelExceptions,
    ChangeCard,
    DiscloseCardNumber,
    ExpireCards,
    FindCards,
    IssueCard,
    MakeCard,
    PointsMembers,
  ],
  exports: [TieringFacade],
})
export class TieringModule {}
