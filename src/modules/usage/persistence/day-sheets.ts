import { newId, type Tx } from '../../../platform/database/index.js';
import type { Kind } from '../domain/codes.js';
import type { Difference } from '../domain/reconciliation.js';
import type { SourceDay } from '../domain/source-day.js';
import { COUNTED, type CountedDay } from './day-figures.js';

export const ON_DAY = 'd.source = $1 AND d.kind = $2 AND d.province = $3 AND d.business_date = $4';
export const keyOf = ({ source, kind, province, businessDate }: SourceDay): readonly unknown[] => [
  source,
  kind,
  province,
  businessDate,
];

/** Open days before `today` that somebody has sent something for, or has stated. */
export const openDays = (
  tx: Pick<Tx, 'query'>,
  today: string,
): Promise<{ source: string; kind: Kind; business_date: string }[]> =>
  tx.query(
    `SELECT DISTINCT day.source, day.kind, day.business_date
     FROM (SELECT source, kind, province, business_date FROM usage.intake WHERE business_date < $1
           UNION SELECT source, kind, province, business_date FROM usage.statement WHERE business_date < $1) day
       LEFT JOIN usage.source_day d USING (source, kind, province, business_date)
     WHERE COALESCE(d.state, 'OPEN') = 'OPEN' ORDER BY 1, 2, 3`,
    [today],
  );

/** Writes the sheet of a day that is open; says whether it is. A closed one keeps the figures with which it was closed. */
export async function keepSheet(
  tx: Tx,
  source: string,
  kind: Kind,
  { province, businessDate, ours, theirs, theirsFrom, duplicates, rejected, held }: CountedDay,
  at: Date,
): Promise<boolean> {
  const kept = await tx.execute(
    `INSERT INTO usage.source_day AS d (source, kind, province, business_date, theirs_from, theirs_records, theirs_fee_fen,
       theirs_minutes, theirs_kb, ours_records, ours_fee_fen, ours_minutes, ours_kb, duplicates, rejected, held, compared_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
     ON CONFLICT (source, kind, business_date, province) DO UPDATE SET theirs_from = EXCLUDED.theirs_from,
       theirs_records = EXCLUDED.theirs_records, theirs_fee_fen = EXCLUDED.theirs_fee_fen,
       theirs_minutes = EXCLUDED.theirs_minutes, theirs_kb = EXCLUDED.theirs_kb, ours_records = EXCLUDED.ours_records,
       ours_fee_fen = EXCLUDED.ours_fee_fen, ours_minutes = EXCLUDED.ours_minutes, ours_kb = EXCLUDED.ours_kb,
       duplicates = EXCLUDED.duplicates, rejected = EXCLUDED.rejected, held = EXCLUDED.held,
       compared_at = EXCLUDED.compared_at
     WHERE d.state = 'OPEN'`,
    [
      source, kind, province, businessDate, theirsFrom ?? null, theirs?.records ?? null, theirs?.feeFen ?? null,
      theirs?.minutes ?? null, theirs?.kb ?? null, ours.records, ours.feeFen, ours.minutes, ours.kb, duplicates, rejected,
      held, at,
    ],
  ); // prettier-ignore
  return kept === 1;
}

/**
 * Brings the list of differences up to what the sums say now, and to which single records have come since. What somebody wrote to a
 * difference stays as long as it stands with the same figures. Answers how many stand.
 */
export async function keepDifferences(
  tx: Tx,
  day: SourceDay,
  differences: readonly Difference[],
  at: Date,
): Promise<number> {
  const key = keyOf(day);
  await tx.execute(
    `UPDATE usage.day_difference d SET state = 'GONE', ended_at = $5
     WHERE ${ON_DAY} AND d.state <> 'GONE' AND d.measure <> 'RECORD' AND d.measure <> ALL ($6)`,
    [...key, at, differences.map(({ measure }) => measure)],
  );
  for (const difference of differences) await keepDifference(tx, day, difference, at);
  const { table, id } = COUNTED[day.kind];
  const isStored =
    day.kind === 'SUB'
      ? `SELECT FROM ${table} r WHERE r.source = d.source AND r.${id} = d.record_id AND r.version = d.version`
      : `SELECT FROM usage.record_directory r WHERE r.source = d.source AND r.kind = d.kind AND r.record_id = d.record_id
           AND r.version = d.version`;
  await tx.execute(
    `UPDATE usage.day_difference d SET state = 'GONE', ended_at = $5
     WHERE ${ON_DAY} AND d.state <> 'GONE' AND d.measure = 'RECORD' AND d.type = 'MISSING' AND EXISTS (${isStored})`,
    [...key, at],
  );
  const [row] = await tx.query<{ standing: number }>(
    `WITH standing AS (SELECT count(*) AS n FROM usage.day_difference d WHERE ${ON_DAY} AND d.state <> 'GONE')
     UPDATE usage.source_day d SET open_differences = standing.n FROM standing
     WHERE ${ON_DAY} AND d.state = 'OPEN' RETURNING d.open_differences AS standing`,
    key,
  );
  return row?.standing ?? 0;
}

async function keepDifference(
  tx: Tx,
  { source, kind, province, businessDate }: SourceDay,
  { type, measure, theirs, ours }: Difference,
  at: Date,
): Promise<void> {
  await tx.execute(
    `INSERT INTO usage.day_difference AS d (difference_id, source, kind, province, business_date, type, measure, theirs, ours,
       found_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     ON CONFLICT (source, kind, business_date, province, measure, record_id, version) DO UPDATE SET type = EXCLUDED.type,
       theirs = EXCLUDED.theirs, ours = EXCLUDED.ours, ended_at = NULL,
       state = CASE WHEN d.state = 'EXPLAINED' AND (d.theirs, d.ours) IS NOT DISTINCT FROM (EXCLUDED.theirs, EXCLUDED.ours)
         THEN 'EXPLAINED' ELSE 'OPEN' END,
       found_at = CASE WHEN d.state = 'GONE' THEN EXCLUDED.found_at ELSE d.found_at END`,
    [newId(), source, kind, province, businessDate, type, measure, theirs ?? null, ours, at],
  );
}
