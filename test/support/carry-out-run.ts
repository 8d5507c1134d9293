import type { DataSource } from 'typeorm';
import { Database, newId, Transaction } from '../../src/platform/database/index.js';
import type { Run, RunDefinition } from '../../src/platform/queues/index.js';
import { ExecuteRunJob } from '../../src/platform/queues/runs/execute-run.job.js';
import type { RunRegistry } from '../../src/platform/queues/runs/run-registry.js';
import { readRuns } from '../../src/platform/queues/runs/run-rows.js';

interface Wanted {
  readonly key: string;
  /** 'YYYY-MM-DD'. */
  readonly asOf: string;
  readonly parameters?: object;
}

/**
 * Carries a run out as a worker does: its row, its slices, its end. The same key again takes up the same run; one that had
 * failed is resumed. Without a queue: returns when the run has come to rest.
 */
export async function carryOutRun<Parameters extends object>(
  source: DataSource,
  definition: RunDefinition<Parameters>,
  { key, asOf, parameters = {} }: Wanted,
): Promise<Run> {
  const [database, transaction] = [new Database(source), new Transaction(source)];
  await transaction.run(async (tx) => {
    await tx.execute(
      `INSERT INTO platform.run (run_id, kind, run_key, as_of, parameters) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (kind, run_key) DO NOTHING`,
      [newId(), definition.kind, key, asOf, JSON.stringify(parameters)],
    );
    await tx.execute(
      `UPDATE platform.run SET status = 'pending', error = NULL, finished_at = NULL
       WHERE kind = $1 AND run_key = $2 AND status = 'failed'`,
      [definition.kind, key],
    );
  });
  const [{ run_id: runId } = { run_id: '' }] = await database.query<{ run_id: string }>(
    'SELECT run_id FROM platform.run WHERE kind = $1 AND run_key = $2',
    [definition.kind, key],
  );
  const registry = { of: () => definition } as unknown as RunRegistry;
  await new ExecuteRunJob(database, transaction, registry).process(
    { runId },
    { stopping: new AbortController().signal },
  );
  const [run] = await readRuns(database, { runId });
  if (!run) throw new Error('the run is gone');
  return run;
}
