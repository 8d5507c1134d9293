import { Injectable } from '@nestjs/common';
import { defineJob, ProcessesJob, type JobProcessor } from '../../../platform/queues/index.js';
import { KeepBooks } from '../application/money/keep-books.js';
import { PointsBudgets } from '../application/money/points-budgets.js';
import { ReadGuards } from '../application/money/read-guards.js';

const RollUp = defineJob('points.roll-up', { lane: 'long', timetable: { cron: '15 4 * * *' } });
const WatchBudgets = defineJob('points.watch-budgets', { timetable: { cron: '*/10 * * * *' } });

/** After the night's postings: the sums of the books, then what they say of rates and costs. */
@ProcessesJob(RollUp)
@Injectable()
export class RollUpJob implements JobProcessor<object> {
  constructor(
    private readonly books: KeepBooks,
    private readonly guards: ReadGuards,
  ) {}

  async process(): Promise<void> {
    await this.books.rollUp();
    await this.guards.execute();
  }
}

@ProcessesJob(WatchBudgets)
@Injectable()
export class WatchBudgetsJob implements JobProcessor<object> {
  constructor(private readonly budgets: PointsBudgets) {}

  async process(): Promise<void> {
    await this.budgets.watch();
  }
}
