import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { PreviewRuleSet } from '../src/modules/tiering/application/preview-rule-set.run.js';
import { ReconsiderChangedCustomers } from '../src/modules/tiering/application/reconsider-changed-customers.run.js';
import { ReviewTiers } from '../src/modules/tiering/application/review-tiers.run.js';
import { Clock } from '../src/platform/clock/index.js';
import { applicationDataSource } from '../src/platform/database/data-source.js';
import { startEmbeddedPostgres } from '../src/platform/database/embedded-postgres.js';
import { Database, newId, Transaction } from '../src/platform/database/index.js';
import { migrate } from '../src/platform/database/migrate.js';
import { ExecuteRunJob } from '../src/platform/queues/runs/execute-run.job.js';
import { rounded, say } from './intake-bench.js';

export const CUSTOMERS = Number(process.env.BENCH_CUSTOMERS ?? 1_000_000);
export const AS_OF = '2026-02-01';
const MONTHS = { from: '2025-01-01', until: AS_OF }; // 13 months

/** The bare minimum: what each customer has spent, from the same rows. */
const AGGREGATE = `SELECT count(*), sum(fen)
  FROM (SELECT customer_id, sum(net_spend_fen) AS fen FROM usage.customer_month GROUP BY customer_id) x`;
/** It gets the plan that serves it best: parallel in little memory, or one process in much. */
const MEMORIES = ['32MB', '512MB'] as const;

const clock = new (class extends Clock {
  now = () => new Date();
})();
const definitions = [new ReviewTiers(clock), new PreviewRuleSet(clock), new ReconsiderChangedCustomers(clock)];

export interface RunOnce {
  readonly seconds: number;
  readonly counts: Readonly<Record<string, number>>;
}

/** A population on a server of its own, and runs over it that are carried out as a worker does it. */
export interface TierBench {
  readonly owner: DataSource;
  readonly transaction: Transaction;
  readonly customers: number;
  readonly rows: number;
  run(kind: 'tiering.review' | 'tiering.preview' | 'tiering.incremental', parameters?: object): Promise<RunOnce>;
  /** The quicker of its two plans. */
  bareSums(): Promise<number>;
}

/** Measures over each number of customers in turn, on one server; the peak is of what its processes and ours hold beside the shared buffers. */
export async function withTiers<T>(
  sizes: readonly number[],
  measure: (bench: TierBench) => Promise<T>,
): Promise<{ readonly measured: readonly T[]; readonly peakMb: number }> {
  Logger.overrideLogger(['error', 'warn']);
  const dataDir = process.env.BENCH_DATA_DIR ?? (await mkdtemp(join(tmpdir(), 'guibin-bench-')));
  await chmod(dataDir, 0o755);
  const server = await startEmbeddedPostgres({ dataDir, say });
  let peakMb = 0;
  const watch = setInterval(() => {
    void privateMb().then((mb) => (peakMb = Math.max(peakMb, mb)));
  }, 250);
  const measured: T[] = [];
  try {
    await migrate(server.url);
    for (const customers of sizes) {
      const source = applicationDataSource({ url: server.url, poolSize: 4 });
      const owner = new DataSource({ type: 'postgres', url: server.url, installExtensions: false, poolSize: 1 });
      await Promise.all([source.initialize(), owner.initialize()]);
      try {
        const rows = await fill(owner, customers);
        const [transaction, database] = [new Transaction(source), new Database(source)];
        measured.push(
          await measure({
            owner,
            transaction,
            customers,
            rows,
            run: (kind, parameters) => carryOut({ transaction, database, kind, parameters }),
            bareSums: () => bareSums(owner),
          }),
        );
      } finally {
        await Promise.all([source.destroy(), owner.destroy()]);
      }
    }
    return { measured, peakMb };
  } finally {
    clearInterval(watch);
    await server.stop();
    if (!process.env.BENCH_DATA_DIR) await rm(dataDir, { recursive: true, force: true });
  }
}

/** A run from its row in `platform.run` to its checksum. */
async function carryOut(of: {
  transaction: Transaction;
  database: Database;
  kind: string;
  parameters: object | undefined;
}): Promise<RunOnce> {
  const { transaction, database, kind, parameters = {} } = of;
  const registry = {
    of: (wanted: string) => definitions.find((each) => each.kind === wanted),
  } as unknown as ConstructorParameters<typeof ExecuteRunJob>[2];
  const execute = new ExecuteRunJob(database, transaction, registry);
  const runId = newId();
  await transaction.run((tx) =>
    tx.execute('INSERT INTO platform.run (run_id, kind, run_key, as_of, parameters) VALUES ($1, $2, $3, $4, $5)', [
      runId,
      kind,
      runId,
      AS_OF,
      JSON.stringify(parameters),
    ]),
  );
  forgetCaches();
  const took = await seconds(() => execute.process({ runId }, { stopping: new AbortController().signal }));
  const [run] = await database.query<{ status: string; error: string | null; counts: Record<string, number> }>(
    'SELECT status, error, counts FROM platform.run WHERE run_id = $1',
    [runId],
  );
  if (run?.status !== 'completed') throw new Error(`the run is ${run?.status}: ${run?.error}`);
  return { seconds: took, counts: run.counts };
}

async function bareSums(owner: DataSource): Promise<number> {
  const took: number[] = [];
  for (const memory of MEMORIES) {
    await owner.query(`SET work_mem = '${memory}'`);
    forgetCaches();
    took.push(await seconds(() => owner.query(AGGREGATE)));
  }
  await owner.query('RESET work_mem');
  return Math.min(...took);
}

/**
 * What a run before has left in the caches of the processor: a tenth of the customers would fit into them, all of them do not, and the
 * smaller would be measured in another memory. Several times as large as they are: caches keep what was used twice.
 */
function forgetCaches(): void {
  caches.fill(caches[0] === 1 ? 2 : 1);
}
const caches = Buffer.alloc(3 * 1024 * 1024 * 1024);

/** Every customer is rated above ORDINARY at first, so that the first run changes everybody. */
async function fill(owner: DataSource, customers: number): Promise<number> {
  await owner.query(
    `TRUNCATE customers.customer, usage.customer_month, usage.month_change, tiering.tier_assignment, tiering.tier_decision,
       tiering.review, platform.outbox, platform.run CASCADE`,
  );
  await owner.query(
    `INSERT INTO customers.customer (customer_id, party_id, kind, archive, status, region, brand, opened_on,
       main_subscription_id, activated_on, sim_kind, tariff_code, package_fee_fen, real_name, version, created_at, updated_at)
     SELECT ${idOf('n')}, ${idOf('n')}, 'individual', 'in-network', 'active', (100000 + n % 31 * 10000)::text, 'GOTONE', activated,
       ${idOf('n')}, activated, 'MAIN', 'T59', 5900, true, 1, '2025-12-01', '2025-12-01'
     FROM (SELECT n, DATE '2010-01-01' + (n::bigint * 7919 % 5000)::int AS activated FROM generate_series(1, ${customers}) n) c`,
  );
  // Month after month, as the bills come in.
  await owner.query(
    `INSERT INTO usage.customer_month (customer_id, month, spend_fen, net_spend_fen, voice_mo_sec, data_kb, calls, sms, bills, billed_package_fen)
     SELECT ${idOf('n')}, month::date, spend, spend, n % 20000, n % 9000000, n % 300, n % 50, 1, 5900
     FROM generate_series(DATE '${MONTHS.from}', DATE '${MONTHS.until}' - 1, interval '1 month') month,
       LATERAL (SELECT n, 7000 + n::bigint * 31 % 30000 AS spend FROM generate_series(1, ${customers}) n) c`,
  );
  for (const table of ['customers.customer', 'usage.customer_month']) await owner.query(`VACUUM ANALYZE ${table}`);
  await owner.query('CHECKPOINT');
  const [counted] = await owner.query<{ rows: string }[]>('SELECT count(*) AS rows FROM usage.customer_month');
  say(`${customers} customers, ${counted?.rows} months`);
  return Number(counted?.rows);
}

/** Ids in order of arrival with a random tail, as UUIDv7 has them. */
export function idOf(n: string): string {
  return `(lpad(to_hex(26000000000 + ${n}), 12, '0') || '7' || substr(md5(${n}::text), 1, 3) || '8' || substr(md5(${n}::text), 4, 15))::uuid`;
}

/** A late bill of the last year for one customer in so many: large enough to lift or lower the level of four in five of them. */
export async function changeOneIn(every: number, { owner, customers }: TierBench, round: number): Promise<void> {
  await owner.query(
    `UPDATE usage.customer_month SET net_spend_fen = CASE WHEN net_spend_fen > 900000 THEN net_spend_fen - 900000 ELSE net_spend_fen + 900000 END
     WHERE month = '2025-06-01' AND customer_id IN (SELECT ${idOf('n')} FROM generate_series(${round}, ${customers}, ${every}) n)`,
  );
  await owner.query('VACUUM usage.customer_month');
  await owner.query('CHECKPOINT');
}

export async function seconds(work: () => Promise<unknown>): Promise<number> {
  const started = process.hrtime.bigint();
  await work();
  return rounded(Number(process.hrtime.bigint() - started) / 1e9);
}

/** What the processes of PostgreSQL and this one hold for themselves, in MB. */
async function privateMb(): Promise<number> {
  const own = process.memoryUsage.rss() - caches.length;
  let kilobytes = 0;
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
    if (!status.startsWith('Name:\tpostgres')) continue;
    kilobytes += Number(/RssAnon:\s+(\d+)/.exec(status)?.[1] ?? 0);
  }
  return Math.round(own / 1e6 + kilobytes / 1000);
}
