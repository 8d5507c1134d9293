import type { Tx } from '../../../platform/database/index.js';
import type { Intake } from '../domain/intake.js';
import { hold, type HeldLine } from './held-records.js';
import { conflictIn, type OnException } from './record-store.js';
import { keepRejected } from './rejected-records.js';

/** Lets records wait; what waits already with another content is refused. */
export async function setAside(
  tx: Tx,
  intake: Intake,
  lines: readonly HeldLine[],
  onException: OnException,
): Promise<void> {
  const outcomes = await hold(tx, intake, lines);
  const refused = [];
  for (const line of lines) {
    const outcome = outcomes.get(line.lineNo) ?? 'HELD';
    if (outcome === 'CONFLICT') refused.push({ ...line, rejection: conflictIn(intake.kind) });
    onException(line.lineNo, outcome, line.reason);
  }
  await keepRejected(tx, intake, refused);
}
