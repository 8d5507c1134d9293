import type { Tx } from '../../../../platform/database/index.js';
import { type EarnRuleSet, parseEarnRules } from '../../domain/earning/earn-rule-set.js';

interface Row {
  readonly version: number;
  readonly effective_from: string;
  readonly effective_to: string;
  readonly rules: unknown;
}

const COLUMNS = 'version, effective_from, effective_to, rules';

export class NoEarnRules extends Error {
  constructor(day: string) {
    super(`No earn rule set is in force on ${day}`);
    this.name = 'NoEarnRules';
  }
}

/** @throws NoEarnRules */
export async function ruleSetInForce(reader: Pick<Tx, 'query'>, day: string): Promise<EarnRuleSet> {
  const [row] = await reader.query<Row>(
    `SELECT ${COLUMNS} FROM points.earn_rule_set WHERE $1::date >= effective_from AND $1::date < effective_to`,
    [day],
  );
  if (!row) throw new NoEarnRules(day);
  return ruleSetOf(row);
}

/** All of them, the latest first. */
export async function allRuleSets(reader: Pick<Tx, 'query'>): Promise<EarnRuleSet[]> {
  const rows = await reader.query<Row>(`SELECT ${COLUMNS} FROM points.earn_rule_set ORDER BY version DESC`);
  return rows.map(ruleSetOf);
}

const ruleSetOf = ({ version, effective_from, effective_to, rules }: Row): EarnRuleSet => ({
  version,
  effectiveFrom: effective_from,
  effectiveTo: effective_to,
  rules: parseEarnRules(rules),
});
