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
  const found = await findRuleSet(reader, version);
  if (!found) throw new RuleSetNotFound();
  return found;
}

export async function findRuleSet(reader: Reader, version: string): Promise<RuleSet | undefined> {
  const [row] = await reader.query<RuleSetRow>(
    `SELECT ${RULE_SETS.select} FROM ${RULE_SETS.from} WHERE r.version = $1`,
    [version],
  );
  return row && ruleSetOf(row);
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

/** Writes a draft down, or nothing when there is a rule set of this version. */
export async function insertDraft(
  tx: Tx,
  draft: Pick<RuleSet, 'program' | 'version' | 'effectiveFrom' | 'effectiveUntil' | 'body' | 'checksum' | 'author'>,
  createdAt: Date,
): Promise<boolean> {
  const { program, version, effectiveFrom, effectiveUntil, body, checksum, author } = draft;
  const kept = await tx.execute(
    `INSERT INTO tiering.rule_set
       (program, version, status, effective_from, effective_until, body, checksum, author, created_at)
     VALUES ($1, $2, 'draft', $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`,
    [program, version, effectiveFrom, effectiveUntil, JSON.stringify(body), checksum, author, createdAt],
  );
  return kept > 0;
}

/**
 * A rule set that is about to take a step. The row of its programme is locked first: steps of one programme
 * follow each other, and nobody waits who only refers to it.
 * @throws RuleSetNotFound
 */
export async function lockRuleSet(
  tx: Tx,
  version: string,
): Promise<{ readonly ruleSet: RuleSet; readonly coAuthors: readonly string[] }> {
  await tx.query(
    `SELECT FROM tiering.program
     WHERE program = (SELECT program FROM tiering.rule_set WHERE version = $1) FOR NO KEY UPDATE`,
    [version],
  );
  const [row] = await tx.query<RuleSetRow & { readonly co_authors: readonly string[] }>(
    `SELECT ${RULE_SETS.select} FROM ${RULE_SETS.from} WHERE r.version = $1`,
    [version],
  );
  if (!row) throw new RuleSetNotFound();
  return { ruleSet: ruleSetOf(row), coAuthors: row.co_authors };
}

/** Other rules need another preview; other days alone do not. */
export async function storeChange(
  tx: Tx,
  after: Pick<RuleSet, 'version' | 'status' | 'effectiveFrom' | 'effectiveUntil' | 'body' | 'checksum'>,
  by: string,
): Promise<void> {
  await tx.execute(
    `UPDATE tiering.rule_set SET status = $2, effective_from = $3, effective_until = $4, body = $5, checksum = $6,
       preview_run_id = CASE WHEN checksum = $6 THEN preview_run_id END,
       co_authors = CASE WHEN author = $7 OR $7 = ANY (co_authors) THEN co_authors ELSE co_authors || $7::text END
     WHERE version = $1`,
    [
      after.version,
      after.status,
      after.effectiveFrom,
      after.effectiveUntil,
      JSON.stringify(after.body),
      after.checksum,
      by,
    ],
  );
}

/** A preview of these rules is completed. Rules that have changed since, or that are approved, stay as they are. */
export async function markSimulated(
  tx: Tx,
  { version, checksum, runId }: { readonly version: string; readonly checksum: string; readonly runId: string },
): Promise<void> {
  await tx.execute(
    `UPDATE tiering.rule_set SET status = 'simulated', preview_run_id = $3
     WHERE version = $1 AND checksum = $2 AND status IN ('draft', 'simulated')`,
    [version, checksum, runId],
  );
}

interface SeenAndApproved {
  readonly version: string;
  readonly approver: string;
  readonly previewRunId: string;
  readonly approvedAt: Date;
}

export async function storeApproval(tx: Tx, approved: SeenAndApproved): Promise<void> {
  await tx.execute(
    `UPDATE tiering.rule_set SET status = 'approved', approver = $2, preview_run_id = $3, approved_at = $4 WHERE version = $1`,
    [approved.version, approved.approver, approved.previewRunId, approved.approvedAt],
  );
}

export async function storeStatus(tx: Tx, version: string, status: RuleSet['status']): Promise<void> {
  await tx.execute('UPDATE tiering.rule_set SET status = $2 WHERE version = $1', [version, status]);
}
