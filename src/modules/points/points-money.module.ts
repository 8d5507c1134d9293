import { Module } from '@nestjs/common';
import { BossDeductions } from './application/boss-deductions.js';
import { KeepBreakageRates } from './application/breakage-rates.js';
import { KeepBooks } from './application/keep-books.js';
import { FindLiability } from './application/liability.query.js';
import { AnalysePoints } from './application/points-analysis.query.js';
import { PointsBudgets } from './application/points-budgets.js';
import { ReadGuards } from './application/read-guards.js';
import { BossDeductionsController } from './http/boss-deductions.controller.js';
import { PointsManagementController } from './http/points-management.controller.js';
import { SingleOperations } from './persistence/single-operations.js';

/** The money side of the points: the house side of the ledger, liability, cost, budgets, and BOSS's deductions. */
@Module({
  controllers: [PointsManagementController, BossDeductionsController],
  providers: [
    SingleOperations,
    KeepBooks,
    FindLiability,
    KeepBreakageRates,
    ReadGuards,
    PointsBudgets,
    AnalysePoints,
    BossDeductions,
  ],
  exports: [KeepBooks, ReadGuards, PointsBudgets],
})
export class PointsMoneyModule {}
