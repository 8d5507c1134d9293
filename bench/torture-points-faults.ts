import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { AwardPointsUseCase } from '../src/modules/points/application/ledger/award-points.js';
import { RedeemPointsUseCase } from '../src/modules/points/application/ledger/redeem-points.js';
import { FindRedemption } from '../src/modules/points/application/ledger/redemption.query.js';
import { ReverseRedemptionUseCase } from '../src/modules/points/application/ledger/reverse-redemption.js';
import { provePoints } from '../src/modules/points/index.js';
import { PointsLedger } from '../src/modules/points/persistence/ledger/points-ledger.js';
import { SingleOperations } from '../src/modules/points/persistence/ledger/single-operations.js';
import type { TieringFacade } from '../src/modules/tiering/index.js';
import { Clock } from '../src/platform/clock/index.js';
import { applicationDataSource } from '../src/platform/database/data-source.js';
import { startEmbeddedPostgres } from '../src/platform/database/embedded-postgres.js';
import { Database, newId, Transaction } from '../src/platform/database/index.js';
import { migrate } from '../src/platform/database/migrate.js';
import { Refusal } from '../src/platform/errors/index.js';
import { Outbox } from '../src/platform/events/index.js';
import { idOf } from './tier-bench.js';

interface Wanted {
  readonly customers: number;
  readonly faults: number;
  readonly seed: number;
  readonly random: () => number;
}

const NOON = new Date('2026-01-15T12:00:00+08:00');
const clock = new (class extends Clock {
  now = () => NOON;
})();
const CLIENTS = 4;
const SLICES = 40;

/**
 * Connections that end between two statements, replies that are lost after the commit, and workers that are killed in the bill run and in
 * the clearing of expired points: each so many times, and whoever was disturbed asks again under the same key. In the end the ledger
 * proves itself and is what it is where nothing was disturbed.
 */
export async function torturePointsFaults({ customers, faults, seed, random }: Wanted): Promise<boolean> {
  const dataDir = await mkdtemp(join(tmpdir(), 'guibin-torture-'));
  await chmod(dataDir, 0o755);
  const postgres = await startEmbeddedPostgres({ dataDir, say: () => undefined });
  const urlOf = (database: string): string => Object.assign(new URL(postgres.url), { pathname: `/${database}` }).href;
  const copy = (name: string) => ask(urlOf('postgres'), `CREATE DATABASE ${name} TEMPLATE guibin`);
  const told: Record<string, object> = {};
  try {
    await migrate(postgres.url);
    await fill(postgres.url, customers);
    for (const name of ['ended', 'lost', 'calm']) await copy(name);
    const ended = await endedConnections(urlOf('ended'), urlOf('postgres'), faults, random);
    const lost = await lostReplies(urlOf('lost'), postgres.port, faults, random);
    for (const [name, cycles] of [
      ['ended', ended],
      ['lost', lost],
    ] as const) {
      await commands(urlOf('calm'), cycles.cycles);
      told[name] = { times: cycles.times, ...(await compared(urlOf(name), urlOf('calm'))) };
      console.log(`  ${name}: ${JSON.stringify(told[name])}`);
      await ask(urlOf('postgres'), 'DROP DATABASE calm');
      await copy('calm');
    }
    for (const { name, run } of RUNS) {
      const runId = newId();
      const [calm, killed] = [
        new RunOfPoints(urlOf('calm'), run, customers, runId),
        new RunOfPoints(urlOf('guibin'), run, customers, runId),
      ];
      const milliseconds = await calm.undisturbed();
      const kills = await killed.disturbed(faults, milliseconds, random);
      told[name] = { ...kills, ...(await compared(urlOf('guibin'), urlOf('calm'))) };
      console.log(`  ${name}: ${JSON.stringify(told[name])}`);
    }
    const isRight = Object.values(told).every((each) => {
      const { times, wrong } = each as { times: number; wrong: readonly string[] };
      return wrong.length === 0 && times >= faults;
    });
    console.log(
      JSON.stringify({ name: 'points-faults', seed, customers, ...told, verdict: isRight ? 'ok' : 'failed' }),
    );
    return isRight;
  } finally {
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

interface Disturbed {
  readonly times: number;
  /** How often each client said its commands. */
  readonly cycles: number;
}

async function endedConnections(url: string, beside: string, faults: number, random: () => number): Promise<Disturbed> {
  const killer = new pg.Client({ connectionString: beside });
  await killer.connect();
  let [isOver, times] = [false, 0];
  const kill = async (): Promise<void> => {
    while (!isOver) {
      await sleep(20 + Math.floor(random() * 100));
      await killer.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = $1 AND backend_type = 'client backend' AND state <> 'idle' ORDER BY random() LIMIT 1`,
        [new URL(url).pathname.slice(1)],
      );
    }
  };
  const killing = kill();
  const cycles = await commands(url, undefined, { onFault: () => (times += 1), isEnough: () => times >= faults });
  isOver = true;
  await killing;
  await killer.end();
  return { times, cycles };
}

async function lostReplies(url: string, port: number, faults: number, random: () => number): Promise<Disturbed> {
  let times = 0;
  const proxy = new Proxy(
    port,
    () => times < faults && random() < 0.02,
    () => (times += 1),
  );
  const address = new URL(url);
  address.port = String(await proxy.listen());
  const cycles = await commands(address.href, undefined, { isEnough: () => times >= faults });
  await proxy.close();
  return { times, cycles };
}

/** Passes everything on, but at times ends the connection instead of passing on what the server answers: it has been done by then. */
class Proxy {
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();

  constructor(port: number, loses: () => boolean, onLost: () => void) {
    this.server = createServer((client) => {
      const server = connect(port, '127.0.0.1');
      let isSignedIn = false;
      for (const socket of [client, server]) {
        this.sockets.add(socket);
        socket.setNoDelay(true);
        socket.on('error', () => undefined);
        socket.on('close', () => {
          client.destroy();
          server.destroy();
        });
      }
      client.on('data', (said) => server.write(said));
      server.on('data', (answer) => {
        // The first answers are those of signing in.
        if (isSignedIn && loses()) {
          onLost();
          client.destroy();
          return;
        }
        isSignedIn ||= answer.includes('server_version');
        client.write(answer);
      });
    });
  }

  async listen(): Promise<number> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }
}

interface Disturbance {
  readonly onFault?: () => void;
  readonly isEnough: () => boolean;
}

/** The same commands by every client for a customer of its own, so many times or until it is enough; answers how many times. */
async function commands(url: string, cycles: number | undefined, disturbance?: Disturbance): Promise<number> {
  const source = applicationDataSource({ url, poolSize: CLIENTS });
  await source.initialize();
  // A connection that ends while nobody uses it.
  (source.driver as unknown as { master: pg.Pool }).master.on('error', () => undefined);
  try {
    const [transaction, database, single, outbox] = [
      new Transaction(source),
      new Database(source),
      new SingleOperations(),
      new Outbox(clock),
    ];
    const awarding = new AwardPointsUseCase(single, clock);
    const redeeming = new RedeemPointsUseCase(transaction, single, {} as TieringFacade, clock);
    const reversing = new ReverseRedemptionUseCase(
      transaction,
      new PointsLedger(),
      new FindRedemption(database),
      outbox,
      clock,
    );
    const ids = await insist(() =>
      database.query<{ id: string }>('SELECT customer_id AS id FROM customers.customer ORDER BY 1 LIMIT $1', [CLIENTS]),
    );

    async function insist<T>(work: () => Promise<T>): Promise<T> {
      for (;;) {
        try {
          return await work();
        } catch (error) {
          if (error instanceof Refusal) throw error;
          disturbance?.onFault?.();
        }
      }
    }
    const cycle = async (customerId: string, nth: number): Promise<void> => {
      const asked = (key: string) => ({
        ...{ customerId, journalId: newId(), idemKey: `${key}:${nth}`, requestHash: '-', channel: 'HALL' },
        ...{ occurredAt: NOON, recordedAt: NOON, businessDate: '2026-01-15' },
      });
      const holdId = `${customerId.slice(0, 24)}${nth.toString(16).padStart(12, '0')}`;
      const gift = {
        customerId,
        points: 4_000,
        pointsType: 'SPENDING',
        funderId: 'OPERATOR',
        actorId: 'torture',
      } as const;
      await insist(() => awarding.execute(transaction, { ...gift, reference: `gift:${nth}` }));
      const redeem = { customerId, points: 700, purpose: 'GOODS', channel: 'HALL', actorId: 'torture' } as const;
      const { redemptionId } = await insist(() => redeeming.execute({ ...redeem, key: `first:${nth}` }));
      const expiresAt = new Date(NOON.getTime() + 900_000);
      await insist(() =>
        single.authorise(transaction, { ...asked('hold'), holdId, points: 500, purpose: 'POS', expiresAt }),
      );
      await insist(() => reversing.execute({ redemptionId, actorId: 'torture', channel: 'HALL' }));
      await insist(() =>
        single.capture(transaction, { ...asked('capture'), holdId, points: 200 + (nth % 300), into: 'REDEEMED_GOODS' }),
      );
      await insist(() => redeeming.execute({ ...redeem, points: 1_300, key: `second:${nth}` }));
    };
    let done = 0;
    while (cycles === undefined ? !disturbance?.isEnough() : done < cycles) {
      const nth = done;
      await Promise.all(ids.map(({ id }) => cycle(id, nth)));
      done += 1;
    }
    return done;
  } finally {
    await source.destroy();
  }
}

interface RunWanted {
  readonly kind: string;
  readonly key: string;
  readonly asOf: string;
  readonly file: string;
  readonly definition: string;
}

/** What is earned in the first has expired by the second. */
const RUNS: readonly { readonly name: string; readonly run: RunWanted }[] = [
  {
    name: 'billRun',
    run: {
      ...{ kind: 'points.accrue', key: '2022-12', asOf: '2023-01-05' },
      ...{
        file: 'modules/points/application/earning/accrue-points-from-bills.run.js',
        definition: 'AccruePointsFromBills',
      },
    },
  },
  {
    name: 'expiryRun',
    run: {
      ...{ kind: 'points.expire', key: '2026-01-15', asOf: '2026-01-15' },
      ...{ file: 'modules/points/application/expiry/expire-points.run.js', definition: 'ExpirePoints' },
    },
  },
];

/** A worker that carries out one run and ends; its parent kills it before. */
const WORKER = `
  const at = (path) => import(new URL(path, process.env.TORTURE_SOURCES).href);
  const { Logger } = await import('@nestjs/common');
  const { Clock } = await at('platform/clock/index.js');
  const { applicationDataSource } = await at('platform/database/data-source.js');
  const { Database, Transaction } = await at('platform/database/index.js');
  const { Outbox } = await at('platform/events/index.js');
  const { ExecuteRunJob } = await at('platform/queues/runs/execute-run.job.js');
  const { [process.env.TORTURE_DEFINITION]: Definition } = await at(process.env.TORTURE_FILE);
  Logger.overrideLogger(['error']);
  const source = applicationDataSource({ url: process.env.DATABASE_URL, poolSize: 4 });
  await source.initialize();
  class Small extends Definition { sliceSize = Number(process.env.TORTURE_SLICE); }
  const clock = new (class extends Clock { now() { return new Date('2026-01-15T12:00:00+08:00'); } })();
  const definition = new Small(clock, new Outbox(clock));
  const execute = new ExecuteRunJob(new Database(source), new Transaction(source), { of: () => definition });
  process.send('begins');
  await execute.process({ runId: process.env.TORTURE_RUN }, { stopping: new AbortController().signal });
  await source.destroy();
  process.disconnect();`;

class RunOfPoints {
  constructor(
    private readonly url: string,
    private readonly run: RunWanted,
    private readonly customers: number,
    private readonly runId: string,
  ) {}

  /** Answers how long it takes, in milliseconds. */
  async undisturbed(): Promise<number> {
    await this.begin();
    const { ended } = await this.worker();
    const began = performance.now();
    await ended;
    await this.toItsEnd();
    return performance.now() - began;
  }

  async disturbed(
    kills: number,
    milliseconds: number,
    random: () => number,
  ): Promise<{ times: number; inTheMiddle: number }> {
    await this.begin();
    let [times, inTheMiddle] = [0, 0];
    while (times < kills) {
      const worker = await this.worker();
      await sleep(Math.floor(random() * ((2 * milliseconds) / kills)));
      worker.child.kill('SIGKILL');
      await worker.ended;
      times += 1;
      if (!(await this.isCompleted())) inTheMiddle += 1;
    }
    await this.toItsEnd();
    return { times, inTheMiddle };
  }

  private begin() {
    const { kind, key, asOf } = this.run;
    return ask(
      this.url,
      `INSERT INTO platform.run (run_id, kind, run_key, as_of, parameters) VALUES ($1, $2, $3, $4, '{}')`,
      [this.runId, kind, key, asOf],
    );
  }

  private async worker() {
    const child = spawn(process.execPath, ['--input-type=module', '-e', WORKER], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: {
        ...process.env,
        DATABASE_URL: this.url,
        TORTURE_RUN: this.runId,
        TORTURE_SLICE: String(Math.ceil(this.customers / SLICES)),
        TORTURE_SOURCES: new URL('../src/', import.meta.url).href,
        TORTURE_FILE: this.run.file,
        TORTURE_DEFINITION: this.run.definition,
      },
    });
    const ended = once(child, 'exit');
    const isDead = ended.then(() => Promise.reject(new Error('The worker ended before it began')));
    await Promise.race([once(child, 'message'), isDead]);
    isDead.catch(() => undefined);
    return { child, ended };
  }

  private async isCompleted(): Promise<boolean> {
    const [run] = await ask<{ status: string; error: string }>(
      this.url,
      'SELECT status, error FROM platform.run WHERE run_id = $1',
      [this.runId],
    );
    if (!run || run.status === 'failed') throw new Error(`The run has failed: ${run?.error}`);
    return run.status === 'completed';
  }

  /** Slices that the server still works on for a dead worker are left to the next one. */
  private async toItsEnd(): Promise<void> {
    while (!(await this.isCompleted())) {
      const { ended } = await this.worker();
      await ended;
    }
  }
}

/** What differs from where nothing was disturbed, and what the ledger cannot prove. */
async function compared(
  url: string,
  calm: string,
): Promise<{ readonly wrong: readonly string[]; readonly entries: number }> {
  const [actual, expected] = [await stateOf(url), await stateOf(calm)];
  const source = applicationDataSource({ url, poolSize: 2 });
  await source.initialize();
  const proof = await provePoints(new Transaction(source)).finally(() => source.destroy());
  const differs = Object.keys(expected).filter((name) => actual[name] !== expected[name]);
  return {
    wrong: [...differs, ...proof.checks.filter(({ violations }) => violations > 0).map(({ id }) => id)],
    entries: Number(expected['entries']?.split(' ')[0]),
  };
}

/** Rows and a checksum of each; ids that are made anew in each world are left out. */
async function stateOf(url: string): Promise<Readonly<Record<string, string>>> {
  const queries = {
    entries: `SELECT customer_id, account_version, kind, points, available_after, request_hash, business_date,
      CASE WHEN kind <> 'REDEMPTION_REVERSAL' THEN idem_key END FROM points.journal`,
    postings: `SELECT j.customer_id, j.account_version, p.line, p.debit, p.credit, p.points, p.value_fen, p.expires_on, p.points_type, p.funder_id
      FROM points.posting p JOIN points.journal j USING (customer_id, journal_id)`,
    accounts: 'SELECT * FROM points.point_account',
    lots: 'SELECT * FROM points.point_bucket',
    holds: 'SELECT customer_id, hold_id, points, captured, released, state FROM points.point_hold',
    events: `SELECT name, customer_id, payload -> 'points' FROM platform.outbox`,
    runs: 'SELECT kind, status, counts, checksum, customers_total FROM platform.run',
  };
  const state: Record<string, string> = {};
  for (const [name, sql] of Object.entries(queries)) {
    const [row] = await ask<{ told: string }>(
      url,
      `SELECT count(*) || ' ' || COALESCE(sum(hashtextextended(x::text, 0)::numeric), 0) AS told FROM (${sql}) x`,
    );
    state[name] = row?.told ?? '';
  }
  return state;
}

/** A bill of December 2022 for each. */
async function fill(url: string, customers: number): Promise<void> {
  await ask(
    url,
    `INSERT INTO customers.customer (customer_id, party_id, kind, archive, status, region, brand, opened_on,
       main_subscription_id, activated_on, sim_kind, tariff_code, package_fee_fen, real_name, version, created_at, updated_at)
     SELECT ${idOf('n')}, ${idOf('n')}, 'individual', 'in-network', 'active', '440000', 'GOTONE', '2015-01-01', ${idOf('n')}, '2015-01-01', 'MAIN',
       'T59', 5900, true, 1, now(), now() FROM generate_series(1, ${customers}) n`,
  );
  await ask(
    url,
    `INSERT INTO usage.customer_bill (customer_id, source, bill_no, version, file_id, content_hash, cycle,
       monthly_fee_fen, voice_fen, sms_fen, data_fen, roaming_fen, vas_fen, collected_for_others_fen, discount_fen,
       gift_fen, adjustment_fen, payable_fen, paid_fen, arrears_fen, due_on, issued_at, is_current, recorded_at)
     SELECT ${idOf('n')}, 'BOSS', 'B' || n, 1, ${idOf('n')}, 1, '2022-12-01', fen, 0, 0, 0, 0, 0, 0, 0, 0, 0, fen, 0, 0, '2023-01-20',
       '2023-01-02', true, '2023-01-02' FROM (SELECT n, 7000 + n::bigint * 31 % 30000 AS fen FROM generate_series(1, ${customers}) n) b`,
  );
  await ask(url, 'ANALYZE customers.customer, usage.customer_bill');
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
