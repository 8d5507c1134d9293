import type { Tx } from '../../../platform/database/index.js';
import type { Delivered } from '../../../platform/events/index.js';
import type { Runs } from '../../../platform/queues/index.js';
import { runForLateFigures, type ChangedMonths } from '../../usage/index.js';
import { INCREMENTAL, needsRun } from '../persistence/incremental-runs.js';

/** Lets the late figures of an intake be reconsidered: by the run that is about to begin, or by one that it starts. */
export async function reconsiderIntake(
  tx: Tx,
  runs: Pick<Runs, 'startWithin'>,
  told: Pick<Delivered<ChangedMonths>, 'payload' | 'occurredAt'>,
): Promise<void> {
  const run = runForLateFigures(INCREMENTAL, told);
  if (await needsRun(tx, { intakeId: told.payload.intakeId, toldOn: run.asOf })) await runs.startWithin(tx, run);
}
