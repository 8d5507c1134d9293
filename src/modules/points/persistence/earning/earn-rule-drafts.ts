import type { Tx } from '../../../../platform/database/index.js';
import type { EarnRuleDraft } from '../../domain/earning/earn-rule-draft.js';
import { EarnRulesBeginTaken } from '../../domain/earning/refusals-of-earn-rules.js';

export interface DraftRow {
  readonly draft_id: string;
  readonly effective_from: string;
  readonly rules: object;
  readonly checksum: string;
  readonly author: string;
  readonly created_at: Date;
  readonly changed_at: Date;
  readonly version: number | null;
}

export const DRAFT_COLUMNS =
  'd.draft_id, d.effective_from, d.rules, d.checksum, d.author, d.created_at, d.changed_at, d.version';

export async function insertDraft(tx: Tx, draft: EarnRuleDraft): Promise<void> {
  await tx.execute(
    `INSERT INTO points.earn_rule_draft (draft_id, effective_from, rules, checksum, author, created_at, changed_at)
     VALUES ($1, $2, $3, $4, $5, $6, $6)`,
    [draft.draftId, draft.effectiveFrom, JSON.stringify(draft.rules), draft.checksum, draft.author, draft.createdAt],
  );
}

export async function storeDraft(tx: Tx, draft: EarnRuleDraft): Promise<void> {
  await tx.execute(
    `UPDATE points.earn_rule_draft SET effective_from = $2, rules = $3, checksum = $4, changed_at = $5 WHERE draft_id = $1`,
    [draft.draftId, draft.effectiveFrom, JSON.stringify(draft.rules), draft.checksum, draft.changedAt],
  );
}

export async function draftOf(
  reader: Pick<Tx, 'query'>,
  draftId: string,
  lock: '' | 'FOR UPDATE' = '',
): Promise<EarnRuleDraft | undefined> {
  const [row] = await reader.query<DraftRow>(
    `SELECT ${DRAFT_COLUMNS} FROM points.earn_rule_draft d WHERE d.draft_id = $1 ${lock}`,
    [draftId],
  );
  return row && earnRuleDraftOf(row);
}

export const earnRuleDraftOf = (row: DraftRow): EarnRuleDraft => ({
  draftId: row.draft_id,
  effectiveFrom: row.effective_from,
  rules: row.rules,
  checksum: row.checksum,
  author: row.author,
  createdAt: row.created_at,
  changedAt: row.changed_at,
  version: row.version ?? undefined,
});

interface Approval {
  readonly approvalId: string;
  readonly approvedBy: string;
  readonly at: Date;
}

/**
 * Makes a draft the version that is in force from its day on: the version that was, ends there, and it ends where that one would have
 * ended. Two approvals take turns.
 * @throws EarnRulesBeginTaken
 */
export async function putInForce(
  tx: Tx,
  { draftId, effectiveFrom, rules, author }: EarnRuleDraft,
  { approvalId, approvedBy, at }: Approval,
): Promise<number> {
  await tx.query('SELECT version FROM points.earn_rule_set ORDER BY version FOR UPDATE');
  // Another statement: it sees the version that somebody has added meanwhile.
  const versions = await tx.query<{ version: number; effective_from: string; effective_to: string }>(
    'SELECT version, effective_from, effective_to FROM points.earn_rule_set ORDER BY effective_from',
  );
  const before = versions.findLast(({ effective_from }) => effective_from <= effectiveFrom);
  if (before?.effective_from === effectiveFrom) throw new EarnRulesBeginTaken(effectiveFrom, before.version);
  const after = versions.find(({ effective_from }) => effective_from > effectiveFrom);
  const version = Math.max(0, ...versions.map((each) => each.version)) + 1;
  if (before) {
    await tx.execute(
      `UPDATE points.earn_rule_set SET effective_to = LEAST(effective_to, $2::date) WHERE version = $1`,
      [before.version, effectiveFrom],
    );
  }
  await tx.execute(
    `INSERT INTO points.earn_rule_set (version, effective_from, effective_to, rules, author, approved_by, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [version, effectiveFrom, after?.effective_from ?? 'infinity', JSON.stringify(rules), author, approvedBy, at],
  );
  await tx.execute(
    'UPDATE points.earn_rule_draft SET version = $2, approval_id = $3, approved_at = $4 WHERE draft_id = $1',
    [draftId, version, approvalId, at],
  );
  return version;
}
