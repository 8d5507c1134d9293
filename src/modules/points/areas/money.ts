import { BossDeductions } from '../application/money/boss-deductions.js';
import { KeepBreakageRates } from '../application/money/breakage-rates.js';
import { KeepBooks } from '../application/money/keep-books.js';
import { FindLiability } from '../application/money/liability.query.js';
import { AnalysePoints } from '../application/money/points-analysis.query.js';
import { PointsBudgets } from '../application/money/points-budgets.js';
import { ReadGuards } from '../application/money/read-guards.js';
import { BossDeductionsController } from '../http/money/boss-deductions.controller.js';
import { PointsManagementController } from '../http/money/points-management.controller.js';
import { RollUpJob, WatchBudgetsJob } from '../jobs/keep-books.job.js';

/** The house side of the ledger: liability, cost, guards, budgets, and deductions by BOSS. */
export const money = {
  controllers: [PointsManagementController, BossDeductionsController],
  providers: [KeepBooks, FindLiability, KeepBreakageRates, ReadGuards, PointsBudgets, AnalysePoints, BossDeductions],
  workers: [RollUpJob, WatchBudgetsJob],
};
