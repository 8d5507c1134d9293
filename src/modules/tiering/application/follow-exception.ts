import { newId, type Tx } from '../../../platform/database/index.js';
import type { LevelException } from '../domain/level-exception.js';
import { decideAgain } from '../persistence/reviews.js';

/** Lets the level follow an exception that begins or ends: what the rules and the exceptions of the day give, by the facts of now. */
export async function followException(
  tx: Tx,
  { customerId, program, exceptionId }: Pick<LevelException, 'customerId' | 'program' | 'exceptionId'>,
  { today, now }: { readonly today: string; readonly now: Date },
): Promise<void> {
  await decideAgain(tx, {
    // An exception is followed twice, when it begins and when it ends: each is a decision of its own.
    run: { runId: newId(), asOf: today },
    program,
    customers: [customerId],
    cause: { overrideId: exceptionId },
    decidedAt: now,
  });
}
