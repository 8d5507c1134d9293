import { Module } from '@nestjs/common';
import { CustomersModule } from '../customers/index.js';
import { ActivateRuleSet } from './application/activate-rule-set.js';
import { AnswerPotentialCustomer } from './application/answer-potential-customer.js';
import { ApproveRuleSet } from './application/approve-rule-set.js';
import { TieringInCopy } from './application/tiering-in-copy.js';
import { DiscloseCardNumber, FindCards } from './application/cards.query.js';
import { CarryOutTransfer } from './application/carry-out-transfer.js';
import { ChangeCard } from './application/change-card.js';
import { ChangeRuleSet } from './application/change-rule-set.js';
import { CopyRuleSet } from './application/copy-rule-set.js';
import { CreateProgram } from './application/create-program.js';
import { CustomerGrades } from './application/customer-grade.query.js';
import { FindClubMembership } from './application/club-membership.query.js';
import { CustomerTierQuery } from './application/customer-tier.query.js';
import { DraftRuleSet } from './application/draft-rule-set.js';
import { EndLevelException } from './application/end-level-exception.js';
import { ExpireCards } from './application/expire-cards.run.js';
import { CustomerOfLevelException, FindLevelExceptions } from './application/find-level-exceptions.query.js';
import { FindPotential } from './application/find-potential.run.js';
import { FindPrograms } from './application/find-programs.query.js';
import { FindRuleSets } from './application/find-rule-sets.query.js';
import { FollowLevelExceptions } from './application/follow-level-exceptions.run.js';
import { FindReviews } from './application/reviews.query.js';
import { AskForFraudCase, LowerApprovedFraudCase } from './application/fraud-cases.js';
import { GiveGraceNotices } from './application/give-grace-notices.run.js';
import { AskForLevelException, GiveApprovedLevelException } from './application/give-level-exception.js';
import {
  ClassifyCustomers,
  GradeByProgram,
  GradeCredit,
  GradeGroups,
  GradeStars,
  ValueCustomers,
} from './application/grade-customers.run.js';
import { ImportRuleSet } from './application/import-rule-set.js';
import { IssueCard } from './application/issue-card.js';
import { LapsePotential } from './application/lapse-potential.run.js';
import { LevelReports } from './application/level-reports.query.js';
import { LowerTiersForFraud } from './application/lower-tiers-for-fraud.run.js';
import { MakeCard } from './application/make-card.js';
import { CustomerAsReceiver, FindTransfers } from './application/membership-transfers.query.js';
import { PointsMembers } from './application/points-members.js';
import { ReconsiderChangedCustomers } from './application/reconsider-changed-customers.run.js';
import { FindPotentialCustomers } from './application/potential-customers.query.js';
import { ReconsiderTiers } from './application/reconsider-tiers.run.js';
import { FindPreviews } from './application/previews.query.js';
import { PreviewRuleSet } from './application/preview-rule-set.run.js';
import { AskForRelease, ReleaseApprovedDowngrades } from './application/release-downgrades.js';
import { ReviewTiers } from './application/review-tiers.run.js';
import { RetireEndedRuleSets } from './application/retire-ended-rule-sets.js';
import { RollBackRuleSet } from './application/roll-back-rule-set.js';
import { SimulateRuleSet } from './application/simulate-rule-set.js';
import { WithdrawRuleSet } from './application/withdraw-rule-set.js';
import { ApproveTransfer, TransferMembership } from './application/transfer-membership.js';
import { TransferMemberships } from './application/transfer-memberships.run.js';
import { ValueReports } from './application/value-reports.query.js';
import { FraudCasesController } from './http/fraud-cases.controller.js';
import { TierReviewsController } from './http/tier-reviews.controller.js';
import { CardsController } from './http/cards.controller.js';
import { LevelExceptionsController } from './http/level-exceptions.controller.js';
import { MembershipTransfersController } from './http/membership-transfers.controller.js';
import { PointsMembersController } from './http/points-members.controller.js';
import { PotentialCustomersController } from './http/potential-customers.controller.js';
import { ProgramsController } from './http/programs.controller.js';
import { RuleSetLifeController } from './http/rule-set-life.controller.js';
import { PreviewsController } from './http/previews.controller.js';
import { RuleSetsController } from './http/rule-sets.controller.js';
import { TierReportsController } from './http/tier-reports.controller.js';
import { TieringHubController } from './http/tiering-hub.controller.js';
import { TieringController } from './http/tiering.controller.js';
import { TieringFacade } from './tiering.facade.js';

@Module({
  imports: [CustomersModule],
  controllers: [
    TieringController,
    ProgramsController,
    RuleSetsController,
    PreviewsController,
    TierReportsController,
    RuleSetLifeController,
    TieringHubController,
    CardsController,
    PointsMembersController,
    MembershipTransfersController,
    LevelExceptionsController,
    TierReviewsController,
    FraudCasesController,
    PotentialCustomersController,
  ],
  providers: [
    TieringInCopy,
    TieringFacade,
    CustomerTierQuery,
    DraftRuleSet,
    FindRuleSets,
    FindPrograms,
    CreateProgram,
    ChangeRuleSet,
    CopyRuleSet,
    ImportRuleSet,
    SimulateRuleSet,
    ApproveRuleSet,
    ActivateRuleSet,
    RollBackRuleSet,
    RetireEndedRuleSets,
    WithdrawRuleSet,
    ReviewTiers,
    PreviewRuleSet,
    FindPreviews,
    ReconsiderTiers,
    ReconsiderChangedCustomers,
    FindReviews,
    AskForRelease,
    ReleaseApprovedDowngrades,
    AskForFraudCase,
    LowerApprovedFraudCase,
    LowerTiersForFraud,
    GiveGraceNotices,
    CustomerGrades,
    LevelReports,
    ValueReports,
    GradeStars,
    GradeCredit,
    GradeGroups,
    ClassifyCustomers,
    ValueCustomers,
    GradeByProgram,
    FindPotential,
    LapsePotential,
    FindPotentialCustomers,
    AnswerPotentialCustomer,
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
    FindClubMembership,
    IssueCard,
    MakeCard,
    PointsMembers,
    ApproveTransfer,
    CarryOutTransfer,
    CustomerAsReceiver,
    FindTransfers,
    TransferMembership,
    TransferMemberships,
  ],
  exports: [RetireEndedRuleSets, TieringFacade],
})
export class TieringModule {}
