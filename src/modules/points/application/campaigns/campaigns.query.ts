import { Injectable } from '@nestjs/common';
import { Database, isId } from '../../../../platform/database/index.js';
import { type ListRequest, type Page, readPage } from '../../../../platform/http/index.js';
import { render } from '../../../../platform/rules/index.js';
import type { Campaign } from '../../domain/campaigns/campaign.js';
import { campaignMetrics } from '../../domain/campaigns/campaign-metrics.js';
import { CampaignNotFound } from '../../domain/campaigns/refusals-of-campaigns.js';
import {
  CAMPAIGN_COLUMNS,
  campaignFrom,
  campaignOf,
  type CampaignRow,
  standingOf,
} from '../../persistence/campaigns/campaigns.js';

export interface ShownCampaign extends Campaign {
  /** The condition in words. */
  readonly isFor: { readonly en: string; readonly zh: string } | undefined;
  /** What has been given of the budget; nothing of a draft. */
  readonly grantedPoints: number;
}

@Injectable()
export class FindCampaigns {
  constructor(private readonly database: Database) {}

  /** The resource may compare with `c`, the campaign. */
  list<V extends object>(list: ListRequest, view: (campaign: ShownCampaign) => V): Promise<Page<V>> {
    return readPage<CampaignRow & { readonly left_points: number | null }, V>(
      this.database,
      list,
      {
        select: `${CAMPAIGN_COLUMNS}, (
          SELECT sum(b.left_points)::bigint FROM points.campaign_budget b WHERE b.campaign_id = c.campaign_id) AS left_points`,
        from: 'points.campaign c',
      },
      (row) => view(shown(campaignFrom(row), row.left_points ?? undefined)),
    );
  }

  /** @throws CampaignNotFound */
  async one(campaignId: string): Promise<ShownCampaign> {
    const campaign = isId(campaignId) ? await campaignOf(this.database, campaignId) : undefined;
    if (!campaign) throw new CampaignNotFound();
    return shown(campaign, (await standingOf(this.database, campaignId)).left);
  }
}

function shown(campaign: Campaign, left: number | undefined): ShownCampaign {
  const { condition, budgetPoints } = campaign;
  const inWords = (language: 'en' | 'zh'): string => (condition ? render(condition, campaignMetrics, language) : '');
  return {
    ...campaign,
    isFor: condition && { en: inWords('en'), zh: inWords('zh') },
    grantedPoints: left === undefined ? 0 : budgetPoints - left,
  };
}
