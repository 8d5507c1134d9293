import { CampaignsInCopy } from '../application/campaigns/campaigns-in-copy.js';
import { FindCampaigns } from '../application/campaigns/campaigns.query.js';
import { DraftCampaign } from '../application/campaigns/draft-campaign.js';
import { GrantByFrequency } from '../application/campaigns/grant-by-frequency.run.js';
import { GrantFromCampaignUseCase } from '../application/campaigns/grant-from-campaign.js';
import { ProposeCampaign, StartApprovedCampaign } from '../application/campaigns/start-campaign.js';
import { StopCampaign } from '../application/campaigns/stop-campaign.js';
import { PointsCampaignsController } from '../http/campaigns/campaigns.controller.js';

/** Points on top (促销积分): campaigns, and rewards by frequency. */
export const campaigns = {
  controllers: [PointsCampaignsController],
  providers: [
    DraftCampaign,
    FindCampaigns,
    ProposeCampaign,
    StartApprovedCampaign,
    StopCampaign,
    GrantFromCampaignUseCase,
    GrantByFrequency,
    CampaignsInCopy,
  ],
};
