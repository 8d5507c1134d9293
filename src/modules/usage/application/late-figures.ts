import { businessDate } from '../../../platform/clock/index.js';
import type { Delivered } from '../../../platform/events/index.js';
import { RunKeyRefused, type Population, type Run, type StartRun } from '../../../platform/queues/index.js';
import { KINDS, type Kind } from '../domain/codes.js';
import type { ChangedMonths } from '../domain/events.js';

/** The run that draws the consequence of late figures: told twice of the same intake, it is the same run. */
export const runForLateFigures = (
  kind: string,
  { payload: { intakeId }, occurredAt }: Pick<Delivered<ChangedMonths>, 'payload' | 'occurredAt'>,
): StartRun => ({ kind, key: intakeId, asOf: businessDate(occurredAt) });

/** @throws RunKeyRefused */
export function intakeOfRun({ key }: Pick<Run, 'key'>): string {
  const intakeId = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:\.\w+)?$/.exec(key)?.[1];
  if (!intakeId) throw new RunKeyRefused('the id of an intake as its key, or that id with .2 … to run it again');
  return intakeId;
}

/** The customers whose closed months an intake has changed; of some kinds of records, or of any. */
export const changedByIntake = (intakeId: string, kinds: readonly Kind[] = KINDS): Population => ({
  sql: 'SELECT DISTINCT customer_id FROM usage.late_change WHERE intake_id = $1 AND kind = ANY($2)',
  params: [intakeId, kinds],
});
