import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../../platform/clock/index.js';
import { isId, newId, Transaction, type Tx } from '../../../../platform/database/index.js';
import { render } from '../../../../platform/rules/index.js';
import { CustomerNotFound } from '../../../customers/index.js';
import {
  type Campaign,
  funderOf,
  grantKey,
  requireGiving,
  requireWithinCaps,
} from '../../domain/campaigns/campaign.js';
import { campaignMetrics } from '../../domain/campaigns/campaign-metrics.js';
import { PointsEarned } from '../../domain/ledger/events.js';
import { pointsYear } from '../../domain/ledger/points-year.js';
import {
  CampaignBudgetUsedUp,
  CampaignNotForCustomer,
  CampaignNotFound,
} from '../../domain/campaigns/refusals-of-campaigns.js';
import { requestHash } from '../../domain/ledger/request-hash.js';
import { takeFromBudgets } from '../../persistence/money/budgets.js';
import { isFor } from '../../persistence/campaigns/campaign-conditions.js';
import {
  addUse,
  campaignOf,
  lockAccountOf,
  takeFromAllStripes,
  takeFromStripe,
  usesOf,
} from '../../persistence/campaigns/campaigns.js';
import type { Entry } from '../../persistence/ledger/points-ledger.js';
import { SingleOperations } from '../../persistence/ledger/single-operations.js';

export interface GrantFromCampaign {
  readonly campaignId: string;
  readonly customerId: string;
  /** What happened, in the words of whoever tells of it: there is one grant for it and the campaign. */
  readonly reference: string;
  readonly actorId: string;
}

export interface Granted {
  readonly campaign: Campaign;
  readonly entry: Entry;
}

/** Somebody else meets us in the last points of a stripe: then all stripes are looked at, in a transaction that holds none of them yet. */
class StripeIsShort extends Error {}

/** Gives a customer the reward of a campaign for something that has happened (PTS-24). */
@Injectable()
export class GrantFromCampaignUseCase {
  constructor(
    private readonly transaction: Transaction,
    private readonly ledger: SingleOperations,
    private readonly clock: Clock,
  ) {}

  /**
   * @throws CampaignNotFound, CustomerNotFound, CampaignOfAnotherTrigger, CampaignGivesNothing, CampaignNotForCustomer,
   *   CampaignCapReached, CampaignBudgetUsedUp, BudgetUsedUp, PromotionStopped, AccountClosed, RealNameNeeded
   */
  async execute(asked: GrantFromCampaign): Promise<Granted> {
    try {
      return await this.transaction.run((tx) => this.grant(tx, asked, 'stripe'));
    } catch (error) {
      if (!(error instanceof StripeIsShort)) throw error;
      return this.transaction.run((tx) => this.grant(tx, asked, 'all stripes'));
    }
  }

  private async grant(tx: Tx, asked: GrantFromCampaign, outOf: 'stripe' | 'all stripes'): Promise<Granted> {
    const { campaignId, customerId, reference, actorId } = asked;
    const campaign = isId(campaignId) ? await campaignOf(tx, campaignId) : undefined;
    if (!campaign) throw new CampaignNotFound();
    // The account before the budget, as in the daily run; nobody who has a stripe waits for an account.
    if (!isId(customerId) || !(await lockAccountOf(tx, customerId))) throw new CustomerNotFound();
    const idemKey = grantKey(campaign.code, reference);
    const known = await this.ledger.posted(tx, { customerId, idemKey });
    if (known) return { campaign, entry: known };

    const now = this.clock.now();
    const day = businessDate(now);
    requireGiving(campaign, day);
    const { code, rewardPoints: points, condition } = campaign;
    if (condition && !(await isFor(tx, condition, { customerId, day }))) {
      throw new CampaignNotForCustomer(render(condition, campaignMetrics, 'en'));
    }
    requireWithinCaps(campaign, await usesOf(tx, customerId, campaignId), day);
    const taking = { campaignId, customerId, points };
    if (outOf === 'stripe') {
      if (!(await takeFromStripe(tx, taking))) throw new StripeIsShort();
    } else {
      const short = await takeFromAllStripes(tx, taking);
      if (short) throw new CampaignBudgetUsedUp({ left: short.left, requested: points });
    }
    const journalId = newId();
    const { entry } = await this.ledger.earn(tx, {
      customerId,
      journalId,
      kind: 'AWARD',
      idemKey,
      requestHash: requestHash(campaignId, reference),
      occurredAt: now,
      recordedAt: now,
      businessDate: day,
      actorId,
      metadata: { campaignId, campaign: code, reference },
      event: PointsEarned.name,
      points,
      from: 'ISSUED',
      lot: { pointsType: 'PROMOTION', funderId: funderOf(code) },
    });
    await takeFromBudgets(tx, { useId: journalId, kind: 'PROMOTION', customerId, points, on: day });
    await addUse(tx, { ...taking, pointsYear: pointsYear(day) });
    tx.audit({
      action: 'points.grant-from-campaign',
      objectType: 'PointsEntry',
      objectId: journalId,
      customerId,
      after: { campaign: code, points },
    });
    return { campaign, entry };
  }
}
