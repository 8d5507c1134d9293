import type { Database, Tx } from '../../../platform/database/index.js';
import { NoRuleSetInEffect, RuleSetNotFound } from '../domain/refusals.js';
import type { RuleSet, RuleSetBody } from '../domain/rule-set.js';

/** The programme whose levels the views and events of this module tell. */
export const PROGRAM = 'GOTONE';

export interface RuleSetRow {
  readonly program: string;
  readonly version: string;
  readonly status: RuleSet['status'];
  readonly effective_from: string;
  readonly effective_until: string;
  readonly body: RuleSetBody;
  readonly checksum: string;
  readonly author: string;
  readonly approver: string | null;
}

type Reader = Pick<Database | Tx, 'query'>;

/** @throws NoRuleSetInEffect */
export async function ruleSetInEffect(reader: Reader, asOf: string): Promise<RuleSet> {
  const [row] = await reader.query<RuleSetRow>(
    `SELECT * FROM tiering.rule_set
     WHERE program = $1 AND status = 'active' AND effective_from <= $2 AND $2 < effective_until`,
    [PROGRAM, asOf],
  );
  if (!row) throw new NoRuleSetInEffect(asOf);
  return ruleSetOf(row);
}

/** @throws RuleSetNotFound */
export async function ruleSetOfVersion(reader: Reader, version: string): Promise<RuleSet> {
  const [row] = await reader.query<RuleSetRow>(`SELECT * FROM tiering.rule_set WHERE program = $1 AND version = $2`, [
    PROGRAM,
    version,
  ]);
  if (!row) throw new RuleSetNotFound();
  return ruleSetOf(row);
}

export function ruleSetOf(row: RuleSetRow): RuleSet {
  return {
    program: row.program,
    version: row.version,
    status: row.status,
    effectiveFrom: row.effective_from,
    effectiveUntil: row.effective_until,
    body: row.body,
    checksum: row.checksum,
    author: row.author,
    approver: row.approver ?? undefined,
  };
}
