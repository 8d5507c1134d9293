import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AwardPointsUseCase } from '../src/modules/points/application/ledger/award-points.js';
import { OpenAuctionUseCase } from '../src/modules/points/application/auctions/open-auction.js';
import { PlaceBidUseCase } from '../src/modules/points/application/auctions/place-bid.js';
import { RedeemPointsUseCase } from '../src/modules/points/application/ledger/redeem-points.js';
import { ReverseRedemptionUseCase } from '../src/modules/points/application/ledger/reverse-redemption.js';
import { TransferPointsUseCase } from '../src/modules/points/application/transfers/transfer-points.js';
import { provePoints } from '../src/modules/points/index.js';
import { type Asked, SingleOperations } from '../src/modules/points/persistence/ledger/single-operations.js';
import { businessDate } from '../src/platform/clock/index.js';
import { startEmbeddedPostgres } from '../src/platform/database/embedded-postgres.js';
import { Database, newId, Transaction } from '../src/platform/database/index.js';
import { Refusal } from '../src/platform/errors/index.js';
import type { Actor } from '../src/platform/identity/index.js';
import { startApplication } from '../src/startup/application.js';
import { newSecrets } from './served-application.js';
import { idOf } from './tier-bench.js';

interface Wanted {
  readonly seconds: number;
  readonly clients: number;
  readonly seed: number;
  readonly random: () => number;
}

/** So few that everybody meets everybody. */
const CUSTOMERS = 6;
/** So little that it does not last. */
const GIVEN = 5_000;
const AUCTION_MS = 3_000;

/**
 * All clients spend, hold, capture, let go, give back, transfer and bid on the same few accounts at once, through the use cases as the
 * application wires them; then the ledger must prove itself, and every hold must have ended at most once.
 */
export async function torturePointsRaces({ seconds, clients, seed, random }: Wanted): Promise<boolean> {
  const dataDir = await mkdtemp(join(tmpdir(), 'guibin-torture-'));
  await chmod(dataDir, 0o755);
  const postgres = await startEmbeddedPostgres({ dataDir, say: () => undefined });
  const running = await startApplication(
    {
      ...process.env,
      ...newSecrets(),
      ...{ DATABASE_URL: postgres.url, DATABASE_POOL_SIZE: String(clients), GUIBIN_DATA_DIR: dataDir, REDIS_URL: '' },
      ...{ GUIBIN_ROLE: 'api', PORT: '0', LOG_LEVEL: 'fatal' },
    },
    () => undefined,
  );
  try {
    const { app } = running;
    const of = <T>(type: new (...parts: never[]) => T): T => app.get<T>(type, { strict: false });
    const [transaction, database, single] = [of(Transaction), of(Database), of(SingleOperations)];
    const [awarding, redeeming, reversing] = [
      of(AwardPointsUseCase),
      of(RedeemPointsUseCase),
      of(ReverseRedemptionUseCase),
    ];
    const [transferring, bidding, opening] = [of(TransferPointsUseCase), of(PlaceBidUseCase), of(OpenAuctionUseCase)];
    const customers = await keepCustomers(transaction);
    for (const customerId of customers) {
      const award = {
        customerId,
        points: GIVEN,
        pointsType: 'SPENDING',
        funderId: 'OPERATOR',
        reference: 'first',
        actorId: 'torture',
      } as const;
      await awarding.execute(transaction, award);
    }

    const actor = {
      kind: 'staff',
      id: 'torture',
      name: 'torture',
      role: 'administrator',
      permissions: [],
    } as unknown as Actor;
    const pick = <T>(from: readonly T[]): T | undefined => from[Math.floor(random() * from.length)];
    const someone = (): string => pick(customers) ?? '';
    const few = (most: number): number => 1 + Math.floor(random() * most);
    const asked = (customerId: string): Asked => {
      const now = new Date();
      return {
        ...{ customerId, journalId: newId(), idemKey: newId(), requestHash: '-' },
        ...{ occurredAt: now, recordedAt: now, businessDate: businessDate(now) },
      };
    };
    const redemptions: string[] = [];
    const holds: { readonly customerId: string; readonly holdId: string; readonly points: number }[] = [];
    let auction = { auctionId: '', closesAt: 0 };
    const anAuction = async (): Promise<string> => {
      if (Date.now() < auction.closesAt) return auction.auctionId;
      const closesAt = Date.now() + AUCTION_MS;
      auction = { ...auction, closesAt };
      const opened = await opening.execute(
        {
          ...{
            labelEn: 'Tea set',
            labelZh: '茶具',
            opensAt: new Date(Date.now() - 1000),
            closesAt: new Date(closesAt),
          },
          ...{ reservePoints: 10, stepPoints: 1 },
        },
        'torture',
      );
      auction = { auctionId: opened.auctionId, closesAt };
      return opened.auctionId;
    };

    const operations: Readonly<Record<string, () => Promise<unknown>>> = {
      award: () =>
        awarding.execute(transaction, {
          ...{ customerId: someone(), points: few(500), pointsType: random() < 0.5 ? 'SPENDING' : 'PROMOTION' },
          ...{ funderId: 'OPERATOR', reference: newId(), actorId: 'torture' },
        }),
      redeem: async () => {
        const redeemed = await redeeming.execute({
          ...{
            customerId: someone(),
            points: few(400),
            purpose: 'GOODS',
            channel: 'HALL',
            actorId: 'torture',
            key: undefined,
          },
        });
        redemptions.push(redeemed.redemptionId);
      },
      reverse: () =>
        reversing.execute({ redemptionId: pick(redemptions) ?? newId(), actorId: 'torture', channel: 'HALL' }),
      authorise: async () => {
        const hold = { customerId: someone(), holdId: newId(), points: few(300) };
        const expiresAt = new Date(Date.now() + 900_000);
        await single.authorise(transaction, { ...asked(hold.customerId), ...hold, purpose: 'POS', expiresAt });
        holds.push(hold);
      },
      // Two at once for one hold, or one of each: only the first may end it.
      'capture twice': async () => {
        const hold = pick(holds);
        if (!hold) return;
        const { customerId, holdId, points } = hold;
        const capture = () =>
          single.capture(transaction, { ...asked(customerId), holdId, points: few(points), into: 'REDEEMED_GOODS' });
        const ended = await Promise.allSettled([capture(), capture(), release(hold)]);
        const done = ended.filter(({ status }) => status === 'fulfilled').length;
        if (done > 1) throw new Error('A hold has ended twice');
        for (const each of ended)
          if (each.status === 'rejected' && !(each.reason instanceof Refusal)) throw each.reason;
      },
      'let go': async () => {
        const hold = pick(holds);
        if (hold) await release(hold);
      },
      transfer: () =>
        transferring.execute(
          { customerId: someone(), payeeId: someone(), points: few(20), channel: 'HALL', key: undefined },
          actor,
        ),
      bid: async () => {
        const auctionId = await anAuction();
        // Whoever comes later bids more, mostly.
        const points = AUCTION_MS - (auction.closesAt - Date.now()) + few(40);
        await bidding.execute({
          auctionId,
          customerId: someone(),
          points,
          channel: 'HALL',
          actorId: 'torture',
          key: undefined,
        });
      },
    };
    function release({ customerId, holdId }: { customerId: string; holdId: string }) {
      return single.release(transaction, { ...asked(customerId), holdId, as: 'VOIDED' });
    }

    const names = Object.keys(operations);
    const done: Record<string, number> = {};
    const refused: Record<string, number> = {};
    const faults: string[] = [];
    const until = Date.now() + seconds * 1000;
    const client = async (): Promise<void> => {
      while (Date.now() < until) {
        const name = pick(names) ?? '';
        try {
          await operations[name]?.();
          done[name] = (done[name] ?? 0) + 1;
        } catch (error) {
          if (error instanceof Refusal) refused[error.code] = (refused[error.code] ?? 0) + 1;
          else faults.push(`${name}: ${String(error)}`);
        }
      }
    };
    await Promise.all(Array.from({ length: clients }, client));

    const proof = await provePoints(transaction);
    const wrong = proof.checks.filter(({ violations }) => violations > 0);
    for (const each of wrong) console.log(JSON.stringify(each));
    for (const fault of new Set(faults)) console.log(fault);
    const [ends] = await database.query<{ twice: number }>(
      `SELECT count(*) AS twice FROM (
         SELECT FROM points.journal j JOIN points.point_hold h USING (customer_id)
         JOIN points.posting p ON p.customer_id = j.customer_id AND p.journal_id = j.journal_id
         WHERE j.kind IN ('CAPTURE', 'RELEASE') AND h.ended_by = j.journal_id AND p.debit = 'CUST_HELD'
         GROUP BY h.customer_id, h.hold_id HAVING sum(p.points) <> max(h.points)) x`,
    );
    const isRight =
      proof.ok && faults.length === 0 && ends?.twice === 0 && names.every((name) => (done[name] ?? 0) > 0);
    console.log(
      JSON.stringify({
        ...{ name: 'points-races', seed, clients, seconds, done, refused, faults: faults.length },
        ...{ postings: proof.postings, wrong: wrong.map(({ id }) => id), verdict: isRight ? 'ok' : 'failed' },
      }),
    );
    return isRight;
  } finally {
    await running.stop();
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** Each is a payee of all others, for long enough. */
async function keepCustomers(transaction: Transaction): Promise<string[]> {
  return transaction.run(async (tx) => {
    const rows = await tx.query<{ id: string }>(
      `INSERT INTO customers.customer (customer_id, party_id, kind, archive, status, region, brand, opened_on,
         main_subscription_id, activated_on, sim_kind, tariff_code, package_fee_fen, real_name, version, created_at, updated_at)
       SELECT ${idOf('n')}, ${idOf('n')}, 'individual', 'in-network', 'active', '440000', 'GOTONE', '2015-01-01', ${idOf('n')}, '2015-01-01',
         'MAIN', 'T59', 5900, true, 1, now(), now() FROM generate_series(1, ${CUSTOMERS}) n RETURNING customer_id AS id`,
    );
    await tx.execute(
      `INSERT INTO points.payee (customer_id, registration_id, payee_id, relation, registered_by, registered_at, active_from)
       SELECT a.customer_id, gen_random_uuid(), b.customer_id, 'FAMILY', 'torture', now() - interval '60 days', now() - interval '30 days'
       FROM customers.customer a, customers.customer b WHERE a.customer_id <> b.customer_id`,
    );
    return rows.map(({ id }) => id);
  });
}
