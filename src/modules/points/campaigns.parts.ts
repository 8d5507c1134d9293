import { CampaignsInCopy } from './application/campaigns-in-copy.js';
import { FindCampaigns } from './application/campaigns.query.js';
import { DraftCampaign } from './application/draft-campaign.js';
import { DraftEarnRules } from './application/draft-earn-rules.js';
import { FindEarnRuleDrafts } from './application/earn-rule-drafts.query.js';
import { FreezeAccount } from './application/freeze-account.js';
import { GrantByFrequency } from './application/grant-by-frequency.run.js';
import { GrantFromCampaignUseCase } from './application/grant-from-campaign.js';
import { CustomerOfManualEntry, FindManualEntries } from './application/manual-entries.query.js';
import { PointsLists } from './application/points-lists.query.js';
import { HandOnTheLedger } from './application/hand-on-the-ledger.js';
import { AdjustApprovedPoints, GiveApprovedPoints, PostByHand } from './application/post-by-hand.js';
import { ProposeEarnRules, PutApprovedEarnRulesInForce } from './application/put-earn-rules-in-force.js';
import { ProposeCampaign, StartApprovedCampaign } from './application/start-campaign.js';
import { StopCampaign } from './application/stop-campaign.js';
import { PointsCampaignsController } from './http/campaigns.controller.js';
import { EarnRuleDraftsController } from './http/earn-rule-drafts.controller.js';
import { ManualPointsController } from './http/manual-points.controller.js';

/** Rules and campaigns that people write, and points that they give, take and freeze. */
export const campaignsParts = {
  controllers: [EarnRuleDraftsController, PointsCampaignsController, ManualPointsController],
  providers: [
    DraftEarnRules,
    FindEarnRuleDrafts,
    ProposeEarnRules,
    PutApprovedEarnRulesInForce,
    DraftCampaign,
    FindCampaigns,
    ProposeCampaign,
    StartApprovedCampaign,
    StopCampaign,
    GrantFromCampaignUseCase,
    GrantByFrequency,
    HandOnTheLedger,
    PostByHand,
    GiveApprovedPoints,
    AdjustApprovedPoints,
    FindManualEntries,
    CustomerOfManualEntry,
    FreezeAccount,
    PointsLists,
    CampaignsInCopy,
  ],
};
