import { Module } from '@nestjs/common';
import { ForgetNamesOfPreviews } from './application/forget-names-of-previews.js';
import { ForgetNamesOfPreviewsJob } from './jobs/forget-names-of-previews.job.js';
import { RetireEndedRuleSetsJob } from './jobs/retire-ended-rule-sets.job.js';
import { EndMembershipWhenCustomerDeparts } from './listeners/end-membership-when-customer-departs.listener.js';
import { ForgetCardsWhenCustomerIsErased } from './listeners/forget-cards-when-customer-is-erased.listener.js';
import { EndExceptionsWhenCustomerDeparts } from './listeners/end-exceptions-when-customer-departs.listener.js';
import { EndLevelWhenCustomerDeparts } from './listeners/end-level-when-customer-departs.listener.js';
import { EndPotentialWhenCustomerDeparts } from './listeners/end-potential-when-customer-departs.listener.js';
import { ForgetWordsAboutLevelsWhenCustomerIsErased } from './listeners/forget-words-about-levels-when-customer-is-erased.listener.js';
import { ReconsiderTiersWhenClosedMonthsChanged } from './listeners/reconsider-tiers-when-closed-months-changed.listener.js';
import { TellSubscribersOfTiers } from './listeners/tell-subscribers-of-tiers.listener.js';
import { TieringModule } from './tiering.module.js';

@Module({
  imports: [TieringModule],
  providers: [
    EndExceptionsWhenCustomerDeparts,
    EndLevelWhenCustomerDeparts,
    EndMembershipWhenCustomerDeparts,
    EndPotentialWhenCustomerDeparts,
    ForgetCardsWhenCustomerIsErased,
    ForgetWordsAboutLevelsWhenCustomerIsErased,
    ReconsiderTiersWhenClosedMonthsChanged,
    RetireEndedRuleSetsJob,
    ForgetNamesOfPreviews,
    ForgetNamesOfPreviewsJob,
    TellSubscribersOfTiers,
  ],
})
export class TieringWorkersModule {}
