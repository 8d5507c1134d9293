import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../platform/clock/index.js';
import { Transaction } from '../../../platform/database/index.js';
import { lockPrograms } from '../persistence/programs.js';
import { retireWhatHasEnded } from '../persistence/rule-set-periods.js';

/** On the day on which another version begins that was activated before, the one that it supersedes is history. */
@Injectable()
export class RetireEndedRuleSets {
  constructor(
    private readonly transaction: Transaction,
    private readonly clock: Clock,
  ) {}

  async execute(): Promise<void> {
    const today = businessDate(this.clock.now());
    await this.transaction.run(async (tx) => {
      for (const program of await lockPrograms(tx)) await retireWhatHasEnded(tx, program, today);
    });
  }
}
