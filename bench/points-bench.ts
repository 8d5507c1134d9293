import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import type pg from 'pg';
import { DataSource } from 'typeorm';
import { provePoints, rebuildPointCaches } from '../src/modules/points/index.js';
import { Clock } from '../src/platform/clock/index.js';
import { applicationDataSource } from '../src/platform/database/data-source.js';
import { startEmbeddedPostgres } from '../src/platform/database/embedded-postgres.js';
import { newId, Transaction } from '../src/platform/database/index.js';
import { migrate } from '../src/platform/database/migrate.js';
import { rounded, say } from './intake-bench.js';
import { idOf } from './tier-bench.js';

export const clock = new (class extends Clock {
  now = () => new Date();
})();

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 4);
const ROUND_MS = Number(process.env.BENCH_ROUND_MS ?? 3000);
const CLIENTS = (process.env.BENCH_CONCURRENCIES ?? '8,16').split(',').map(Number);

/** Accounts with so many lots each on a server of its own, reached as the application reaches it. */
export interface PointsBench {
  readonly owner: DataSource;
  readonly transaction: Transaction;
  readonly pool: pg.Pool;
  readonly customers: readonly string[];
}

interface Wanted {
  readonly customers: number;
  readonly lots: number;
  readonly pointsOfALot: number;
  /** Only read, never written to while it is measured: nothing needs to reach the disk. */
  readonly isOnlyRead?: boolean;
}

/** With `BENCH_CUSTOMERS` so many at most. */
export async function withPoints<T>(asked: Wanted, measure: (bench: PointsBench) => Promise<T>): Promise<T> {
  const wanted = { ...asked, customers: Math.min(asked.customers, Number(process.env.BENCH_CUSTOMERS ?? Infinity)) };
  Logger.overrideLogger(['error', 'warn']);
  const dataDir = await mkdtemp(join(process.env.BENCH_DATA_DIR ?? tmpdir(), 'guibin-bench-'));
  await chmod(dataDir, 0o755);
  const settings = { ...(wanted.isOnlyRead && { fsync: 'off', max_wal_size: '16GB' }) };
  const server = await startEmbeddedPostgres({ dataDir, say, settings });
  try {
    await migrate(server.url);
    const source = applicationDataSource({ url: server.url, poolSize: Math.max(...CLIENTS) });
    const owner = new DataSource({ type: 'postgres', url: server.url, installExtensions: false, poolSize: 1 });
    await Promise.all([source.initialize(), owner.initialize()]);
    try {
      const transaction = new Transaction(source);
      await fill(owner, transaction, wanted);
      const rows = await owner.query<{ id: string }[]>(
        `SELECT customer_id AS id FROM points.point_account ORDER BY 1 LIMIT 100000`,
      );
      const { master: pool } = source.driver as unknown as { master: pg.Pool };
      const result = await measure({ owner, transaction, pool, customers: rows.map(({ id }) => id) });
      const proof = await provePoints(transaction);
      if (!proof.ok) throw new Error(`The ledger is wrong: ${JSON.stringify(proof.checks)}`);
      return result;
    } finally {
      await Promise.all([source.destroy(), owner.destroy()]);
    }
  } finally {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** One lot of each month, the oldest first; a quarter of the customers have used two lots and a half. */
async function fill(
  owner: DataSource,
  transaction: Transaction,
  { customers, lots, pointsOfALot }: Wanted,
): Promise<void> {
  await owner.query(
    `INSERT INTO customers.customer (customer_id, party_id, kind, archive, status, region, brand, opened_on,
       main_subscription_id, activated_on, sim_kind, tariff_code, package_fee_fen, real_name, version, created_at, updated_at)
     SELECT ${idOf('n')}, ${idOf('n')}, 'individual', 'in-network', 'active', (100000 + n % 31 * 10000)::text, 'GOTONE', '2015-01-01',
       ${idOf('n')}, '2015-01-01', 'MAIN', 'T59', 5900, true, 1, '2025-12-01', '2025-12-01' FROM generate_series(1, ${customers}) n`,
  );
  for (let month = 1; month <= lots; month++) {
    const [day, entry] = [
      `(date_trunc('month', now()) - interval '${lots + 1 - month} months')::date`,
      idOf(`(n + ${month}000000000)`),
    ];
    await owner.query(`SELECT platform.ensure_month_partition('points', 'posting', ${day})`);
    await owner.query(
      `INSERT INTO points.journal (customer_id, journal_id, account_version, kind, points, available_after, idem_key, occurred_at, recorded_at,
         business_date, source_system, source_ref, rule_set_version, metadata)
       SELECT ${idOf('n')}, ${entry}, ${month}, 'EARN', ${pointsOfALot}, ${pointsOfALot * month}, 'bill:BOSS:B' || ${month} || '-' || n || ':v1:r1',
         ${day}, ${day}, ${day}, 'BOSS', 'B' || ${month} || '-' || n, 1, jsonb_build_object('cycle', to_char(${day}, 'YYYY-MM'), 'version', 1,
           'netSpendInFen', ${pointsOfALot}00, 'tier', 'ORDINARY', 'shouldEarn', ${pointsOfALot}, 'earnedBefore', 0)
       FROM generate_series(1, ${customers}) n`,
    );
    await owner.query(
      `INSERT INTO points.posting (customer_id, journal_id, line, business_date, debit, credit, points, value_fen, expires_on, points_type, funder_id)
       SELECT ${idOf('n')}, ${entry}, 1, ${day}, 'ISSUED', 'CUST_AVAILABLE', ${pointsOfALot}, ${pointsOfALot * 2},
         (${day} + interval '37 months' - interval '1 day')::date, 'SPENDING', 'OPERATOR' FROM generate_series(1, ${customers}) n`,
    );
  }
  const [day, entry, used] = [`date_trunc('month', now())::date`, idOf(`(n + 900000000000)`), (pointsOfALot * 5) / 2];
  await owner.query(`SELECT platform.ensure_month_partition('points', 'posting', ${day})`);
  await owner.query(
    `INSERT INTO points.journal (customer_id, journal_id, account_version, kind, points, available_after, idem_key, occurred_at, recorded_at,
       business_date, channel, actor_id, metadata)
     SELECT ${idOf('n')}, ${entry}, ${lots + 1}, 'REDEMPTION', ${-used}, ${pointsOfALot * lots - used}, 'redeem:HALL:' || n, recorded, recorded, ${day},
       'HALL', 'bench', '{"purpose": "GOODS"}'
     FROM generate_series(1, ${customers}, 4) n, LATERAL (SELECT now() - n % 90 * interval '1 day' AS recorded) r`,
  );
  await owner.query(
    `INSERT INTO points.posting (customer_id, journal_id, line, business_date, debit, credit, points, value_fen, expires_on, points_type, funder_id)
     SELECT ${idOf('n')}, ${entry}, line, ${day}, 'CUST_AVAILABLE', 'REDEEMED_GOODS', points, points * 2,
       ((date_trunc('month', now()) - (${lots + 1} - line) * interval '1 month')::date + interval '37 months' - interval '1 day')::date, 'SPENDING', 'OPERATOR'
     FROM generate_series(1, ${customers}, 4) n, (VALUES (1, ${pointsOfALot}), (2, ${pointsOfALot}), (3, ${pointsOfALot / 2})) l (line, points)`,
  );
  await rebuildPointCaches(transaction);
  for (const table of [
    'customers.customer',
    'points.point_account',
    'points.point_bucket',
    'points.journal',
    'points.posting',
  ]) {
    await owner.query(`VACUUM (ANALYZE) ${table}`);
  }
  await owner.query(`
    CREATE TABLE bench_balance (customer_id uuid PRIMARY KEY, balance bigint NOT NULL) WITH (fillfactor = 70)`);
  await owner.query(`
    CREATE TABLE bench_entry (customer_id uuid, entry_id uuid, points bigint NOT NULL, recorded_at timestamptz NOT NULL, PRIMARY KEY (customer_id, entry_id))`);
  await owner.query('GRANT ALL ON bench_balance, bench_entry TO guibin_app');
  await owner.query('INSERT INTO bench_balance SELECT customer_id, 0 FROM points.point_account');
  await owner.query('VACUUM (ANALYZE) bench_balance');
  await owner.query('CHECKPOINT');
  say(`${customers} customers with ${lots} lots each`);
}

type Operation = (customerId: string) => Promise<unknown>;

/** The limit: one UPDATE and one INSERT in a transaction, each prepared by name, through the pool of the application. */
export const bareTransaction =
  ({ pool }: PointsBench): Operation =>
  async (customerId) => {
    const client = await pool.connect();
    try {
      await client.query('BEGIN');
      await client.query({
        name: 'bench.update',
        text: 'UPDATE bench_balance SET balance = balance + $2 WHERE customer_id = $1',
        values: [customerId, 1],
      });
      await client.query({
        name: 'bench.insert',
        text: 'INSERT INTO bench_entry (customer_id, entry_id, points, recorded_at) VALUES ($1, $2, $3, $4)',
        values: [customerId, newId(), 1, new Date()],
      });
      await client.query('COMMIT');
    } finally {
      client.release();
    }
  };

/** Operations a second of clients that work without a pause, each on customers of its own choice. */
export async function rate(clients: number, operation: Operation, choose: (nth: number) => string): Promise<number> {
  const until = performance.now() + ROUND_MS;
  let done = 0;
  const client = async (_: unknown, nth: number): Promise<void> => {
    for (let n = nth; performance.now() < until; n += clients) {
      await operation(choose(n));
      done += 1;
    }
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: clients }, client));
  return done / ((performance.now() - began) / 1000);
}

/** In turns, the best turn of each: what else the machine does meanwhile slows both. */
export async function besideTheLimit(bench: PointsBench, operation: Operation) {
  const bare = bareTransaction(bench);
  const { customers } = bench;
  let offset = 0;
  const choose = (n: number): string => customers[((offset + n) * 7919) % customers.length] ?? '';
  const turn = (clients: number, work: Operation): Promise<number> => {
    offset += 100_003;
    return rate(clients, work, choose);
  };
  const figures = [];
  for (const clients of CLIENTS) {
    await turn(clients, bare);
    await turn(clients, operation);
    const [ours, limit]: [number[], number[]] = [[], []];
    for (let round = 0; round < ROUNDS; round++) {
      limit.push(await turn(clients, bare));
      ours.push(await turn(clients, operation));
    }
    const [best, most] = [Math.max(...ours), Math.max(...limit)];
    const figure = { clients, ours: Math.round(best), limit: Math.round(most), ratio: rounded(best / most) };
    say(`${clients} clients: ${figure.ours}/s, the limit ${figure.limit}/s: ${figure.ratio}`);
    figures.push(figure);
  }
  return figures;
}

/** How fast the others are while half of the clients work on one customer, beside all working on their own. */
export async function besideAHotCustomer({ customers }: PointsBench, operation: Operation): Promise<number> {
  const hot = customers.at(-1) ?? '';
  const half = Math.max(...CLIENTS) / 2;
  let offset = 0;
  const others = (n: number): string => customers[((offset + n) * 104_729) % (customers.length - 1)] ?? '';
  const [with_, without]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    for (const [rates, choose] of [
      [without, (n: number) => others(n + 50_021)],
      [with_, () => hot],
    ] as const) {
      offset += 100_003;
      const [ofOthers] = await Promise.all([rate(half, operation, others), rate(half, operation, choose)]);
      rates.push(ofOthers);
    }
  }
  return rounded(Math.max(...with_) / Math.max(...without));
}
