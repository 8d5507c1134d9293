import type { Tx } from '../../../platform/database/index.js';
import { isInSlice, type Run, type Slice } from '../../../platform/queues/index.js';
import { PROFILE_CHANGE_VIEW } from '../../customers/index.js';
import { LATE_CHANGE } from '../../usage/index.js';

export const INCREMENTAL = 'tiering.incremental';

/**
 * Remembers an intake with late figures until a run has reconsidered them. Answers whether a run must be started: none if the intake was
 * told before, or if a run of its day or a later one has still to look for changes and will find it.
 */
export async function needsRun(
  tx: Tx,
  { intakeId, toldOn }: { readonly intakeId: string; readonly toldOn: string },
): Promise<boolean> {
  await takeTurn(tx);
  const isNew = await tx.execute(
    `INSERT INTO tiering.changed_intake (intake_id, told_on)
     SELECT $1::uuid, $2::date WHERE NOT EXISTS (SELECT FROM tiering.reconsidered_intake WHERE intake_id = $1)
     ON CONFLICT DO NOTHING`,
    [intakeId, toldOn],
  );
  if (isNew === 0) return false;
  const [coming] = await tx.query(
    `SELECT FROM platform.run
     WHERE kind = $1 AND as_of >= $2 AND status IN ('pending', 'running') AND prepared_at IS NULL LIMIT 1`,
    [INCREMENTAL, toldOn],
  );
  return !coming;
}

/**
 * Takes for a run whoever has changed and was not decided since: what commits from now on is the next run's. A run that has failed or was
 * cancelled has decided nobody for certain, and what it had taken is taken again.
 */
export async function freezeChanges(tx: Tx, { runId, asOf }: Pick<Run, 'runId' | 'asOf'>): Promise<void> {
  await takeTurn(tx);
  await tx.execute(
    `WITH here AS (
       SELECT system_identifier AS cluster, pg_current_snapshot() AS seen FROM pg_control_system()
     ), noted AS (
       INSERT INTO tiering.incremental_run (run_id, cluster, seen) SELECT $1, cluster, seen FROM here
     ), last AS (
       SELECT i.seen FROM tiering.incremental_run i JOIN platform.run r USING (run_id) JOIN here USING (cluster)
       WHERE r.status = 'completed' ORDER BY pg_snapshot_xmax(i.seen) DESC LIMIT 1
     ), intakes AS (
       UPDATE tiering.changed_intake c SET run_id = $1
       WHERE told_on <= $2 AND (run_id IS NULL OR EXISTS (
         SELECT FROM platform.run r WHERE r.run_id = c.run_id AND r.status IN ('failed', 'cancelled')))
       RETURNING intake_id
     )
     INSERT INTO tiering.incremental_customer (customer_id, run_id, intake_id)
     SELECT DISTINCT ON (customer_id) customer_id, $1, intake_id
     FROM (
       SELECT l.customer_id, l.intake_id FROM ${LATE_CHANGE} l WHERE l.intake_id IN (SELECT intake_id FROM intakes)
       UNION ALL
       SELECT p.customer_id, NULL FROM ${PROFILE_CHANGE_VIEW} p
       WHERE p.changed_in >= COALESCE((SELECT pg_snapshot_xmin(seen) FROM last), '0')
         AND p.changed_in < (SELECT pg_snapshot_xmax(seen) FROM here)
         AND pg_visible_in_snapshot(p.changed_in, (SELECT seen FROM last)) IS NOT TRUE
     ) changed
     ORDER BY customer_id, intake_id DESC NULLS LAST`,
    [runId, asOf],
  );
}

/** Whom the run has taken: as values, so that the planner knows how few they are. */
export async function takenCustomers(tx: Tx, { runId }: Pick<Run, 'runId'>, { from, to }: Slice): Promise<string[]> {
  const rows = await tx.query<{ customer_id: string }>(
    `SELECT customer_id FROM tiering.incremental_customer w WHERE ${isInSlice('w')} AND run_id = $3 ORDER BY customer_id`,
    [from, to, runId],
  );
  return rows.map((row) => row.customer_id);
}

/** At the end of a run: its intakes have been reconsidered. */
export async function closeChanges(tx: Tx, { runId }: Pick<Run, 'runId'>, finishedAt: Date): Promise<void> {
  await tx.execute(
    `WITH done AS (DELETE FROM tiering.changed_intake WHERE run_id = $1 RETURNING intake_id)
     INSERT INTO tiering.reconsidered_intake (intake_id, run_id, finished_at) SELECT intake_id, $1, $2 FROM done`,
    [runId, finishedAt],
  );
  await tx.execute('DELETE FROM tiering.incremental_customer WHERE run_id = $1', [runId]);
}

/** Whoever tells of an intake and whoever looks for intakes take turns: an intake is seen by the run, or starts one. */
async function takeTurn(tx: Tx): Promise<void> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('tiering.incremental', 0))`);
}
