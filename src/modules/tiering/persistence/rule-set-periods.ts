import { newId, type Database, type Tx } from '../../../platform/database/index.js';
import type { Days } from '../domain/refusals-of-rule-sets.js';
import type { Period, Turn } from '../domain/life-of-a-rule-set.js';

type Reader = Pick<Database | Tx, 'query'>;

/** A period with who began and who ended it. */
export interface KeptPeriod extends Period {
  readonly begunBy: string;
  readonly begunAt: Date;
  readonly endedBy: string | null;
  readonly endedAt: Date | null;
}

/** The history of a programme, or of one version: when and where it decides, and by whom. Oldest first. */
export function periodsOf(
  reader: Reader,
  { program, version }: { readonly program?: string; readonly version?: string },
): Promise<KeptPeriod[]> {
  return reader.query<KeptPeriod>(
    `SELECT period_id AS "periodId", version, regions, effective_from AS "from", effective_until AS "until",
       end_reason AS "endReason", begun_by AS "begunBy", begun_at AS "begunAt", ended_by AS "endedBy", ended_at AS "endedAt"
     FROM tiering.rule_set_period
     WHERE ($1::text IS NULL OR program = $1) AND ($2::text IS NULL OR version = $2)
     ORDER BY effective_from, begun_at`,
    [program ?? null, version ?? null],
  );
}

export async function meantDaysOf(reader: Reader, program: string): Promise<ReadonlyMap<string, Days>> {
  const rows = await reader.query<Days & { readonly version: string }>(
    `SELECT version, effective_from AS "from", effective_until AS "until" FROM tiering.rule_set WHERE program = $1`,
    [program],
  );
  return new Map(rows.map(({ version, ...days }) => [version, days]));
}

interface By {
  readonly program: string;
  readonly actorId: string;
  readonly at: Date;
}

/** What ends first makes room for what begins: the exclusion constraints are looked at with every row. */
export async function storeTurn(tx: Tx, { ends, begins, resumes }: Turn, { program, actorId, at }: By): Promise<void> {
  for (const { periodId, until, endReason } of ends) {
    await tx.execute(
      `UPDATE tiering.rule_set_period SET effective_until = $2, end_reason = $3, ended_by = $4, ended_at = $5 WHERE period_id = $1`,
      [periodId, until, endReason, actorId, at],
    );
  }
  if (resumes) {
    await tx.execute(
      `UPDATE tiering.rule_set_period SET effective_until = $2, end_reason = NULL, ended_by = NULL, ended_at = NULL WHERE period_id = $1`,
      [resumes.periodId, resumes.until],
    );
  }
  if (begins) {
    await tx.execute(
      `INSERT INTO tiering.rule_set_period (period_id, program, version, regions, effective_from, effective_until, begun_by, begun_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [newId(), program, begins.version, begins.regions, begins.from, begins.until, actorId, at],
    );
  }
}

/** Whatever decides nowhere from today on is history. */
export async function retireWhatHasEnded(tx: Tx, program: string, today: string): Promise<void> {
  await tx.execute(
    `UPDATE tiering.rule_set r SET status = 'retired'
     WHERE r.program = $1 AND r.status = 'active' AND NOT EXISTS (
       SELECT FROM tiering.rule_set_period p
       WHERE p.version = r.version AND p.effective_until > $2 AND p.effective_from < p.effective_until)`,
    [program, today],
  );
}
