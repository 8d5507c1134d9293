import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../platform/clock/index.js';
import { isId, Transaction } from '../../../../platform/database/index.js';
import type { Actor } from '../../../../platform/identity/index.js';
import type { Campaign } from '../../domain/campaigns/campaign.js';
import { CampaignNotFound, CampaignNotInStatus } from '../../domain/campaigns/refusals-of-campaigns.js';
import { campaignOf, closeCampaign } from '../../persistence/campaigns/campaigns.js';
import { aboutCampaign } from './draft-campaign.js';

/** Ends a campaign before its time. That gives nothing, so one person may; stopped again, it stays stopped. */
@Injectable()
export class StopCampaign {
  constructor(
    private readonly transaction: Transaction,
    private readonly clock: Clock,
  ) {}

  /** @throws CampaignNotFound, CampaignNotInStatus */
  execute(campaignId: string, reason: string, actor: Actor): Promise<Campaign> {
    return this.transaction.run(async (tx) => {
      const campaign = isId(campaignId) ? await campaignOf(tx, campaignId, 'FOR UPDATE') : undefined;
      if (!campaign) throw new CampaignNotFound();
      if (campaign.status === 'stopped') return campaign;
      if (campaign.status !== 'approved') throw new CampaignNotInStatus(campaign.status, 'approved');
      await closeCampaign(tx, campaignId, actor.id, this.clock.now());
      tx.audit({
        action: 'points.stop-campaign',
        ...aboutCampaign(campaign),
        reason,
        before: { status: campaign.status },
        after: { status: 'stopped' },
      });
      return { ...campaign, status: 'stopped' };
    });
  }
}
