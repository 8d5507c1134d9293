import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { FillFeeds } from '../../../src/modules/boss-feed/application/fill-feeds.js';
import { KeepOutgoingFolder } from '../../../src/modules/boss-feed/application/keep-outgoing-folder.js';
import { PublishFiles } from '../../../src/modules/boss-feed/application/publish-files.js';
import { ReadFeed } from '../../../src/modules/boss-feed/application/read-feed.js';
import { TakeInEvents } from '../../../src/modules/boss-feed/application/take-in-events.js';
import { WithdrawFiles } from '../../../src/modules/boss-feed/application/withdraw-files.js';
import { FeedAccruedPoints } from '../../../src/modules/boss-feed/listeners/feed-accrued-points.listener.js';
import { FeedChurnRisks } from '../../../src/modules/boss-feed/listeners/feed-churn-risks.listener.js';
import { FeedPoints } from '../../../src/modules/boss-feed/listeners/feed-points.listener.js';
import { FeedTierChanges } from '../../../src/modules/boss-feed/listeners/feed-tier-changes.listener.js';
import { WithdrawFilesWhenCustomerIsErased } from '../../../src/modules/boss-feed/listeners/withdraw-files-when-customer-is-erased.listener.js';
import { ChurnRiskRaised } from '../../../src/modules/analytics/index.js';
import { CustomerErased } from '../../../src/modules/customers/index.js';
import {
  PointsAccrued, PointsCorrected, PointsEarned, PointsForfeited, PointsMoved, PointsRedeemed, RedemptionReversed,
} from '../../../src/modules/points/index.js'; // prettier-ignore
import { TierChanged, type TierChange } from '../../../src/modules/tiering/index.js';
import type { Settings } from '../../../src/platform/config/index.js';
import { Database, newId, Transaction } from '../../../src/platform/database/index.js';
import { Outbox, Relay, type ListenerRegistry, type SetWiseListener } from '../../../src/platform/events/index.js';
import { TestClock } from '../../support/clock.js';
import { createTestDatabase } from '../../support/database.js';
import { keepCustomers, type AnyCustomer } from '../customers/facts.js';

export type FeedWorld = Awaited<ReturnType<typeof feedWorld>>;

/** The feed on a database of its own, wired as the application wires it, with the platform's own relay. */
export async function feedWorld() {
  const db = await createTestDatabase();
  const source = await db.dataSource();
  const folder = await mkdtemp(join(tmpdir(), 'feed-'));
  const clock = new TestClock('2026-02-01T09:00:00+08:00');
  const parts = wiredTo(source, clock, folder);
  const { transaction, outbox } = parts;
  let accounts = 0;

  return {
    db, source, folder, clock, ...parts,
    close: async (): Promise<void> => {
      await db.drop();
      await rm(folder, { recursive: true });
    },
    /** Customers with an account each: `A-1`, `A-2`… of BOSS. */
    customers: async (...wanted: readonly Partial<AnyCustomer>[]): Promise<string[]> => {
      const customers = wanted.map((each) => ({ customerId: newId(), ...each }));
      await keepCustomers(db, customers);
      for (const { customerId } of customers) {
        await db.query(`UPDATE customers.customer SET source = 'BOSS', account_no = $2 WHERE customer_id = $1`, [
          customerId,
          `A-${(accounts += 1)}`,
        ]);
      }
      return customers.map(({ customerId }) => customerId);
    },
    announce: (changes: readonly (Partial<TierChange> & { customerId: string })[]): Promise<void> =>
      transaction.run((tx) =>
        outbox.publishMany(
          tx,
          TierChanged,
          changes.map((change) => ({
            payload: { from: 'SILVER', to: 'GOLD', decisionId: newId(), effectiveOn: '2026-02-01', ...change },
            customerId: change.customerId,
            occurredAt: clock.now(),
          })),
        ),
      ),
    /** Entries of the ledger, as a run over everybody posts them. */
    post: async (
      entries: readonly { readonly customerId: string; readonly points: number; readonly kind?: string; readonly runId?: string }[],
    ): Promise<string[]> => {
      const rows = entries.map((each, nth) => ({ ...each, journalId: newId(), nth }));
      await db.query(
        `INSERT INTO points.point_account (customer_id) SELECT DISTINCT unnest($1::uuid[]) ON CONFLICT DO NOTHING`,
        [rows.map(({ customerId }) => customerId)],
      );
      await db.query(
        `INSERT INTO points.journal (customer_id, journal_id, account_version, kind, points, available_after, idem_key,
           occurred_at, recorded_at, business_date, run_id, metadata)
         SELECT "customerId", "journalId", nth + 1 + COALESCE((SELECT max(account_version) FROM points.journal), 0),
           COALESCE(kind, 'EARN')::points.journal_kind, points, GREATEST(points, 0), "journalId", $2, $2, '2026-02-01', "runId",
           '{"cycle": "2026-01"}'
         FROM jsonb_to_recordset($1::jsonb) AS e ("customerId" uuid, "journalId" uuid, nth int, kind text, points bigint, "runId" uuid)`,
        [JSON.stringify(rows), clock.now()],
      );
      return rows.map(({ journalId }) => journalId);
    },
    items: (feedId: string) =>
      db.query<{ sequence: number; event_id: string; customer_id: string; is_backfill: boolean; detail: Record<string, unknown> }>(
        'SELECT * FROM boss_feed.item WHERE feed_id = $1 ORDER BY sequence',
        [feedId],
      ),
    files: (feedId: string) =>
      db.query<{ file_id: string; name: string; state: string; business_date: string; sequence: number; body_sha256: string; is_tended: boolean }>(
        'SELECT * FROM boss_feed.file WHERE feed_id = $1 ORDER BY sequence, version',
        [feedId],
      ),
  }; // prettier-ignore
}

/** Another process of the same installation. */
export function wiredTo(source: DataSource, clock: TestClock, folder: string) {
  const [database, transaction] = [new Database(source), new Transaction(source)];
  const takeIn = new TakeInEvents(clock);
  const listeners: Readonly<Record<string, SetWiseListener<never>>> = {
    [TierChanged.name]: new FeedTierChanges(takeIn),
    [ChurnRiskRaised.name]: new FeedChurnRisks(takeIn),
    [CustomerErased.name]: new WithdrawFilesWhenCustomerIsErased(new WithdrawFiles(clock)),
    ...Object.fromEntries(
      [PointsEarned, PointsRedeemed, RedemptionReversed, PointsForfeited, PointsMoved].map(({ name }) => [
        name,
        new FeedPoints(takeIn),
      ]),
    ),
    ...Object.fromEntries([PointsAccrued, PointsCorrected].map(({ name }) => [name, new FeedAccruedPoints(takeIn)])),
  };
  const registry = {
    to: (event: string) => {
      const listener = listeners[event];
      return listener ? [{ name: listener.constructor.name, handle: listener.handleAll.bind(listener) }] : [];
    },
  } as unknown as ListenerRegistry;
  const read = new ReadFeed(database);
  return {
    database,
    transaction,
    outbox: new Outbox(clock),
    relay: new Relay(database, transaction, registry),
    read,
    fill: new FillFeeds(database, transaction, clock),
    publish: new PublishFiles(database, transaction, read, clock),
    keepFolder: new KeepOutgoingFolder(database, transaction, read, { feedFolder: folder } as Settings),
  };
}

export const unbroken = (count: number, first = 1): number[] => Array.from({ length: count }, (_, nth) => first + nth);
