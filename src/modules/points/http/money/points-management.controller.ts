import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { businessDate, Clock } from '../../../../platform/clock/index.js';
import {
  AsOfQuery, CurrentActor, headOf, Operation, ResourceIdPipe, ResourceNotFound,
} from '../../../../platform/http/index.js'; // prettier-ignore
import type { Actor } from '../../../../platform/identity/index.js';
import { KeepBreakageRates, type BreakageRateSet } from '../../application/money/breakage-rates.js';
import { KeepBooks } from '../../application/money/keep-books.js';
import { FindLiability } from '../../application/money/liability.query.js';
import { AnalysePoints } from '../../application/money/points-analysis.query.js';
import { PointsBudgets } from '../../application/money/points-budgets.js';
import { ReadGuards } from '../../application/money/read-guards.js';
import type { BreakageRates } from '../../domain/money/liability.js';
import { valueInFen } from '../../domain/ledger/points-value.js';
import {
  BooksBusy, BudgetsBusy, BooksNotOver, BudgetBelowUse, BudgetNotFound, BudgetTaken, DaysNotCleared, EarlierBooksOpen, InvalidBreakageRates, InvalidBudget,
} from '../../domain/money/refusals-of-money.js'; // prettier-ignore
import { WHOLE_OPERATOR, type Budget } from '../../domain/money/budget.js';
import type { BooksOfMonth } from '../../domain/money/books-of-month.js';
import {
  BreakageEstimateView, BreakageRateSetView, CloseLedgerMonth, CreateBreakageRateSet, CreatePointsBudget, GuardReadingView,
  LedgerMonthView, PatchPointsBudget, PointsAnalysisView, PointsBudgetView, PointsLiabilityView, RegionQuery,
} from './points-management.dto.js'; // prettier-ignore

const BASE = '/care-api/points/v1/management';
const ledgerMonths = { type: 'LedgerMonth', path: `${BASE}/ledgerMonth` } as const;
const liabilities = { type: 'PointsLiability', path: `${BASE}/liability` } as const;
const analyses = { type: 'PointsAnalysis', path: `${BASE}/analysis` } as const;
const budgetResources = { type: 'PointsBudget', path: `${BASE}/budget` } as const;
const breakageRateSets = { type: 'BreakageRateSet', path: `${BASE}/breakageRateSet` } as const;

/** The management ring of the points (管理环, PTS-25): periods, cost and rules of the books. Nothing of it is for customers. */
@ApiTags('Points, management (积分管理)')
@Controller(BASE)
export class PointsManagementController {
  constructor(
    private readonly books: KeepBooks,
    private readonly liability: FindLiability,
    private readonly breakage: KeepBreakageRates,
    private readonly guards: ReadGuards,
    private readonly budgets: PointsBudgets,
    private readonly analysis: AnalysePoints,
    private readonly clock: Clock,
  ) {}

  @Get('ledgerMonth')
  @Operation({ summary: 'Months of the books (积分账期)', permission: 'points.report', returns: [LedgerMonthView] })
  async months(): Promise<readonly LedgerMonthView[]> {
    return (await this.books.months()).map(monthView).reverse();
  }

  @Post('ledgerMonth')
  @Operation({
    summary: 'Close the books of a month (积分关账)',
    description:
      'Nothing is posted into the month any more, by nobody: what comes late is posted on the day on which it comes. Months are ' +
      'closed one after the other, and never opened again. A closed month is answered as it is.',
    permission: 'points.budget',
    wholeOperator: true,
    creates: LedgerMonthView,
    refusals: [BooksNotOver, EarlierBooksOpen, DaysNotCleared, BooksBusy],
  })
  async close(@Body() { month }: CloseLedgerMonth, @CurrentActor() actor: Actor): Promise<LedgerMonthView> {
    return monthView(await this.books.close(month, actor.id));
  }

  @Get('liability/:month')
  @Operation({
    summary: 'Points liability of a month (积分负债)',
    description:
      'opening + issued - redeemed - expired + adjusted + transferred - forfeited + settled = closing, by class and funder; and what ' +
      'it is worth by cohort. Of the whole operator or the own province, as of the last roll-up.',
    permission: 'points.report',
    returns: PointsLiabilityView,
    refusals: [ResourceNotFound],
  })
  async liabilityOf(
    @Param('month') month: string,
    @Query() { region }: RegionQuery,
    @CurrentActor() actor: Actor,
  ): Promise<PointsLiabilityView> {
    assertMonth(month, 'liability');
    const { lines, cohorts, ...figures } = await this.liability.ofMonth(month, regionsSeen(actor, region));
    return {
      ...headOf(liabilities, month),
      month,
      ...figures,
      line: lines,
      cohort: cohorts.map(({ expiresOn, ...cohort }) => ({
        ...cohort,
        ...(expiresOn !== 'infinity' && { expiresOn }),
      })),
    };
  }

  @Get('breakageRateSet')
  @Operation({
    summary: 'What is expected to expire unused (预计清零率)',
    permission: 'points.report',
    returns: [BreakageRateSetView],
  })
  async rateSets(): Promise<readonly BreakageRateSetView[]> {
    return (await this.breakage.all()).map(rateSetView);
  }

  @Post('breakageRateSet')
  @Operation({
    summary: 'Set what is expected to expire unused (设置预计清零率)',
    description: 'A new version; of several that begin on one day the latest holds. None is ever changed.',
    permission: 'points.budget',
    wholeOperator: true,
    creates: BreakageRateSetView,
    idempotent: true,
    refusals: [InvalidBreakageRates],
  })
  async addRates(
    @Body() { effectiveFrom, rate, reason }: CreateBreakageRateSet,
    @CurrentActor() actor: Actor,
  ): Promise<BreakageRateSetView> {
    const rates = Object.fromEntries(rate.map(({ pointsType, yearsLeftBp }) => [pointsType, [...yearsLeftBp]]));
    if (Object.keys(rates).length < rate.length) throw new InvalidBreakageRates();
    return rateSetView(await this.breakage.add({ effectiveFrom, rates, reason, author: actor.id }));
  }

  @Get('breakageEstimate')
  @Operation({
    summary: 'What history says of breakage (清零率估算)',
    description:
      'Of the lots that have expired: how much of what was outstanding so many years before was cleared unused.',
    permission: 'points.report',
    returns: BreakageEstimateView,
  })
  async estimate(@Query() { asOf = businessDate(this.clock.now()) }: AsOfQuery): Promise<BreakageEstimateView> {
    return { '@type': 'BreakageEstimate', asOf, rate: ratesView(await this.liability.estimateBreakage(asOf)) };
  }

  @Get('guardReading/:pointsYear')
  @Operation({
    summary: 'Return rate and cost of a points year (积分回报率与成本)',
    description:
      'As they were read each night. RETURN: points for spending and on top of it, of those who may redeem, against all revenue; soft ' +
      'at 1.80 %, and at 2.00 % nothing promotional is given. COST: all points of Gotone customers against their revenue, 2.30 %.',
    permission: 'points.report',
    wholeOperator: true,
    returns: [GuardReadingView],
    refusals: [ResourceNotFound],
  })
  async readings(@Param('pointsYear') pointsYear: string): Promise<readonly GuardReadingView[]> {
    if (!/^2\d{3}$/.test(pointsYear)) throw new ResourceNotFound('guardReading');
    return (await this.guards.readings(Number(pointsYear))).map((reading) => ({
      id: `${reading.guard}~${reading.readOn}`,
      '@type': 'PointsGuardReading',
      guard: reading.guard,
      pointsYear: reading.pointsYear,
      readOn: reading.readOn,
      points: reading.points,
      costFen: valueInFen(reading.points),
      revenueFen: reading.revenueFen,
      rateBp: reading.rateBp ?? undefined,
      forecastBp: reading.forecastBp ?? undefined,
      softBp: reading.softBp,
      hardBp: reading.hardBp,
      level: reading.level,
    }));
  }

  @Get('budget')
  @Operation({ summary: 'Budgets of points (积分预算)', permission: 'points.report', returns: [PointsBudgetView] })
  async budgetsSeen(
    @Query() { region }: RegionQuery,
    @CurrentActor() actor: Actor,
  ): Promise<readonly PointsBudgetView[]> {
    return (await this.budgets.all(regionsSeen(actor, region))).map(budgetView);
  }

  @Get('budget/:id')
  @Operation({
    summary: 'One budget of points (积分预算详情)',
    permission: 'points.report',
    wholeOperator: true,
    returns: PointsBudgetView,
    refusals: [BudgetNotFound],
  })
  async budget(@Param('id', ResourceIdPipe) id: string): Promise<PointsBudgetView> {
    return budgetView(await this.budgets.get(id));
  }

  @Post('budget')
  @Operation({
    summary: 'Set a budget of points (设置积分预算)',
    description:
      'One per points year, province (or the whole operator) and kind: what points are redeemed for, or what is given on top. What was ' +
      'used in the year before counts. Beyond the hard limit everything of that kind is refused.',
    permission: 'points.budget',
    wholeOperator: true,
    takesLong: true,
    creates: PointsBudgetView,
    idempotent: true,
    refusals: [BudgetTaken, BudgetBelowUse, InvalidBudget, BudgetsBusy],
  })
  async setBudget(@Body() body: CreatePointsBudget, @CurrentActor() actor: Actor): Promise<PointsBudgetView> {
    const { pointsYear, region, kind, hardPoints, softPoints } = body;
    return budgetView(await this.budgets.set({ pointsYear, region, kind, hardPoints, softPoints, actorId: actor.id }));
  }

  @Patch('budget/:id')
  @Operation({
    summary: 'Change the limits of a budget (调整积分预算)',
    permission: 'points.budget',
    wholeOperator: true,
    returns: PointsBudgetView,
    refusals: [BudgetNotFound, BudgetBelowUse, InvalidBudget, BudgetsBusy],
  })
  async limitBudget(
    @Param('id', ResourceIdPipe) budgetId: string,
    @Body() { hardPoints, softPoints }: PatchPointsBudget,
  ): Promise<PointsBudgetView> {
    return budgetView(
      await this.budgets.limit({
        budgetId,
        ...(hardPoints !== undefined && { hardPoints }),
        ...(softPoints !== undefined && { softPoints }),
      }),
    );
  }

  @Get('analysis/:month')
  @Operation({
    summary: 'Points by level and age (大客户积分分析)',
    description: 'Straight from the postings up to the end of the month, of the whole operator or the own province.',
    permission: 'points.report',
    takesLong: true,
    returns: PointsAnalysisView,
    refusals: [ResourceNotFound],
  })
  async analysisOf(@Param('month') month: string): Promise<PointsAnalysisView> {
    assertMonth(month, 'analysis');
    return { ...headOf(analyses, month), month, line: await this.analysis.ofMonth(month) };
  }
}

function assertMonth(month: string, kind: string): void {
  if (!/^2\d{3}-(0[1-9]|1[0-2])$/.test(month)) throw new ResourceNotFound(kind);
}

/** Provinces that the actor sees, and asked for; `undefined`: all. */
function regionsSeen({ scope }: Actor, region: string | undefined): readonly string[] | undefined {
  if (scope.everybody) return region === undefined ? undefined : [region];
  return region === undefined ? scope.provinces : scope.provinces.filter((province) => province === region);
}

const monthView = ({ month, postings, rolledAt, closedAt, closedBy, isFinal }: BooksOfMonth): LedgerMonthView => ({
  ...headOf(ledgerMonths, month.slice(0, 7)),
  month: month.slice(0, 7),
  postings,
  rolledAt: rolledAt ?? undefined,
  closedAt: closedAt ?? undefined,
  closedBy: closedBy ?? undefined,
  isFinal,
});

const ratesView = (rates: BreakageRates) =>
  Object.entries(rates).map(([pointsType, yearsLeftBp]) => ({ pointsType, yearsLeftBp: [...yearsLeftBp] }));

const rateSetView = ({ version, effectiveFrom, rates, author, reason }: BreakageRateSet): BreakageRateSetView => ({
  ...headOf(breakageRateSets, String(version)),
  version,
  effectiveFrom,
  rate: ratesView(rates),
  author,
  reason,
});

const budgetView = (budget: Budget): PointsBudgetView => ({
  ...headOf(budgetResources, budget.budgetId),
  pointsYear: budget.pointsYear,
  ...(budget.region !== WHOLE_OPERATOR && { region: budget.region }),
  kind: budget.kind,
  softPoints: budget.softPoints,
  hardPoints: budget.hardPoints,
  used: budget.used,
  left: budget.hardPoints - budget.used,
  state: budget.used >= budget.hardPoints ? 'HARD' : budget.used >= budget.softPoints ? 'SOFT' : 'OPEN',
  changedAt: budget.changedAt,
});
