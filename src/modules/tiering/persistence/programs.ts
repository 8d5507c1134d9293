import type { Database, Tx } from '../../../platform/database/index.js';
import type { Label } from '../../../platform/rules/index.js';
import type { Program } from '../domain/program.js';
import type { RuleSetKind } from '../domain/rule-set.js';

export interface ProgramRow {
  readonly program: string;
  readonly kind: RuleSetKind;
  readonly label: Label;
  readonly scale: readonly string[];
  readonly created_at: Date;
}

/** The programme as it is stored from now on; one of this name that was there stays as it is. */
export async function insertProgram(tx: Tx, { program, kind, label, scale, createdAt }: Program): Promise<boolean> {
  const kept = await tx.execute(
    `INSERT INTO tiering.program (program, kind, label, scale, created_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
    [program, kind, JSON.stringify(label), scale, createdAt],
  );
  return kept > 0;
}

export async function programOf(reader: Pick<Database | Tx, 'query'>, program: string): Promise<Program | undefined> {
  const [row] = await reader.query<ProgramRow>('SELECT * FROM tiering.program WHERE program = $1', [program]);
  return row && programFrom(row);
}

export const programFrom = ({ created_at: createdAt, ...row }: ProgramRow): Program => ({ ...row, createdAt });

/** All of them, so that no rule set takes a step meanwhile. */
export async function lockPrograms(tx: Tx): Promise<readonly string[]> {
  const rows = await tx.query<{ program: string }>(
    'SELECT program FROM tiering.program ORDER BY program FOR NO KEY UPDATE',
  );
  return rows.map(({ program }) => program);
}
