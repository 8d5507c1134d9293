import { Injectable, Logger } from '@nestjs/common';
import { Database, newId, Transaction, type Tx } from '../../database/index.js';
import { errorWithoutData } from '../../errors/index.js';
import { defineJob } from '../job.js';
import { Jobs } from '../jobs.js';
import { RunRegistry } from './run-registry.js';
import { readRuns } from './run-rows.js';
import { type Run, RunKeyTaken, RunNotCancellable, RunNotFound, RunNotResumable } from './run.js';

/** One attempt per hint: whether a run still has to go on is asked of its row, every few seconds. */
export const ExecuteRun = defineJob<{ runId: string }>('platform.execute-run', { lane: 'long', attempts: 1 });

export interface StartRun {
  readonly kind: string;
  readonly key: string;
  /** Business day `YYYY-MM-DD`. */
  readonly asOf: string;
  readonly parameters?: object;
}

/** Starts, watches, resumes and cancels runs over everybody. */
@Injectable()
export class Runs {
  private readonly logger = new Logger(Runs.name);

  constructor(
    private readonly database: Database,
    private readonly transaction: Transaction,
    private readonly jobs: Jobs,
    private readonly registry: RunRegistry,
  ) {}

  /**
   * Starts a run; the same kind and key again, also at the same moment, is the same run and starts nothing.
   * @throws UnknownRunKind, RunKeyTaken
   */
  async start({ kind, key, asOf, parameters = {} }: StartRun): Promise<{ readonly run: Run; readonly isNew: boolean }> {
    const started = await this.transaction.run((tx) => this.startWithin(tx, { kind, key, asOf, parameters }));
    if (started.isNew) await this.hint(started.runId);
    return { run: await this.get(started.runId), isNew: started.isNew };
  }

  /**
   * Starts a run with what the transaction commits, or not at all; the sweep takes it up some seconds later.
   * @throws UnknownRunKind, RunKeyTaken
   */
  async startWithin(
    tx: Tx,
    { kind, key, asOf, parameters = {} }: StartRun,
  ): Promise<{ readonly runId: string; readonly isNew: boolean }> {
    this.registry.of(kind).checkKey?.(key);
    const made = await tx.query<{ run_id: string }>(
      `INSERT INTO platform.run (run_id, kind, run_key, as_of, parameters) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (kind, run_key) DO NOTHING RETURNING run_id`,
      [newId(), kind, key, asOf, JSON.stringify(parameters)],
    );
    const [existing] = await tx.query<{ run_id: string; same: boolean }>(
      `SELECT run_id, as_of = $3 AND parameters = $4 AS same FROM platform.run WHERE kind = $1 AND run_key = $2`,
      [kind, key, asOf, JSON.stringify(parameters)],
    );
    if (!existing) throw new RunNotFound();
    if (!existing.same) throw new RunKeyTaken(existing.run_id);
    return { runId: existing.run_id, isNew: made.length > 0 };
  }

  /** @throws RunNotFound */
  async get(runId: string): Promise<Run> {
    const [run] = await readRuns(this.database, { runId });
    if (!run) throw new RunNotFound();
    return run;
  }

  /**
   * Lets a failed or cancelled run go on at its first unfinished slice.
   * @throws RunNotFound, RunNotResumable
   */
  async resume(runId: string): Promise<Run> {
    await this.transaction.run((tx) => this.resumeWithin(tx, runId));
    await this.hint(runId);
    return this.get(runId);
  }

  /**
   * Resumes a run with what the transaction commits, or not at all; the sweep takes it up some seconds later.
   * @throws RunNotFound, RunNotResumable
   */
  async resumeWithin(tx: Tx, runId: string): Promise<void> {
    const { status } = await lockRun(tx, runId);
    if (status !== 'failed' && status !== 'cancelled') throw new RunNotResumable(status);
    await tx.execute(
      `UPDATE platform.run SET status = 'pending', error = NULL, finished_at = NULL, heartbeat_at = NULL WHERE run_id = $1`,
      [runId],
    );
  }

  /**
   * Stops a run before its next slice. What its finished slices have stored stays.
   * @throws RunNotFound, RunNotCancellable
   */
  async cancel(runId: string): Promise<Run> {
    await this.transaction.run(async (tx) => {
      const { status } = await lockRun(tx, runId);
      if (status !== 'pending' && status !== 'running') throw new RunNotCancellable(status);
      await tx.execute(
        `UPDATE platform.run SET status = 'cancelled', finished_at = clock_timestamp() WHERE run_id = $1`,
        [runId],
      );
    });
    return this.get(runId);
  }

  /** The row is the truth: without the hint the run starts a few seconds later, found by the sweep. */
  private async hint(runId: string): Promise<void> {
    try {
      await this.jobs.add(ExecuteRun, { runId }, { jobId: runId });
    } catch (error) {
      this.logger.warn(`Run ${runId} waits for the sweep, its job could not be added: ${errorWithoutData(error)}`);
    }
  }
}

async function lockRun(tx: Tx, runId: string): Promise<{ readonly status: Run['status'] }> {
  const [run] = await tx.query<{ status: Run['status'] }>(
    'SELECT status FROM platform.run WHERE run_id = $1 FOR UPDATE',
    [runId],
  );
  if (!run) throw new RunNotFound();
  return run;
}
