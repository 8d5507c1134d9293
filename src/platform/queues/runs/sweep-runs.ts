import { Injectable, Logger } from '@nestjs/common';
import { Recurring } from '../../clock/recurring.js';
import { Database } from '../../database/index.js';
import { errorWithoutData } from '../../errors/index.js';
import { Jobs } from '../jobs.js';
import { ExecuteRun } from './runs.js';

const SWEEP_MS = 3_000;

/**
 * Finds runs that should go on and do not: their worker was killed, or the queue has lost the job. It beats in the process
 * itself and not in the queue, because a queue that has lost its jobs has lost its timetables too.
 */
@Injectable()
export class SweepRuns extends Recurring {
  private readonly logger = new Logger(SweepRuns.name);

  constructor(
    private readonly database: Database,
    private readonly jobs: Jobs,
  ) {
    super(SWEEP_MS);
  }

  protected onFailure(error: unknown): void {
    this.logger.warn(`Will look for stranded runs again: ${errorWithoutData(error)}`);
  }

  /** Adding the job of a run that has one adds nothing. */
  protected async takeTurn(): Promise<void> {
    const stranded = await this.database.query<{ run_id: string }>(
      `SELECT run_id FROM platform.run
       WHERE status IN ('pending', 'running') AND COALESCE(heartbeat_at, created_at) < clock_timestamp() - interval '8 seconds'`,
    );
    for (const { run_id: runId } of stranded) await this.jobs.add(ExecuteRun, { runId }, { jobId: runId });
  }
}
