import { Injectable } from '@nestjs/common';
import { businessMonth, Clock } from '../../../../platform/clock/index.js';
import { Database, Transaction } from '../../../../platform/database/index.js';
import type { BooksOfMonth } from '../../domain/money/books-of-month.js';
import { BooksNotOver, DaysNotCleared, EarlierBooksOpen } from '../../domain/money/refusals-of-money.js';
import { daysToClear } from '../../persistence/holds/pos-clearing.js';
import { closeBooks, monthsOfBooks, monthsToRollUp, rollUpMonth } from '../../persistence/money/house-side.js';

/** The house side of the ledger by months of books (PTS-32): its sums are made afterwards, and a month is closed once and for all. */
@Injectable()
export class KeepBooks {
  constructor(
    private readonly database: Database,
    private readonly transaction: Transaction,
    private readonly clock: Clock,
  ) {}

  /** Rolls up what was posted since, on whatever day of a month that is open. Answers the months. */
  async rollUp(): Promise<readonly string[]> {
    const months = await monthsToRollUp(this.database);
    for (const month of months) await this.transaction.run((tx) => rollUpMonth(tx, month, this.clock.now()));
    return months;
  }

  months(): Promise<readonly BooksOfMonth[]> {
    return monthsOfBooks(this.database);
  }

  /**
   * From now on nothing is posted into this month, not by the system either: what comes late is posted on the day on which it comes.
   * @param month `YYYY-MM`
   * @throws BooksNotOver, EarlierBooksOpen, DaysNotCleared, BooksBusy
   */
  async close(month: string, actorId: string): Promise<BooksOfMonth> {
    const now = this.clock.now();
    if (month >= businessMonth(now)) throw new BooksNotOver({ month });
    return this.transaction.run(async (tx) => {
      const open = (await monthsOfBooks(tx)).find((books) => books.closedAt === null);
      if (open && open.month.slice(0, 7) < month) throw new EarlierBooksOpen({ month: open.month.slice(0, 7) });
      const day = (await daysToClear(tx, `${businessMonth(now)}-01`)).find((each) => each.startsWith(month));
      if (day !== undefined) throw new DaysNotCleared({ day });
      await closeBooks(tx, `${month}-01`, actorId, now);
      tx.audit({ action: 'points.close-books', objectType: 'LedgerMonth', objectId: month, after: { closedAt: now } });
      const closed = (await monthsOfBooks(tx)).find((books) => books.month === `${month}-01`);
      if (!closed) throw new Error('A month was closed that has no books');
      return closed;
    });
  }
}
