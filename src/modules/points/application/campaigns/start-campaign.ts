import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../../platform/clock/index.js';
import { Transaction, type Tx } from '../../../../platform/database/index.js';
import { WholeOperatorOnly } from '../../../../platform/http/index.js';
import type { Actor } from '../../../../platform/identity/index.js';
import {
  type Approval,
  Approvals,
  type Approved,
  CarriesOut,
  type CarriesOutApproval,
  defineApproval,
} from '../../../organization/index.js';
import { requireSound } from '../../domain/campaigns/campaign.js';
import { DraftChanged } from '../../domain/earning/refusals-of-earn-rules.js';
import { openCampaign } from '../../persistence/campaigns/campaigns.js';
import { aboutCampaign, lockDraftOfCampaign, ownCampaign } from './draft-campaign.js';

/** What decides is shown; the rest is what the checksum says. */
interface Proposed {
  readonly campaignId: string;
  readonly code: string;
  readonly checksum: string;
  readonly validFrom: string;
  readonly validUntil: string;
  readonly rewardPoints: number;
  readonly budgetPoints: number;
}

const StartCampaign = defineApproval<Proposed>('points.campaign', {
  title: { en: 'Start a campaign of points', zh: '启动积分活动' },
  ask: 'points.author',
  decide: 'points.approve',
});

@Injectable()
export class ProposeCampaign {
  constructor(
    private readonly transaction: Transaction,
    private readonly approvals: Approvals,
    private readonly clock: Clock,
  ) {}

  /** @throws CampaignNotFound, NotYourDraft, CampaignNotInStatus, CampaignUnsound, RequestWithoutReason */
  execute(campaignId: string, reason: string, actor: Actor): Promise<Approval> {
    return this.transaction.run(async (tx) => {
      const campaign = await ownCampaign(tx, campaignId, actor);
      requireSound(campaign, businessDate(this.clock.now()));
      const { code, checksum, validFrom, validUntil, rewardPoints, budgetPoints } = campaign;
      const payload = { campaignId, code, checksum, validFrom, validUntil, rewardPoints, budgetPoints };
      return this.approvals.ask(tx, StartCampaign, { subject: campaignId, payload, reason }, actor);
    });
  }
}

@CarriesOut(StartCampaign)
@Injectable()
export class StartApprovedCampaign implements CarriesOutApproval<Proposed> {
  constructor(private readonly clock: Clock) {}

  async carryOut(tx: Tx, { approvalId, payload, approver }: Approved<Proposed>): Promise<object> {
    if (!approver.scope.everybody) throw new WholeOperatorOnly();
    const campaign = await lockDraftOfCampaign(tx, payload.campaignId);
    const { checksum, code, budgetPoints } = campaign;
    if (checksum !== payload.checksum) throw new DraftChanged({ expected: payload.checksum, actual: checksum });
    const at = this.clock.now();
    requireSound(campaign, businessDate(at));
    await openCampaign(tx, campaign, { approvalId, approvedBy: approver.id, at });
    tx.audit({
      action: 'points.start-campaign',
      ...aboutCampaign(campaign),
      before: { status: 'draft' },
      after: { status: 'approved', code, checksum, budgetPoints },
    });
    return { campaign: campaign.campaignId };
  }
}
