import { newId, type Tx } from '../../../platform/database/index.js';
import type { LevelException } from '../domain/level-exception.js';
import { decideAgain } from '../persistence/reviews.js';

const ATTEMPTS = 3;

/**
 * Lets the level follow an exception that begins or ends: what the rules and the exceptions of the day give, by the facts of now. A run that
 * decides about the customer at the same moment goes first; what it has put off is decided now.
 */
export async function followException(
  tx: Tx,
  { customerId, program, exceptionId }: Pick<LevelException, 'customerId' | 'program' | 'exceptionId'>,
  { today, now }: { readonly today: string; readonly now: Date },
): Promise<void> {
  await tx.execute('DELETE FROM tiering.pending_downgrade WHERE customer_id = $1 AND program = $2', [
    customerId,
    program,
  ]);
  for (let attempt = 1; ; attempt += 1) {
    await tx.execute('SAVEPOINT following');
    try {
      await decideAgain(tx, {
        // An exception is followed twice, when it begins and when it ends: each is a decision of its own.
        run: { runId: newId(), asOf: today },
        program,
        customers: [customerId],
        cause: { overrideId: exceptionId },
        decidedAt: now,
      });
      await tx.execute('RELEASE SAVEPOINT following');
      return;
    } catch (error) {
      if (attempt === ATTEMPTS || !isOvertaken(error)) throw error;
      await tx.execute('ROLLBACK TO SAVEPOINT following');
    }
  }
}

/** Somebody else has given the customer a level meanwhile, and has committed. */
const isOvertaken = (error: unknown): boolean =>
  error instanceof Error && 'constraint' in error && error.constraint === 'tier_assignment_current';
