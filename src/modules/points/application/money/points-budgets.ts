import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../../platform/clock/index.js';
import { Database, isId, newId, Transaction, type Tx } from '../../../../platform/database/index.js';
import { Outbox } from '../../../../platform/events/index.js';
import { type Budget, WHOLE_OPERATOR } from '../../domain/money/budget.js';
import { BudgetReached } from '../../domain/money/money-events.js';
import { pointsYear } from '../../domain/ledger/points-year.js';
import { BudgetBelowUse, BudgetNotFound, BudgetTaken, InvalidBudget } from '../../domain/money/refusals-of-money.js';
import {
  beginCounting, budgetFor, budgetOf, budgets, endCounting, giveBackToBudgets, limitBudget, stopTaking, takeFromBudgets, usedBefore,
  writtenDown, type BudgetUse,
} from '../../persistence/money/budgets.js'; // prettier-ignore

export interface SetBudget extends Pick<Budget, 'pointsYear' | 'kind' | 'hardPoints'> {
  /** Province; default the whole operator. */
  readonly region?: string | undefined;
  /** Default the hard limit. */
  readonly softPoints?: number | undefined;
  readonly actorId: string;
}

export interface BudgetLimits extends Partial<Pick<Budget, 'softPoints' | 'hardPoints'>> {
  readonly budgetId: string;
}

/** Budgets of points by points year, province and kind (积分成本控制, PTS-15). */
@Injectable()
export class PointsBudgets {
  constructor(
    private readonly database: Database,
    private readonly transaction: Transaction,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** @throws BudgetUsedUp, PromotionStopped: then the caller's transaction must be given up */
  take(tx: Tx, use: BudgetUse): Promise<void> {
    return takeFromBudgets(tx, use);
  }

  giveBack(tx: Tx, back: Pick<BudgetUse, 'useId' | 'points' | 'on'> & { readonly returnId: string }): Promise<void> {
    return giveBackToBudgets(tx, back);
  }

  /** @param regions only those; `undefined`: all */
  all(regions?: readonly string[]): Promise<readonly Budget[]> {
    return budgets(this.database, regions);
  }

  /** @throws BudgetNotFound */
  async get(budgetId: string, reader: Pick<Tx, 'query'> = this.database): Promise<Budget> {
    const budget = isId(budgetId) ? await budgetOf(reader, budgetId) : undefined;
    if (!budget) throw new BudgetNotFound();
    return budget;
  }

  /**
   * What was used in the year before counts; the ledger says how much. The budget writes down its uses from the beginning, and others go on
   * while the ledger is read. Refused or broken off, it goes on writing down, limits nobody, and the next attempt takes it up.
   * @throws InvalidBudget, BudgetTaken, BudgetBelowUse, BudgetsBusy
   */
  async set({
    pointsYear,
    kind,
    hardPoints,
    softPoints = hardPoints,
    region = WHOLE_OPERATOR,
    actorId,
  }: SetBudget): Promise<Budget> {
    if (softPoints > hardPoints) throw new InvalidBudget();
    const of = { pointsYear, region, kind };
    const budgetId = await this.counting(of, actorId);
    const before = await usedBefore(this.database, { budgetId, ...of });
    return this.transaction.run(async (tx) => {
      await stopTaking(tx);
      if ((await budgetFor(tx, of))?.isCounted) throw new BudgetTaken({ budget: budgetId });
      const used = before + (await writtenDown(tx, budgetId));
      if (used > hardPoints) throw new BudgetBelowUse({ used, limit: hardPoints });
      const limits = { softPoints, hardPoints };
      await endCounting(tx, { budgetId, ...limits, used, usedBefore: before, author: actorId, at: this.clock.now() });
      tx.audit({
        action: 'points.set-budget',
        objectType: 'PointsBudget',
        objectId: budgetId,
        after: { ...of, ...limits },
      });
      return this.get(budgetId, tx);
    });
  }

  private counting(of: Pick<Budget, 'pointsYear' | 'region' | 'kind'>, author: string): Promise<string> {
    return this.transaction.run(async (tx) => {
      await stopTaking(tx);
      const known = await budgetFor(tx, of);
      if (known?.isCounted) throw new BudgetTaken({ budget: known.budgetId });
      if (known) return known.budgetId;
      const budgetId = newId();
      await beginCounting(tx, { budgetId, ...of, author, at: this.clock.now() });
      tx.audit({ action: 'points.count-budget', objectType: 'PointsBudget', objectId: budgetId, after: of });
      return budgetId;
    });
  }

  /** @throws BudgetNotFound, InvalidBudget, BudgetBelowUse, BudgetsBusy */
  limit({ budgetId, ...limits }: BudgetLimits): Promise<Budget> {
    return this.transaction.run(async (tx) => {
      await stopTaking(tx);
      const before = await this.get(budgetId, tx);
      const { used } = before;
      const { hardPoints = before.hardPoints, softPoints = Math.min(before.softPoints, hardPoints) } = limits;
      if (softPoints > hardPoints) throw new InvalidBudget();
      if (used > hardPoints) throw new BudgetBelowUse({ used, limit: hardPoints });
      await limitBudget(tx, { budgetId, softPoints, hardPoints, used, at: this.clock.now() });
      tx.audit({
        action: 'points.limit-budget',
        objectType: 'PointsBudget',
        objectId: budgetId,
        before: { softPoints: before.softPoints, hardPoints: before.hardPoints },
        after: { softPoints, hardPoints },
      });
      return this.get(budgetId, tx);
    });
  }

  /** Tells once of every budget of this points year that is used up to a limit. */
  async watch(): Promise<void> {
    const at = this.clock.now();
    const year = pointsYear(businessDate(at));
    for (const { budgetId, pointsYear, used, softPoints, hardPoints } of await this.all()) {
      if (pointsYear !== year) continue;
      for (const [level, limit] of [
        ['SOFT', softPoints],
        ['HARD', hardPoints],
      ] as const) {
        if (used < limit) continue;
        await this.transaction.run(async (tx) => {
          const figures = { used, limit };
          if (!(await raiseAlarm(tx, { subject: budgetId, pointsYear, level, figures, at }))) return;
          await this.outbox.publish(tx, BudgetReached, { budgetId, pointsYear, level }, { occurredAt: at });
        });
      }
    }
  }
}

export interface Alarm {
  /** A guard, or the id of a budget. */
  readonly subject: string;
  readonly pointsYear: number;
  readonly level: 'SOFT' | 'HARD' | 'FORECAST';
  readonly figures: object;
  readonly at: Date;
}

/** Whether it had not been raised before. */
export async function raiseAlarm(tx: Tx, { subject, pointsYear, level, figures, at }: Alarm): Promise<boolean> {
  const raised = await tx.execute(
    `INSERT INTO points.money_alarm (subject, points_year, level, raised_at, figures) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT DO NOTHING`,
    [subject, pointsYear, level, at, JSON.stringify(figures)],
  );
  return raised > 0;
}
