import { Injectable, Logger } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { Database, Transaction, type Tx } from '../../database/index.js';
import { errorWithoutData, framesOf, Refusal } from '../../errors/index.js';
import { type JobDelivery, type JobProcessor, ProcessesJob } from '../job.js';
import type { Slice } from './run-definition.js';
import { type AnyRunDefinition, RunRegistry } from './run-registry.js';
import { readRuns } from './run-rows.js';
import type { Counts, Run } from './run.js';
import { ExecuteRun } from './runs.js';

const HEARTBEAT_MS = 2_000;
const ATTEMPTS = 3;
const FIRST_RETRY_MS = 250;
const SLICE_SIZE = 20_000;
// Below and above every UUID that is an id, so that both ends of every slice are closed by a plain comparison.
const LOWEST = '00000000-0000-0000-0000-000000000000';
const HIGHEST = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

interface SliceRow {
  readonly slice_no: number;
  readonly from_customer: string;
  readonly to_customer: string;
}

/**
 * Carries a run on to its end: prepare, slice after slice, finish, each in a transaction of its own. It may be killed
 * anywhere and come again, also twice at once: a slice is held by a row lock while it is worked on and is done when its
 * transaction has committed, so two executors share the slices instead of repeating them.
 *
 * Only its end waits for the disk. Should the server lose what was committed last, then with all that was made of it, and it is done anew.
 */
@Injectable()
@ProcessesJob(ExecuteRun)
export class ExecuteRunJob implements JobProcessor<{ runId: string }> {
  private readonly logger = new Logger('Run');

  constructor(
    private readonly database: Database,
    private readonly transaction: Transaction,
    private readonly registry: RunRegistry,
  ) {}

  async process({ runId }: { runId: string }, { stopping }: Pick<JobDelivery, 'stopping'>): Promise<void> {
    const taken = await this.transaction.run((tx) =>
      tx.execute(
        `UPDATE platform.run SET status = 'running', started_at = COALESCE(started_at, clock_timestamp()),
           executing_since = clock_timestamp(), heartbeat_at = clock_timestamp()
         WHERE run_id = $1 AND status IN ('pending', 'running')`,
        [runId],
      ),
    );
    if (taken === 0) return;
    const heart = setInterval(() => void this.beat(runId), HEARTBEAT_MS);
    try {
      await this.execute(runId, stopping);
    } catch (error) {
      // Without the database the run has not failed, it waits: a sweep takes it up again.
      if (isOutage(error)) throw error;
      await this.fail(runId, error);
    } finally {
      clearInterval(heart);
    }
    if (stopping.aborted) await this.handOver(runId);
  }

  private async execute(runId: string, stopping: AbortSignal): Promise<void> {
    const [found] = await readRuns(this.database, { runId });
    if (!found) return;
    const definition = this.registry.of(found.kind);
    await persistently('prepare', () => this.transaction.run((tx) => prepare(tx, definition, runId)));
    const [run] = await readRuns(this.database, { runId });
    if (!run) return;
    const { slicesTotal, slicesDone, customersTotal } = run.progress;
    this.logger.log(
      `${run.kind} ${run.key}: ${customersTotal} customers, ${slicesTotal - slicesDone} of ${slicesTotal} slices to do`,
    );
    const hands = Array.from({ length: definition.parallelSlices ?? 1 }, () =>
      this.sliceAfterSlice(definition, run, stopping),
    );
    // All of them come to rest before one's failure is reported: none works on after the run is marked as failed.
    for (const hand of await Promise.allSettled(hands)) if (hand.status === 'rejected') throw hand.reason;
    if (stopping.aborted) return;
    await persistently('finish', () => this.transaction.run((tx) => finish(tx, definition, runId)));
    await this.report(runId);
  }

  private async sliceAfterSlice(definition: AnyRunDefinition, run: Run, stopping: AbortSignal): Promise<void> {
    for (let reported = Date.now(); !stopping.aborted;) {
      const worked = await persistently('slice', () => this.transaction.run((tx) => workSlice(tx, definition, run)));
      if (!worked) return;
      if (Date.now() - reported < 10_000) continue;
      reported = Date.now();
      await this.report(run.runId);
    }
  }

  private async report(runId: string): Promise<void> {
    const [run] = await readRuns(this.database, { runId });
    if (!run) return;
    const { percent, customersPerSecond, secondsLeft } = run.progress;
    const rate = customersPerSecond === undefined ? '' : `, ${customersPerSecond} customers/s`;
    const left = secondsLeft === undefined ? '' : `, ${secondsLeft} s left`;
    this.logger.log(`${run.kind} ${run.key}: ${run.status}, ${percent} %${rate}${left}`);
  }

  private async fail(runId: string, error: unknown): Promise<void> {
    const cause = error instanceof StepFailed ? error.cause : error;
    const text = error instanceof StepFailed ? `${error.step}: ${errorWithoutData(cause)}` : errorWithoutData(error);
    this.logger.error(`Run ${runId} has failed. ${text}`, framesOf(cause));
    await this.transaction.run((tx) =>
      tx.execute(
        `UPDATE platform.run SET status = 'failed', error = $2, finished_at = clock_timestamp()
         WHERE run_id = $1 AND status = 'running'`,
        [runId, text],
      ),
    );
  }

  /** A heart that has stopped on purpose: another worker need not wait until it looks dead. */
  private async handOver(runId: string): Promise<void> {
    await this.transaction.run((tx) =>
      tx.execute(`UPDATE platform.run SET heartbeat_at = '-infinity' WHERE run_id = $1 AND status = 'running'`, [
        runId,
      ]),
    );
  }

  private async beat(runId: string): Promise<void> {
    try {
      await this.transaction.run((tx) =>
        tx.execute(
          `UPDATE platform.run SET heartbeat_at = clock_timestamp() WHERE run_id = $1 AND status = 'running'`,
          [runId],
        ),
      );
    } catch (error) {
      this.logger.warn(`Run ${runId}: no heartbeat, ${errorWithoutData(error)}`);
    }
  }
}

/** Cuts the population into slices, once: two executors take turns, the second finds it done. */
async function prepare(tx: Tx, definition: AnyRunDefinition, runId: string): Promise<void> {
  await waitForNoDisk(tx);
  await takeTurn(tx, runId);
  const [due] = await tx.query(
    `SELECT FROM platform.run WHERE run_id = $1 AND prepared_at IS NULL AND status = 'running'`,
    [runId],
  );
  const [run] = await readRuns(tx, { runId });
  if (!due || !run) return;
  const prepared = await definition.prepare?.(tx, run);
  const { sql, params = [] } = definition.population(run);
  const nth = (n: number): string => `$${params.length + n}`;
  await tx.execute(
    `INSERT INTO platform.run_slice (run_id, slice_no, from_customer, to_customer, customers)
     SELECT ${nth(1)}::uuid, n / ${nth(2)}::int + 1,
       CASE n WHEN 0 THEN '${LOWEST}' ELSE customer_id END,
       COALESCE(lead(customer_id) OVER (ORDER BY n), '${HIGHEST}'),
       COALESCE(lead(n) OVER (ORDER BY n) - n, (SELECT count(*) FROM (${sql}) rest WHERE rest.customer_id >= first.customer_id))
     FROM (
       SELECT customer_id, row_number() OVER (ORDER BY customer_id) - 1 AS n FROM (${sql}) population
     ) first
     WHERE n % ${nth(2)}::int = 0`,
    [...params, runId, definition.sliceSize ?? SLICE_SIZE],
  );
  await tx.execute(
    `UPDATE platform.run r SET prepared_at = clock_timestamp(), rule_version = $2, slices_total = s.slices, customers_total = s.customers
     FROM (SELECT count(*) AS slices, COALESCE(sum(customers), 0) AS customers FROM platform.run_slice WHERE run_id = $1) s
     WHERE r.run_id = $1`,
    [runId, prepared?.ruleVersion ?? null],
  );
}

/** Works on the first slice that nobody holds. False when there is none, or the run is not to go on. */
async function workSlice(tx: Tx, definition: AnyRunDefinition, run: Run): Promise<boolean> {
  await waitForNoDisk(tx);
  const [row] = await tx.query<SliceRow>(
    `SELECT s.slice_no, s.from_customer, s.to_customer FROM platform.run_slice s
     WHERE s.run_id = $1 AND s.finished_at IS NULL
       AND EXISTS (SELECT FROM platform.run r WHERE r.run_id = $1 AND r.status = 'running')
     ORDER BY s.slice_no LIMIT 1 FOR UPDATE OF s SKIP LOCKED`,
    [run.runId],
  );
  if (!row) return false;
  const slice: Slice = { sliceNo: row.slice_no, from: row.from_customer, to: row.to_customer };
  const counts = await definition.slice(tx, run, slice);
  await tx.execute(
    `UPDATE platform.run_slice SET finished_at = clock_timestamp(), counts = $3 WHERE run_id = $1 AND slice_no = $2`,
    [run.runId, slice.sliceNo, JSON.stringify(counts)],
  );
  return true;
}

/** Completes the run, once, when no slice is left: also none in another executor's hands, who will then come here. */
async function finish(tx: Tx, definition: AnyRunDefinition, runId: string): Promise<void> {
  await takeTurn(tx, runId);
  const [due] = await tx.query(
    `SELECT FROM platform.run WHERE run_id = $1 AND status = 'running'
       AND NOT EXISTS (SELECT FROM platform.run_slice WHERE run_id = $1 AND finished_at IS NULL)`,
    [runId],
  );
  const [run] = await readRuns(tx, { runId });
  if (!due || !run) return;
  const sums = await tx.query<{ name: string; total: number }>(
    `SELECT c.key AS name, sum(c.value::bigint)::bigint AS total
     FROM platform.run_slice s, jsonb_each_text(s.counts) c WHERE s.run_id = $1 GROUP BY c.key ORDER BY c.key`,
    [runId],
  );
  const totals: Counts = Object.fromEntries(sums.map(({ name, total }) => [name, total]));
  const { checksum, summary } = await definition.finish(tx, run, totals);
  await tx.execute(
    `UPDATE platform.run SET status = 'completed', counts = $2, checksum = $3, summary = $4, finished_at = clock_timestamp()
     WHERE run_id = $1`,
    [runId, JSON.stringify(totals), checksum, summary === undefined ? null : JSON.stringify(summary)],
  );
}

const waitForNoDisk = (tx: Tx): Promise<unknown> => tx.execute('SET LOCAL synchronous_commit = off');

/** Not the run's row: the heart must be able to beat meanwhile. */
async function takeTurn(tx: Tx, runId: string): Promise<void> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('platform.run/' || $1, 0))`, [runId]);
}

class StepFailed extends Error {
  constructor(
    readonly step: string,
    override readonly cause: unknown,
  ) {
    super(`The ${step} step failed`);
  }
}

/** A deadlock or a serialization failure is over at the next attempt; what fails three times is broken. */
async function persistently<T>(step: string, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (isOutage(error)) throw error;
      // A refusal is an answer: asking again changes nothing.
      if (attempt === ATTEMPTS || error instanceof Refusal) throw new StepFailed(step, error);
      await sleep(FIRST_RETRY_MS * 2 ** (attempt - 1));
    }
  }
}

/** The connection or the server went away (SQLSTATE classes 08 and 57P, or the socket's own codes). */
function isOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code: unknown = Reflect.get(error, 'code');
  return typeof code === 'string' ? /^(08|57P|E[A-Z]{4,})/.test(code) : /connection terminated/i.test(error.message);
}
