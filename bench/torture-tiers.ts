import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { startEmbeddedPostgres } from '../src/platform/database/embedded-postgres.js';
import { newId } from '../src/platform/database/index.js';
import { migrate } from '../src/platform/database/migrate.js';

interface Wanted {
  readonly customers: number;
  readonly kills: number;
  readonly seed: number;
  readonly random: () => number;
}

interface Worker {
  readonly ended: Promise<unknown>;
  /** At once, as when the power goes. */
  kill(): Promise<void>;
}

const SLICES = 40;
/** One kill in so many falls when all slices are done, about the end of the run. */
const LATE = 7;

/** A worker that carries out one run and ends; its parent kills it before. */
const WORKER = `
  const at = (path) => import(new URL(path, process.env.TORTURE_SOURCES).href);
  const { Logger } = await import('@nestjs/common');
  const { Clock } = await at('platform/clock/index.js');
  const { applicationDataSource } = await at('platform/database/data-source.js');
  const { Database, Transaction } = await at('platform/database/index.js');
  const { ExecuteRunJob } = await at('platform/queues/runs/execute-run.job.js');
  const { ReviewTiers } = await at('modules/tiering/application/review-tiers.run.js');
  Logger.overrideLogger(['error']);
  const source = applicationDataSource({ url: process.env.DATABASE_URL, poolSize: 4 });
  await source.initialize();
  class Small extends ReviewTiers { sliceSize = Number(process.env.TORTURE_SLICE); }
  const definition = new Small(new (class extends Clock { now() { return new Date('2026-03-06T02:30:00+08:00'); } })());
  const execute = new ExecuteRunJob(new Database(source), new Transaction(source), { of: () => definition });
  process.send('begins');
  await execute.process({ runId: process.env.TORTURE_RUN }, { stopping: new AbortController().signal });
  await source.destroy();
  process.disconnect();`;

/**
 * The review of all levels is killed with SIGKILL at random moments, from its preparation to its end, and taken up again by another
 * worker; in the end there are the levels, decisions and events of a review that nobody disturbed, and each once.
 */
export async function tortureTiers({ customers, kills, seed, random }: Wanted): Promise<boolean> {
  const dataDir = await mkdtemp(join(tmpdir(), 'guibin-torture-'));
  await chmod(dataDir, 0o755);
  const postgres = await startEmbeddedPostgres({ dataDir, say: () => undefined });
  const urlOf = (database: string): string => Object.assign(new URL(postgres.url), { pathname: `/${database}` }).href;
  const slice = Math.ceil(customers / SLICES);
  try {
    await migrate(postgres.url);
    await fill(postgres.url, customers);
    const first = new Review(postgres.url, slice);
    await first.begin('2026-02-01');
    await first.toItsEnd();
    await shift(postgres.url);
    for (const copy of ['undisturbed', 'disturbed']) {
      await ask(urlOf('postgres'), `CREATE DATABASE ${copy} TEMPLATE guibin`);
    }

    // The same run in both: its decisions have the same ids.
    const runId = newId();
    const undisturbed = new Review(urlOf('undisturbed'), slice, runId);
    await undisturbed.begin('2026-03-01');
    const { ended } = await undisturbed.worker();
    const began = performance.now();
    await ended;
    const milliseconds = performance.now() - began;
    const expected = await undisturbed.state();
    console.log(`  undisturbed: ${Math.round(milliseconds)} ms`);

    const disturbed = new Review(urlOf('disturbed'), slice, runId);
    await disturbed.begin('2026-03-01');
    const fell: Record<string, number> = {};
    const late = Math.ceil(kills / LATE);
    let killed = 0;
    // The end may come before the last of the late kills.
    while (killed < kills && (fell['completed'] ?? 0) === 0) {
      const nth = killed + 1;
      const worker = await disturbed.worker();
      if (nth > kills - late) await disturbed.untilSlicesAreDone();
      const most = nth === 1 || nth > kills - late ? milliseconds / 20 : (1.2 * milliseconds) / kills;
      const wait = Math.floor(random() * most);
      await sleep(wait);
      await worker.kill();
      killed += 1;
      const phase = await disturbed.phase();
      fell[phase] = (fell[phase] ?? 0) + 1;
      console.log(`  killed after ${wait} ms: ${phase}`);
    }
    await disturbed.toItsEnd();
    const actual = await disturbed.state();
    const wrong = Object.keys(expected).filter((name) => expected[name] !== actual[name]);
    for (const [name, value] of Object.entries(actual)) {
      console.log(`  ${name.padEnd(22)} ${value}${wrong.includes(name) ? `  DIFFERENT from ${expected[name]}` : ''}`);
    }
    const faults = await disturbed.faults();
    const inTheMiddle = killed - (fell['completed'] ?? 0);
    const isTried = inTheMiddle >= kills - late && !expected['decisions']?.startsWith('0 ');
    const isRight = wrong.length === 0 && Object.values(faults).every((n) => n === 0) && isTried;
    console.log(
      JSON.stringify({
        name: 'tiers', seed, customers, kills: killed, inTheMiddle, fell, wrong, faults, verdict: isRight ? 'ok' : 'failed',
      }), // prettier-ignore
    );
    return isRight;
  } finally {
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** One review in one database. */
class Review {
  constructor(
    private readonly url: string,
    private readonly slice: number,
    private readonly runId = newId(),
  ) {}

  async begin(asOf: string): Promise<void> {
    await ask(
      this.url,
      `INSERT INTO platform.run (run_id, kind, run_key, as_of, parameters) VALUES ($1, 'tiering.review', $2, $3, '{}')`,
      [this.runId, asOf, asOf],
    );
  }

  /** Answers when it begins to work. */
  async worker(): Promise<Worker> {
    const child = spawn(process.execPath, ['--input-type=module', '-e', WORKER], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: {
        ...process.env,
        DATABASE_URL: this.url,
        TORTURE_RUN: this.runId,
        TORTURE_SLICE: String(this.slice),
        TORTURE_SOURCES: new URL('../src/', import.meta.url).href,
      },
    });
    const ended = once(child, 'exit');
    const isDead = ended.then(() => Promise.reject(new Error('The worker ended before it began')));
    await Promise.race([once(child, 'message'), isDead]);
    isDead.catch(() => undefined);
    return {
      ended,
      kill: async () => {
        child.kill('SIGKILL');
        await ended;
      },
    };
  }

  /** Slices that the server still works on for a dead worker are left to the next one. */
  async toItsEnd(): Promise<void> {
    while ((await this.phase()) !== 'completed') {
      await (
        await this.worker()
      ).ended;
    }
  }

  async untilSlicesAreDone(): Promise<void> {
    while (['prepare', 'slices'].includes(await this.phase())) await sleep(2);
  }

  /** @throws Error when the run has failed. */
  async phase(): Promise<'prepare' | 'slices' | 'finish' | 'completed'> {
    const [run] = await ask<{ status: string; error: string; prepared: boolean; open: boolean }>(
      this.url,
      `SELECT status, error, prepared_at IS NOT NULL AS prepared,
         EXISTS (SELECT FROM platform.run_slice s WHERE s.run_id = r.run_id AND s.finished_at IS NULL) AS open
       FROM platform.run r WHERE run_id = $1`,
      [this.runId],
    );
    if (!run || run.status === 'failed') throw new Error(`The review has failed: ${run?.error}`);
    if (run.status === 'completed') return 'completed';
    return run.prepared ? (run.open ? 'slices' : 'finish') : 'prepare';
  }

  /** What must be the same however often it was killed: rows and a checksum of each. */
  async state(): Promise<Readonly<Record<string, string>>> {
    const state: Record<string, string> = {};
    const queries = {
      run: 'SELECT status, counts, checksum, customers_total FROM platform.run',
      levels: 'SELECT * FROM tiering.tier_assignment',
      decisions: `SELECT to_jsonb(d) - 'decided_at' FROM tiering.tier_decision d WHERE run_id = '${this.runId}'`,
      events: 'SELECT name, customer_id, payload, occurred_at FROM platform.outbox',
      'downgrades that wait': 'SELECT * FROM tiering.pending_downgrade',
    };
    for (const [name, sql] of Object.entries(queries)) {
      const [row] = await ask<{ told: string }>(
        this.url,
        `SELECT count(*) || ' ' || COALESCE(sum(hashtextextended(x::text, 0)::numeric), 0) AS told FROM (${sql}) x`,
      );
      state[name] = row?.told ?? '';
    }
    return state;
  }

  /** What must not be, in any number. */
  async faults(): Promise<Readonly<Record<string, number>>> {
    const [faults] = await ask<Record<string, number>>(
      this.url,
      `WITH told AS (
         SELECT customer_id, (payload ->> 'decisionId')::uuid AS decision_id, count(*) AS n
         FROM platform.outbox WHERE payload ? 'outcome' GROUP BY 1, 2
       ), moves AS (
         SELECT customer_id, decision_id FROM tiering.tier_decision WHERE outcome IN ('entered', 'upgraded', 'downgraded')
       )
       SELECT (SELECT count(*)::int FROM told WHERE n > 1) AS "told twice",
         (SELECT count(*)::int FROM moves FULL JOIN told USING (customer_id, decision_id)
          WHERE moves.decision_id IS NULL OR told.decision_id IS NULL) AS "told without or not at all",
         (SELECT count(*)::int FROM (SELECT FROM tiering.tier_assignment WHERE valid_until = '9999-12-31'
            GROUP BY customer_id, program HAVING count(*) > 1) two) AS "two open levels",
         (SELECT count(*)::int FROM tiering.pending_downgrade) AS "downgrades that wait"`,
    );
    return faults ?? {};
  }
}

/** Customers of one to ten thousand yuan a year: of every level. */
async function fill(url: string, customers: number): Promise<void> {
  const id = `(lpad(to_hex(26000000000 + n), 12, '0') || '7' || substr(md5(n::text), 1, 3) || '8' || substr(md5(n::text), 4, 15))::uuid`;
  await ask(
    url,
    `INSERT INTO customers.customer (customer_id, party_id, kind, archive, status, region, brand, opened_on,
       main_subscription_id, activated_on, sim_kind, tariff_code, package_fee_fen, real_name, version, created_at, updated_at)
     SELECT ${id}, ${id}, 'individual', 'in-network', 'active', '440000', 'GOTONE', '2015-01-01', ${id}, '2015-01-01', 'MAIN', 'T59', 5900,
       true, 1, now(), now()
     FROM generate_series(1, ${customers}) n`,
  );
  await ask(
    url,
    `INSERT INTO usage.customer_month (customer_id, month, spend_fen, net_spend_fen, bills, billed_package_fen)
     SELECT ${id}, month::date, 8000 + n::bigint * 31 % 70000, 8000 + n::bigint * 31 % 70000, 1, 5900
     FROM generate_series(DATE '2025-01-01', '2026-02-01', interval '1 month') month, generate_series(1, ${customers}) n`,
  );
  await ask(url, 'ANALYZE customers.customer, usage.customer_month');
}

/** A tenth spends nothing any more, a tenth five times as much. */
async function shift(url: string): Promise<void> {
  await ask(
    url,
    `UPDATE usage.customer_month SET net_spend_fen = CASE abs(hashtext(customer_id::text)) % 10 WHEN 0 THEN 0 ELSE 5 * net_spend_fen END
     WHERE abs(hashtext(customer_id::text)) % 10 < 2`,
  );
  await ask(url, 'ANALYZE tiering.tier_assignment');
}

async function ask<R extends pg.QueryResultRow>(url: string, sql: string, params: unknown[] = []): Promise<R[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<R>(sql, params)).rows;
  } finally {
    await client.end();
  }
}
