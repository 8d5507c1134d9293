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
import { takeFromBudgets } from '../../persistence/money/budgets.js';
import { frequencyCampaigns, isLookedAt } from '../../persistence/campaigns/campaigns.js';
import { grantByFrequency, payersOf } from '../../persistence/campaigns/grant-by-frequency.js';

/**
 * Rewards whoever pays often or much (频繁市场营销计划, PTS-31): every approved campaign of frequency, once for each of its periods.
 * What was rewarded stays so: a payment that is taken back afterwards takes no points back.
 */
@DefinesRun()
@Injectable()
export class GrantByFrequency implements RunDefinition {
  readonly kind = 'points.frequency';
  readonly describe = 'Gives what campaigns promise to whoever pays, or is billed, often or much enough.';
  readonly permission = 'points.run';
  readonly schedule = onceADay('40 4 * * *');
  readonly sliceSize: number = 5_000;

  constructor(private readonly clock: Clock) {}

  population(run: Run): Population {
    return { sql: payersOf(isLookedAt('$1::date')), params: [run.asOf] };
  }

  async prepare(tx: Tx, run: Run): Promise<Record<never, never>> {
    await openBooks(tx, run.asOf);
    return {};
  }

  async slice(tx: Tx, run: Run, { from, to }: Slice): Promise<Counts> {
    const signed = { from, to, businessDate: run.asOf, recordedAt: this.clock.now(), runId: run.runId };
    let [rewards, points] = [0, 0];
    for (const campaign of await frequencyCampaigns(tx, run.asOf)) {
      const posted = await grantByFrequency(tx, campaign, signed);
      rewards += posted.entries;
      points += posted.points;
    }
    // Of several provinces: the budget of the whole operator counts. Used up, the run stops here.
    if (points > 0) await takeFromBudgets(tx, { useId: newId(), kind: 'PROMOTION', points, on: run.asOf });
    return { rewards, points };
  }

  finish(tx: Tx, run: Run): Promise<Outcome> {
    return entriesOf(tx, run);
  }
}
