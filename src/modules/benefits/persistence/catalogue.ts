import type { Database, Tx } from '../../../platform/database/index.js';
import type { Benefit, BenefitQuota } from '../domain/benefit.js';

type Reader = Pick<Database | Tx, 'query'>;

export const BENEFIT_COLUMNS = `b.code, b.program, b.service_class AS "serviceClass", b.label, b.unit, b.effective_from AS "effectiveFrom",
  b.effective_until AS "effectiveUntil"`;

export const QUOTA_COLUMNS = `q.benefit, q.level, q.version, q.units_per_year AS "unitsPerYear", q.effective_from AS "effectiveFrom", q.author`;

export async function benefitOf(reader: Reader, code: string): Promise<Benefit | undefined> {
  const [row] = await reader.query<Benefit>(`SELECT ${BENEFIT_COLUMNS} FROM benefits.benefit b WHERE b.code = $1`, [
    code,
  ]);
  return row;
}

/** Until the transaction ends nobody else changes this benefit, or a quota of it. */
export async function lockBenefit(tx: Tx, code: string): Promise<Benefit | undefined> {
  await tx.query('SELECT FROM benefits.benefit WHERE code = $1 FOR NO KEY UPDATE', [code]);
  return benefitOf(tx, code);
}

/** False when there is one of this code. */
export async function insertBenefit(tx: Tx, benefit: Benefit, createdAt: Date): Promise<boolean> {
  const { code, program, serviceClass, label, unit, effectiveFrom, effectiveUntil } = benefit;
  const inserted = await tx.execute(
    `INSERT INTO benefits.benefit (code, program, service_class, label, unit, effective_from, effective_until, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`,
    [code, program, serviceClass, JSON.stringify(label), unit, effectiveFrom, effectiveUntil, createdAt],
  );
  return inserted > 0;
}

export async function storeBenefit(
  tx: Tx,
  { code, label, effectiveUntil }: Pick<Benefit, 'code' | 'label' | 'effectiveUntil'>,
): Promise<void> {
  await tx.execute('UPDATE benefits.benefit SET label = $2, effective_until = $3 WHERE code = $1', [
    code,
    JSON.stringify(label),
    effectiveUntil,
  ]);
}

/** Appends the next version of a quota whose benefit is locked. */
export async function appendQuota(
  tx: Tx,
  { benefit, level, unitsPerYear, effectiveFrom, author }: Omit<BenefitQuota, 'version'>,
  createdAt: Date,
): Promise<BenefitQuota> {
  const [row] = await tx.query<BenefitQuota>(
    `INSERT INTO benefits.benefit_quota AS q (benefit, level, version, units_per_year, effective_from, author, created_at)
     SELECT $1, $2, COALESCE(max(version), 0) + 1, $3, $4, $5, $6 FROM benefits.benefit_quota WHERE benefit = $1 AND level = $2
     RETURNING ${QUOTA_COLUMNS}`,
    [benefit, level, unitsPerYear, effectiveFrom, author, createdAt],
  );
  if (!row) throw new Error('A version was appended');
  return row;
}

/** The programmes whose levels entitle to anything. */
export async function programsWithBenefits(reader: Reader): Promise<readonly string[]> {
  const rows = await reader.query<{ program: string }>(
    'SELECT DISTINCT program FROM benefits.benefit ORDER BY program',
  );
  return rows.map(({ program }) => program);
}
