import { createReadStream, createWriteStream } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { startEmbeddedPostgres } from '../src/platform/database/embedded-postgres.js';
import type { Bench, BenchResult } from './bench.js';
import { startIntakeServer } from './intake-server.js';
import { newSecrets } from './served-application.js';
import { subscriptionLines, usageLines, writeBossFile } from './usage-file.js';

const RECORDS = Number(process.env.BENCH_RECORDS ?? 1_000_000);
const CUSTOMERS = Number(process.env.BENCH_CUSTOMERS ?? 100_000);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);
const REQUIRED_RATIO = 0.5;
const MAX_RSS_MB = 300;

/**
 * A million usage records as one gzip file over HTTP, into the monthly table with removal of duplicates and monthly facts.
 * The limit is a bare `COPY FROM STDIN` of the very rows that were stored, in the order in which the file has them, into a table with
 * the same columns, key and partition. Beside it, the same rows sorted by key beforehand: no stream of records comes so. The server
 * is a process of its own (role api), so that its memory is its own; best of some rounds of each, taken in turns.
 */
export const bench: Bench = {
  name: 'intake-file',
  describe:
    'A BOSS file of a million usage records over HTTP, beside a bare COPY of the same rows into the same kind of table',

  async run(): Promise<BenchResult> {
    const dataDir = process.env.BENCH_DATA_DIR ?? (await mkdtemp(join(tmpdir(), 'guibin-bench-')));
    await chmod(dataDir, 0o755);
    const postgres = await startEmbeddedPostgres({ dataDir, say });
    const secrets = newSecrets();
    let server = await startIntakeServer(postgres.url, dataDir, secrets);
    const owner = new pg.Client({ connectionString: postgres.url });
    await owner.connect();
    try {
      const subscriptions = await writeBossFile(dataDir, { kind: 'SUB' }, subscriptionLines(CUSTOMERS));
      const usage = await writeBossFile(dataDir, { kind: 'USG' }, usageLines(RECORDS, CUSTOMERS));
      say(`${CUSTOMERS} archives opened in ${await server.push(subscriptions)} s, ${await server.peakRssMb()} MB`);

      await server.stop(); // what the archives left in its memory is not the usage file's
      server = await startIntakeServer(postgres.url, dataDir, secrets);
      const intake: number[] = [];
      const inFileOrder: number[] = [];
      const inKeyOrder: number[] = [];
      for (let round = 1; round <= ROUNDS; round++) {
        await owner.query('TRUNCATE usage.usage_record, usage.record_directory, usage.customer_month');
        await owner.query(`DELETE FROM usage.intake_file WHERE kind = 'USG'`);
        await owner.query('CHECKPOINT');
        intake.push(await server.push(usage));
        if (round === 1) await unload(owner, dataDir);
        inFileOrder.push(await bareCopy(owner, join(dataDir, 'file-order.rows')));
        inKeyOrder.push(await bareCopy(owner, join(dataDir, 'key-order.rows')));
        say(`intake ${intake.at(-1)} s, bare COPY ${inFileOrder.at(-1)} s, sorted ${inKeyOrder.at(-1)} s`);
      }
      const [facts] = (
        await owner.query('SELECT count(*)::int AS months, sum(usage_fee_fen)::text AS fee FROM usage.customer_month')
      ).rows;
      const limitSeconds = Math.min(...inFileOrder);
      const peakRssMb = await server.peakRssMb();
      return {
        name: 'intake-file',
        unit: 'records/s',
        ours: Math.round(RECORDS / Math.min(...intake)),
        limit: Math.round(RECORDS / limitSeconds),
        ratio: round(limitSeconds / Math.min(...intake)),
        requiredRatio: REQUIRED_RATIO,
        ratioToSortedCopy: round(Math.min(...inKeyOrder) / Math.min(...intake)),
        records: RECORDS,
        customers: CUSTOMERS,
        seconds: { intake, copyInFileOrder: inFileOrder, copyInKeyOrder: inKeyOrder },
        facts,
        serverPeakRssMb: peakRssMb,
        maxRssMb: MAX_RSS_MB,
        server: 'a process of its own',
      };
    } finally {
      await owner.end();
      await server.stop();
      await postgres.stop();
      if (!process.env.BENCH_DATA_DIR) await rm(dataDir, { recursive: true, force: true });
    }
  },
};

/** The stored rows as COPY takes them, in both orders. */
async function unload(owner: pg.Client, dataDir: string): Promise<void> {
  await owner.query(
    'CREATE TABLE usage.bare_record (LIKE usage.usage_record INCLUDING ALL) PARTITION BY RANGE (month)',
  );
  await owner.query(
    `CREATE TABLE usage.bare_record_202501 PARTITION OF usage.bare_record FOR VALUES FROM ('2025-01-01') TO ('2025-02-01')`,
  );
  const orders = { file: 'record_id', key: 'customer_id, month, source, record_id, version' };
  for (const [name, order] of Object.entries(orders)) {
    const rows = owner.query(copyTo(`COPY (SELECT * FROM usage.usage_record ORDER BY ${order}) TO STDOUT`));
    await pipeline(rows, createWriteStream(join(dataDir, `${name}-order.rows`)));
  }
}

async function bareCopy(owner: pg.Client, path: string): Promise<number> {
  await owner.query('TRUNCATE usage.bare_record');
  await owner.query('CHECKPOINT');
  const began = performance.now();
  const rows = createReadStream(path, { highWaterMark: 1 << 18 });
  await pipeline(rows, owner.query(copyFrom('COPY usage.bare_record FROM STDIN')));
  return round((performance.now() - began) / 1000);
}

const round = (value: number): number => Math.round(value * 1000) / 1000;
const say = (message: string): void => void process.stderr.write(`${message}\n`);
