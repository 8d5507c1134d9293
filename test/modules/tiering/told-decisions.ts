import { tellOf, type DecidedFrom, type Decision } from '../../../src/modules/tiering/domain/decide.js';
import type { Rules } from '../../../src/modules/tiering/domain/rule-set.js';
import type { TestDatabase } from '../../support/database.js';

type StoredDecision = DecidedFrom &
  Rules & { readonly customerId: string; readonly asOf: string; readonly outcome: string };

/** All decisions as they are told: decided again from what each has kept, in the order in which they were made. */
export async function toldDecisions(
  db: Pick<TestDatabase, 'query'>,
): Promise<readonly (Pick<StoredDecision, 'customerId' | 'outcome'> & Pick<Decision, 'inputs' | 'reasons'>)[]> {
  const stored = await db.query<StoredDecision & Record<string, unknown>>(
    `SELECT d.customer_id AS "customerId", d.as_of AS "asOf", d.outcome, d.facts, d.standing, d.told, r.body, p.scale
     FROM tiering.tier_decision d JOIN tiering.rule_set r ON r.version = d.rule_set_version
     JOIN tiering.program p ON p.program = r.program ORDER BY d.decided_at, d.outcome`,
  );
  return stored.map(({ customerId, outcome, asOf, ...kept }) => ({ customerId, outcome, ...tellOf(kept, kept, asOf) }));
}
