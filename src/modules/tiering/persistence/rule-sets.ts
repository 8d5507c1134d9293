import type { Database, Tx } from '../../../platform/database/index.js';
import { NoRuleSetInEffect, RuleSetNotFound } from '../domain/refusals.js';
import type { RuleSet, RuleSetBody, RuleSetKind } from '../domain/rule-set.js';

/** The programme whose levels the views and events of this module tell. */
export const PROGRAM = 'GOTONE';

export interface RuleSetRow {
  readonly program: string;
  readonly kind: RuleSetKind;
  readonly scale: readonly string[];
  readonly version: string;
  readonly status: RuleSet['status'];
  readonly effective_from: string;
  readonly effective_until: string;
  readonly body: RuleSetBody;
  readonly checksum: string;
  readonly author: string;
  readonly approver: string | null;
  readonly preview_run_id: string | null;
}

type Reader = Pick<Database | Tx, 'query'>;

/** Rule sets with the scale of their programme: rows `r` and `g`. */
export const RULE_SETS = {
  select: 'r.*, g.kind, g.scale',
  from: 'tiering.rule_set r JOIN tiering.program g ON g.program = r.program',
} as const;

export interface Day {
  readonly program: string;
  /** `YYYY-MM-DD` */
  readonly asOf: string;
}

/** What decides about the customers of a programme on a day. */
export interface RulesInEffect {
  readonly everywhere: RuleSet;
  /** Decides instead of it in some provinces (灰度). */
  readonly trial?: { readonly ruleSet: RuleSet; readonly regions: readonly string[] };
}

/** @throws NoRuleSetInEffect */
export async function rulesInEffect(reader: Reader, { program, asOf }: Day): Promise<RulesInEffect> {
  const rows = await reader.query<RuleSetRow & { readonly regions: readonly string[] | null }>(
    `SELECT ${RULE_SETS.select}, p.regions
     FROM ${RULE_SETS.from} JOIN tiering.rule_set_period p ON p.version = r.version
     WHERE p.program = $1 AND p.effective_from <= $2 AND $2 < p.effective_until`,
    [program, asOf],
  );
  const everywhere = rows.find(({ regions }) => regions === null);
  if (!everywhere) throw new NoRuleSetInEffect(asOf);
  const [trial] = rows.flatMap(({ regions, ...row }) => (regions ? [{ ruleSet: ruleSetOf(row), regions }] : []));
  return { everywhere: ruleSetOf(everywhere), ...(trial && { trial }) };
}

/**
 * The one that decides about a customer of this province; null or undefined for one whose province is not known.
 * @throws NoRuleSetInEffect
 */
export async function ruleSetInEffect(
  reader: Reader,
  { region, ...day }: Day & { readonly region: string | null | undefined },
): Promise<RuleSet> {
  const { everywhere, trial } = await rulesInEffect(reader, day);
  return region && trial?.regions.includes(region) ? trial.ruleSet : everywhere;
}

/** @throws RuleSetNotFound */
export async function ruleSetOfVersion(reader: Reader, version: string): Promise<RuleSet> {
  const [row] = await reader.query<RuleSetRow>(
    `SELECT ${RULE_SETS.select} FROM ${RULE_SETS.from} WHERE r.version = $1`,
    [version],
  );
  if (!row) throw new RuleSetNotFound();
  return ruleSetOf(row);
}

export function ruleSetOf(row: RuleSetRow): RuleSet {
  return {
    program: row.program,
    kind: row.kind,
    scale: row.scale,
    version: row.version,
    status: row.status,
    effectiveFrom: row.effective_from,
    effectiveUntil: row.effective_until,
    body: row.body,
    checksum: row.checksum,
    author: row.author,
    approver: row.approver ?? undefined,
    previewRunId: row.preview_run_id ?? undefined,
  };
}
