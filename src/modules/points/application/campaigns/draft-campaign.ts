import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../../platform/clock/index.js';
import { isId, newId, Transaction, type Tx } from '../../../../platform/database/index.js';
import type { Actor } from '../../../../platform/identity/index.js';
import { conditionFrom } from '../../../../platform/rules/index.js';
import { type Campaign, type CampaignTerms, requireSound } from '../../domain/campaigns/campaign.js';
import { campaignMetrics } from '../../domain/campaigns/campaign-metrics.js';
import {
  CampaignCodeTaken,
  CampaignNotFound,
  CampaignNotInStatus,
} from '../../domain/campaigns/refusals-of-campaigns.js';
import { NotYourDraft } from '../../domain/earning/refusals-of-earn-rules.js';
import { campaignOf, insertCampaign, storeTerms } from '../../persistence/campaigns/campaigns.js';
import { checksumOf } from '../earning/draft-earn-rules.js';

/** As they came from outside: the condition is checked here. */
export type WrittenTerms = Omit<CampaignTerms, 'condition'> & { readonly condition?: unknown };

/** Writes a campaign (客户回馈, PTS-24). It gives nothing before somebody else has approved it. */
@Injectable()
export class DraftCampaign {
  constructor(
    private readonly transaction: Transaction,
    private readonly clock: Clock,
  ) {}

  /** @throws CampaignCodeTaken, CampaignUnsound, InvalidRule */
  create(code: string, written: WrittenTerms, actor: Actor): Promise<Campaign> {
    const terms = this.checked(written);
    const campaign: Campaign = {
      ...terms,
      campaignId: newId(),
      code,
      checksum: checksumOf(terms),
      status: 'draft',
      author: actor.id,
      approvedBy: undefined,
    };
    return this.transaction.run(async (tx) => {
      if (!(await insertCampaign(tx, campaign, this.clock.now()))) throw new CampaignCodeTaken(code);
      tx.audit({ action: 'points.draft-campaign', ...aboutCampaign(campaign), after: { code, ...terms } });
      return campaign;
    });
  }

  /** By its author. @throws CampaignNotFound, NotYourDraft, CampaignNotInStatus, CampaignUnsound, InvalidRule */
  change(campaignId: string, changes: Partial<WrittenTerms>, actor: Actor): Promise<Campaign> {
    return this.transaction.run(async (tx) => {
      const campaign = await ownCampaign(tx, campaignId, actor);
      const { campaignId: _id, code, checksum, status, author, approvedBy, ...terms } = campaign;
      const changedTerms = this.checked({ ...terms, ...changes });
      const changed = {
        ...changedTerms,
        ...{ campaignId, code, status, author, approvedBy },
        checksum: checksumOf(changedTerms),
      };
      await storeTerms(tx, changed, this.clock.now());
      tx.audit({
        action: 'points.change-campaign',
        ...aboutCampaign(campaign),
        before: { ...terms, checksum },
        after: changedTerms,
      });
      return changed;
    });
  }

  private checked({ condition, ...terms }: WrittenTerms): CampaignTerms {
    requireSound(terms, businessDate(this.clock.now()));
    return condition === undefined ? terms : { ...terms, condition: conditionFrom(campaignMetrics, condition) };
  }
}

/** Locked. @throws CampaignNotFound, CampaignNotInStatus */
export async function lockDraftOfCampaign(tx: Tx, campaignId: string): Promise<Campaign> {
  const campaign = isId(campaignId) ? await campaignOf(tx, campaignId, 'FOR UPDATE') : undefined;
  if (!campaign) throw new CampaignNotFound();
  if (campaign.status !== 'draft') throw new CampaignNotInStatus(campaign.status, 'draft');
  return campaign;
}

/** @throws CampaignNotFound, NotYourDraft, CampaignNotInStatus */
export async function ownCampaign(tx: Tx, campaignId: string, actor: Actor): Promise<Campaign> {
  const campaign = await lockDraftOfCampaign(tx, campaignId);
  if (campaign.author !== actor.id) throw new NotYourDraft();
  return campaign;
}

export const aboutCampaign = ({ campaignId }: Pick<Campaign, 'campaignId'>) => ({
  objectType: 'PointsCampaign',
  objectId: campaignId,
});
