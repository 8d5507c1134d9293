import type { Tx } from '../../../platform/database/index.js';
import type { Run } from '../../../platform/queues/index.js';
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

/** What was written so long before it could be seen is found all the same: no transaction lasts longer. */
const OVERLAP_MS = 3_600_000;

/**
 * Takes for a run whoever has changed since the completed run before looked, or since the last review began: the intakes that were told,
 * and the customers whose profile has changed. Whoever is taken twice is decided the same again. What a run that has failed or was
 * cancelled had taken is taken anew.
 */
export async function freezeChanges(
  tx: Tx,
  { runId, asOf }: Pick<Run, 'runId' | 'asOf'>,
  { program, now }: { readonly program: string; readonly now: Date },
): Promise<void> {
  await takeTurn(tx);
  const [last] = await tx.query<{ looked: Date | null }>(
    `SELECT GREATEST(
       (SELECT max(i.looked_at) FROM tiering.incremental_run i JOIN platform.run r USING (run_id) WHERE r.status = 'completed'),
       (SELECT max(started_at) FROM tiering.review WHERE program = $1)) AS looked`,
    [program],
  );
  await tx.execute('INSERT INTO tiering.incremental_run (run_id, looked_at) VALUES ($1, $2)', [runId, now]);
  const hasEnded = (run: string): string =>
    `EXISTS (SELECT FROM platform.run r WHERE r.run_id = ${run} AND r.status IN ('failed', 'cancelled'))`;
  await tx.execute(
    `WITH left_over AS (DELETE FROM tiering.incremental_customer w WHERE ${hasEnded('w.run_id')}),
     intakes AS (
       UPDATE tiering.changed_intake c SET run_id = $1 WHERE told_on <= $2 AND (run_id IS NULL OR ${hasEnded('c.run_id')})
     )
     INSERT INTO tiering.incremental_customer (customer_id, run_id)
     SELECT p.customer_id, $1 FROM ${PROFILE_CHANGE_VIEW} p WHERE p.changed_at >= $3`,
    [runId, asOf, last?.looked ? new Date(last.looked.getTime() - OVERLAP_MS) : now],
  );
}

/** Whom a run has taken, some of them more than once. */
export function takenBy(run: string, isMeant: (alias: string) => string = () => 'true'): string {
  return `SELECT l.customer_id FROM ${LATE_CHANGE} l WHERE l.intake_id = ANY(${intakesOf(run)}) AND ${isMeant('l')}
    UNION ALL
    SELECT w.customer_id FROM tiering.incremental_customer w WHERE w.run_id = ${run} AND ${isMeant('w')}`;
}

/** The newest of a run's intakes with late figures of a customer; none for whom it has taken for his profile alone. */
export function takenBecauseOf(run: string, customer: string): string {
  // Sorted before it is cut, or the planner may read all customers of an intake in its order.
  return `SELECT (array_agg(l.intake_id ORDER BY l.intake_id DESC))[1] FROM ${LATE_CHANGE} l
    WHERE l.customer_id = ${customer} AND l.intake_id = ANY(${intakesOf(run)})`;
}

/** As an array, so that the planner looks their customers up however many there are. */
const intakesOf = (run: string): string =>
  `ARRAY(SELECT c.intake_id FROM tiering.changed_intake c WHERE c.run_id = ${run})`;

/** At the end of a run: its intakes have been reconsidered, and its customers decided. */
export async function closeChanges(tx: Tx, { runId }: Pick<Run, 'runId'>, finishedAt: Date): Promise<void> {
  await tx.execute(
    `WITH decided AS (DELETE FROM tiering.incremental_customer WHERE run_id = $1),
     done AS (DELETE FROM tiering.changed_intake WHERE run_id = $1 RETURNING intake_id)
     INSERT INTO tiering.reconsidered_intake (intake_id, run_id, finished_at) SELECT intake_id, $1, $2 FROM done`,
    [runId, finishedAt],
  );
}

/** Whoever tells of an intake and whoever looks for intakes take turns: an intake is seen by the run, or starts one. */
async function takeTurn(tx: Tx): Promise<void> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('tiering.incremental', 0))`);
}
