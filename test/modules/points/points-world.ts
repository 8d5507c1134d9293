import type { DataSource } from 'typeorm';
import { FindAccount } from '../../../src/modules/points/application/ledger/account.query.js';
import { AccruePointsFromBills } from '../../../src/modules/points/application/earning/accrue-points-from-bills.run.js';
import { AwardPointsUseCase } from '../../../src/modules/points/application/ledger/award-points.js';
import { CorrectPoints } from '../../../src/modules/points/application/earning/correct-points.run.js';
import { CloseAccount } from '../../../src/modules/points/application/ledger/close-account.js';
import {
  type RedeemPoints,
  RedeemPointsUseCase,
} from '../../../src/modules/points/application/ledger/redeem-points.js';
import { FindRedemption } from '../../../src/modules/points/application/ledger/redemption.query.js';
import { ReverseRedemptionUseCase } from '../../../src/modules/points/application/ledger/reverse-redemption.js';
import { PointsTotalsQuery } from '../../../src/modules/points/application/ledger/totals.query.js';
import { PointsLedger } from '../../../src/modules/points/persistence/ledger/points-ledger.js';
import { SingleOperations } from '../../../src/modules/points/persistence/ledger/single-operations.js';
import { FindCards } from '../../../src/modules/tiering/application/cards.query.js';
import { TieringFacade, type Tier } from '../../../src/modules/tiering/index.js';
import { PointsFacade } from '../../../src/modules/points/points.facade.js';
import { CustomersFacade } from '../../../src/modules/customers/customers.facade.js';
import { ApplySubscriptions } from '../../../src/modules/customers/application/apply-subscriptions.js';
import { FindBillingNames } from '../../../src/modules/customers/application/billing-names.query.js';
import { FindCustomers } from '../../../src/modules/customers/application/find-customers.query.js';
import { SubjectKeys } from '../../../src/modules/customers/persistence/subject-keys.js';
import { SubscriptionArchive } from '../../../src/modules/customers/persistence/subscription-archive.js';
import { Database, newId, Transaction } from '../../../src/platform/database/index.js';
import { Outbox } from '../../../src/platform/events/index.js';
import type { Run } from '../../../src/platform/queues/index.js';
import { carryOutRun } from '../../support/carry-out-run.js';
import { TestClock } from '../../support/clock.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { personalDataOfNewKeys } from '../../support/serve.js';
import { keepCustomers } from '../customers/facts.js';
import { keepTier } from '../tiering/facts.js';
import { keepLateChange } from '../usage/support/late-change.js';

export interface AnyBill {
  readonly customerId: string;
  readonly billNo: string;
  readonly netSpendFen: number;
  /** `YYYY-MM` */
  readonly cycle?: string;
  readonly version?: number;
  /** Default: it replaces every other version. */
  readonly isCurrent?: boolean;
  readonly collectedForOthersFen?: number;
}

/** The points module on a database of its own, wired as the application wires it. */
export async function pointsWorld() {
  const db = await createTestDatabase();
  const source = await db.dataSource();
  return { db, source, ...wiredTo(source, new TestClock('2026-02-01T10:00:00+08:00')), ...factsOf(db) };
}

export function wiredTo(source: DataSource, clock: TestClock) {
  const [database, transaction, ledger] = [new Database(source), new Transaction(source), new PointsLedger()];
  const outbox = new Outbox(clock);
  const personalData = personalDataOfNewKeys();
  const customers = new CustomersFacade(
    new ApplySubscriptions(new SubscriptionArchive(), new SubjectKeys(), personalData, outbox),
    new FindCustomers(database),
    personalData,
    new SubjectKeys(),
    new FindBillingNames(database, personalData),
  );
  const find = new FindRedemption(database);
  const single = new SingleOperations();
  const awarding = new AwardPointsUseCase(single, clock);
  const tiering = new TieringFacade(database, new FindCards(database, personalData, clock));
  const redeeming = new RedeemPointsUseCase(transaction, single, tiering, clock);
  const reversing = new ReverseRedemptionUseCase(transaction, ledger, find, outbox, clock);
  const account = new FindAccount(database, customers, clock);
  const accruing = new AccruePointsFromBills(clock, outbox);
  const closing = new CloseAccount(ledger, single, outbox, clock);
  const facade = new PointsFacade(account, new PointsTotalsQuery(database), redeeming, awarding);

  let awards = 0;
  return {
    clock,
    outbox,
    customers,
    database,
    transaction,
    ledger,
    single,
    facade,
    account,
    find,
    closing,
    redeem: (customerId: string, points: number, changes: Partial<RedeemPoints> = {}) =>
      redeeming.execute({
        customerId,
        points,
        purpose: 'GOODS',
        channel: 'HALL',
        actorId: 'tester',
        key: undefined,
        ...changes,
      }),
    reverse: (redemptionId: string) => reversing.execute({ redemptionId, actorId: 'tester', channel: 'HALL' }),
    award: (customerId: string, points: number, reference = `award-${(awards += 1)}`) =>
      transaction.run((tx) =>
        facade.award(tx, {
          customerId,
          points,
          pointsType: 'SPENDING',
          funderId: 'OPERATOR',
          reference,
          actorId: 'tester',
        }),
      ),
    close: (customerId: string, eventId = newId()) =>
      transaction.run((tx) => closing.close(tx, { customerId, eventId, occurredAt: clock.now() })),
    reopen: (customerId: string, eventId = newId()) =>
      transaction.run((tx) => closing.reopen(tx, { customerId, eventId, occurredAt: clock.now() })),
    accrue: (key: string, asOf = '2026-02-01', definition = accruing, parameters: object = {}): Promise<Run> =>
      carryOutRun(source, definition, { key, asOf, parameters }),
    correct: (intakeId: string, asOf = '2026-02-20'): Promise<Run> =>
      carryOutRun(source, new CorrectPoints(clock, outbox), { key: intakeId, asOf }),
  };
}

function factsOf(db: TestDatabase) {
  const keepBills = async (bills: readonly AnyBill[]): Promise<void> => {
    for (const bill of bills) {
      const isCurrent = bill.isCurrent ?? true;
      if (isCurrent)
        await db.query(
          `UPDATE usage.customer_bill SET is_current = false WHERE customer_id = $1 AND source = 'BOSS' AND bill_no = $2`,
          [bill.customerId, bill.billNo],
        );
      const others = bill.collectedForOthersFen ?? 0;
      await db.query(
        `INSERT INTO usage.customer_bill (customer_id, source, bill_no, version, file_id, content_hash, cycle,
           monthly_fee_fen, voice_fen, sms_fen, data_fen, roaming_fen, vas_fen, collected_for_others_fen, discount_fen,
           gift_fen, adjustment_fen, payable_fen, paid_fen, arrears_fen, due_on, issued_at, is_current, recorded_at)
         VALUES ($1, 'BOSS', $2, $3, $1, 1, $4, $5, 0, 0, 0, 0, 0, $6, 0, 0, 0, $5::bigint + $6, 0, 0, $4,
           '2026-01-02T00:00:00+08:00', $7, '2026-01-02T00:00:00+08:00')`,
        [
          bill.customerId,
          bill.billNo,
          bill.version ?? 1,
          `${bill.cycle ?? '2025-12'}-01`,
          bill.netSpendFen,
          others,
          isCurrent,
        ],
      );
    }
  };
  return {
    keepBills,
    /** Bills that an intake, whose id is answered, brings after their months were closed. */
    keepLateBills: async (bills: readonly AnyBill[]): Promise<string> => {
      await keepBills(bills);
      return keepLateChange(
        db,
        bills.map(({ customerId, cycle = '2025-12' }) => ({ customerId, month: `${cycle}-01` })),
      );
    },
    /** `spends[i]` is the bill of the i-th of new customers, whose ids are answered in order. */
    aCrowd: async (spends: readonly number[], cycle = '2025-12'): Promise<string[]> => {
      const ids = spends.map(() => newId());
      await keepCustomers(
        db,
        ids.map((customerId) => ({ customerId })),
      );
      await keepBills(
        spends.map((netSpendFen, i) => ({ customerId: ids[i] ?? '', billNo: `${cycle}-${i}`, netSpendFen, cycle })),
      );
      return ids;
    },
    aCustomer: async (status = 'active', realName = true): Promise<string> => {
      const id = newId();
      await keepCustomers(db, [{ customerId: id, status, realName }]);
      return id;
    },
    keepRealName: (customerId: string, realName: boolean) =>
      db.query('UPDATE customers.customer SET real_name = $2 WHERE customer_id = $1', [customerId, realName]),
    keepTier: (customerId: string, tier: Tier) => keepTier(db, customerId, tier),
    replaceTier: (customerId: string, tier: string) =>
      db.query(`UPDATE tiering.tier_assignment SET tier = $2 WHERE customer_id = $1`, [customerId, tier]),
  };
}

/** Journal and postings without what differs from one database or one moment to the next. */
export const ledgerOf = (db: TestDatabase): Promise<object[]> =>
  db.query(`
    SELECT j.customer_id, j.account_version, j.kind, j.points, j.available_after, j.idem_key,
      array_agg(p.debit || '>' || p.credit || ' ' || p.points || ' ' || COALESCE(p.expires_on::text, '-') ORDER BY p.line) AS lines
    FROM points.journal j LEFT JOIN points.posting p USING (customer_id, journal_id)
    GROUP BY j.customer_id, j.journal_id ORDER BY j.customer_id, j.account_version`);
