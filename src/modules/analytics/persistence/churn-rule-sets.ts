import type { Database, Tx } from '../../../platform/database/index.js';
import type { ChurnRuleSetBody } from '../domain/churn-rule-set.js';
import { NoChurnRuleSetInEffect } from '../domain/refusals.js';

export interface ChurnRuleSet {
  readonly version: string;
  readonly body: ChurnRuleSetBody;
}

/** @throws NoChurnRuleSetInEffect */
export async function churnRuleSetInEffect(reader: Pick<Database | Tx, 'query'>, asOf: string): Promise<ChurnRuleSet> {
  const [found] = await reader.query<ChurnRuleSet>(
    `SELECT version, body FROM analytics.churn_rule_set
     WHERE status = 'active' AND effective_from <= $1 AND $1 < effective_until`,
    [asOf],
  );
  if (!found) throw new NoChurnRuleSetInEffect(asOf);
  return found;
}

export async function churnRuleSetOfVersion(
  reader: Pick<Database | Tx, 'query'>,
  version: string,
): Promise<ChurnRuleSet> {
  const [found] = await reader.query<ChurnRuleSet>(
    'SELECT version, body FROM analytics.churn_rule_set WHERE version = $1',
    [version],
  );
  if (!found) throw new NoChurnRuleSetInEffect(version);
  return found;
}
