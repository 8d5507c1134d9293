import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../../platform/clock/index.js';
import { Database, Transaction } from '../../../../platform/database/index.js';
import { clearCustomers, daysToClear, keepCleared, uncleared } from '../../persistence/holds/pos-clearing.js';

/**
 * Clears the days of the merchants that are over (清算): what they took, less what they gave back, goes from POS_CLEARING to
 * PARTNER_PAYABLE. What is cleared already moves nothing, so it may be stopped anywhere and begun again.
 */
@Injectable()
export class ClearPosDays {
  constructor(
    private readonly database: Database,
    private readonly transaction: Transaction,
    private readonly clock: Clock,
  ) {}

  /** The days that are cleared now. */
  async execute(): Promise<readonly string[]> {
    const days = await daysToClear(this.database, businessDate(this.clock.now()));
    for (const day of days) await this.clear(day);
    return days;
  }

  private async clear(day: string): Promise<void> {
    for (;;) {
      const customerIds = await uncleared(this.database, day, AT_ONCE);
      if (customerIds.length === 0) break;
      await this.transaction.run((tx) => clearCustomers(tx, { day, customerIds, at: this.clock.now() }));
    }
    await this.transaction.run((tx) => keepCleared(tx, day, this.clock.now()));
  }
}

const AT_ONCE = 1000;
