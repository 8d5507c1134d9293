import { KeepBreakageRates } from '../../../src/modules/points/application/money/breakage-rates.js';
import { KeepBooks } from '../../../src/modules/points/application/money/keep-books.js';
import { FindLiability } from '../../../src/modules/points/application/money/liability.query.js';
import { AnalysePoints } from '../../../src/modules/points/application/money/points-analysis.query.js';
import { PointsBudgets } from '../../../src/modules/points/application/money/points-budgets.js';
import { ReadGuards } from '../../../src/modules/points/application/money/read-guards.js';
import type { Lot, Posting } from '../../../src/modules/points/domain/ledger/ledger.js';
import { checksOfMoney } from '../../../src/modules/points/persistence/money/proof-checks-of-money.js';
import type { JournalKind } from '../../../src/modules/points/persistence/ledger/points-ledger.js';
import { businessDate } from '../../../src/platform/clock/index.js';
import { newId } from '../../../src/platform/database/index.js';
import { keepCustomers, type AnyCustomer } from '../customers/facts.js';
import { pointsWorld } from './points-world.js';

/** The points module with what it says of money. */
export async function moneyWorld() {
  const world = await pointsWorld();
  const { database, transaction, outbox, clock } = world;
  return {
    ...world,
    books: new KeepBooks(database, transaction, clock),
    liability: new FindLiability(database),
    rates: new KeepBreakageRates(database, transaction, clock),
    guards: new ReadGuards(database, transaction, outbox, clock),
    budgets: new PointsBudgets(database, transaction, outbox, clock),
    analysis: new AnalysePoints(database),
    aCustomerOf: async (region: string, more: Partial<AnyCustomer> = {}): Promise<string> => {
      const customerId = newId();
      await keepCustomers(world.db, [{ customerId, region, ...more }]);
      return customerId;
    },
    /** Posts any entry on the day of the clock, as the operations of the ledger do. */
    post: (customerId: string, kind: JournalKind, postings: readonly Posting[]) =>
      transaction.run(async (tx) => {
        const now = clock.now();
        const day = businessDate(now);
        const idemKey = newId();
        const { account } = await world.ledger.lock(tx, { customerId, idemKey, day, opens: true });
        return world.ledger.append(tx, account, {
          ...{ journalId: newId(), kind, idemKey, postings, businessDate: day },
          ...{ occurredAt: now, recordedAt: now },
        });
      }),
    /** What a check of the proof finds. */
    found: (id: string): Promise<object[]> => {
      const check = checksOfMoney.find((each) => each.id === id);
      if (!check) throw new Error(`There is no check ${id}`);
      return database.query(check.sql, check.from ? ['-infinity'] : []);
    },
  };
}

export const lotOf = (expiresOn: string, pointsType: Lot['pointsType'] = 'SPENDING', funderId = 'OPERATOR'): Lot => ({
  ...{ expiresOn, pointsType, funderId },
});
