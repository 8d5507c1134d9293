import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../platform/clock/index.js';
import { newId, type Tx } from '../../../../platform/database/index.js';
import {
  type Counts,
  DefinesRun,
  onceADay,
  type Outcome,
  type Population,
  type Run,
  type RunDefinition,
  type Slice,
} from '../../../../platform/queues/index.js';
import { entriesOf, openBooks } from '../../persistence/earning/accrue-from-bills.js';
import { funderOf, type Campaign } from '../../domain/campaigns/campaign.js';
import { BudgetUsedUp, PromotionStopped } from '../../domain/money/refusals-of-money.js';
import { roomForPromotion, takeForRegions, type ByRegion, type Room } from '../../persistence/money/budgets.js';
import { frequencyCampaigns, isLookedAt } from '../../persistence/campaigns/campaigns.js';
import { grantByFrequency, payersOf, rewardedBy } from '../../persistence/campaigns/grant-by-frequency.js';
import { rewardsNotDue, uncountReward } from '../../persistence/campaigns/rewards-not-due.js';
import { Outbox } from '../../../../platform/events/index.js';
import { takeRewardBack } from '../../domain/campaigns/take-reward-back.js';
import { PointsMoved } from '../../domain/ledger/events.js';
import { PointsLedger } from '../../persistence/ledger/points-ledger.js';

/**
 * Rewards whoever pays often or much (频繁市场营销计划, PTS-31): every approved campaign of frequency, once for each of its periods. Where a
 * budget ends, it pays as far as that reaches, customers in the order of their ids, and counts the rewards that were due beyond.
 * A reward is taken back once, when payments of its period were and the rest is not enough; that period is not rewarded again.
 */
@DefinesRun()
@Injectable()
export class GrantByFrequency implements RunDefinition {
  readonly kind = 'points.frequency';
  readonly describe = 'Gives what campaigns promise to whoever pays, or is billed, often or much enough.';
  readonly permission = 'points.run';
  readonly schedule = onceADay('40 4 * * *');
  readonly sliceSize: number = 5_000;

  constructor(
    private readonly clock: Clock,
    private readonly ledger: PointsLedger,
    private readonly outbox: Outbox,
  ) {}

  population(run: Run): Population {
    const day = isLookedAt('$1::date');
    return { sql: `${payersOf(day)} UNION ${rewardedBy(day)}`, params: [run.asOf] };
  }

  async prepare(tx: Tx, run: Run): Promise<Record<never, never>> {
    await openBooks(tx, run.asOf);
    return {};
  }

  async slice(tx: Tx, run: Run, { from, to }: Slice): Promise<Counts> {
    const signed = { from, to, businessDate: run.asOf, recordedAt: this.clock.now(), runId: run.runId };
    const takenBack = await this.takeBack(tx, signed);
    await tx.execute('SAVEPOINT slice');
    for (let room: Room | undefined; ; room = await roomForPromotion(tx, run.asOf)) {
      const { points: taken, ...counts } = await this.grant(tx, await frequencyCampaigns(tx, run.asOf), signed, room);
      const points = sum(taken);
      try {
        // Last, and once: whoever takes from a budget waits for no account.
        if (points > 0) {
          await takeForRegions(tx, { useId: newId(), kind: 'PROMOTION', points: taken, on: run.asOf });
        }
        return { ...counts, points, takenBack };
      } catch (error) {
        // There is less than was given: as far as it goes, then. Somebody may be quicker, and take of that, too.
        if (!(error instanceof BudgetUsedUp || error instanceof PromotionStopped)) throw error;
        await tx.execute('ROLLBACK TO SAVEPOINT slice');
      }
    }
  }

  /** By an entry for each reward, which names the payments that do not count any more. Answers how many rewards. */
  private async takeBack(tx: Tx, signed: Parameters<typeof grantByFrequency>[2]): Promise<number> {
    const { businessDate: day, recordedAt } = signed;
    let taken = 0;
    for (const campaign of await frequencyCampaigns(tx, day)) {
      const { campaignId, code } = campaign;
      for (const reward of await rewardsNotDue(tx, campaign, signed)) {
        const { customerId, period, points, payments } = reward;
        const idemKey = `campaign-back:${code}:${period}`;
        const { account, posted } = await this.ledger.lock(tx, { customerId, idemKey, day });
        // What a leaver had is forfeited.
        if (posted || account.status === 'CLOSED') continue;
        const lot = { expiresOn: reward.expiresOn, pointsType: 'PROMOTION', funderId: funderOf(code) } as const;
        const { journalId, points: changed } = await this.ledger.append(tx, account, {
          ...{ journalId: newId(), kind: 'EARN_CORRECTION', idemKey, postings: takeRewardBack(account, lot, points) },
          ...{ occurredAt: recordedAt, recordedAt, businessDate: day, reversesJournalId: reward.journalId },
          metadata: { campaignId, campaign: code, payments },
        });
        await uncountReward(tx, campaignId, reward);
        const moved = { customerId, journalId, points: changed };
        await this.outbox.publish(tx, PointsMoved, moved, { customerId, occurredAt: recordedAt });
        taken += 1;
      }
    }
    return taken;
  }

  private async grant(
    tx: Tx,
    campaigns: readonly Campaign[],
    signed: Parameters<typeof grantByFrequency>[2],
    room: Room | undefined,
  ): Promise<Record<'rewards' | 'withoutCampaignBudget' | 'withoutPromotionBudget', number> & { points: ByRegion }> {
    let [rewards, withoutCampaignBudget, withoutPromotionBudget] = [0, 0, 0];
    let points: ByRegion = {};
    for (const campaign of campaigns) {
      const posted = await grantByFrequency(tx, campaign, signed, room && less(room, points));
      rewards += posted.entries;
      withoutCampaignBudget += posted.beyondCampaign;
      withoutPromotionBudget += posted.beyondRoom;
      points = together(points, posted.byRegion);
    }
    return { rewards, withoutCampaignBudget, withoutPromotionBudget, points };
  }

  finish(tx: Tx, run: Run): Promise<Outcome> {
    return entriesOf(tx, run);
  }
}

const sum = (points: ByRegion): number => Object.values(points).reduce((all, each) => all + each, 0);

const together = (some: ByRegion, more: ByRegion): ByRegion => {
  const all: Record<string, number> = { ...some };
  for (const [region, points] of Object.entries(more)) all[region] = (all[region] ?? 0) + points;
  return all;
};

const less = ({ whole, regions }: Room, taken: ByRegion): Room => ({
  whole: whole - sum(taken),
  regions: Object.fromEntries(Object.entries(regions).map(([region, left]) => [region, left - (taken[region] ?? 0)])),
});
