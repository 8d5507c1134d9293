import type { Tx } from '../../../platform/database/index.js';
import { isInSlice, type Counts, type Slice } from '../../../platform/queues/index.js';
import { PROFILE_VIEW } from '../../customers/index.js';
import { AGEING, RECOVERY_DAYS } from '../domain/ageing.js';

/** Whoever has ever been billed, or owed something before we knew of it. */
export const EVER_BILLED = `SELECT customer_id FROM usage.customer_bill UNION SELECT customer_id FROM usage.arrears_record`;

/** A day is looked at for comparison a year later. */
const KEPT_DAYS = 400;

/** What was owed when the day began, of one slice; a second time it is made anew. */
export async function snapshotArrears(tx: Tx, { from, to }: Slice, asOf: string): Promise<Counts> {
  await tx.execute(`DELETE FROM usage.arrears_day d WHERE ${isInSlice('d')} AND d.as_of = $3`, [from, to, asOf]);
  const buckets = AGEING.map(({ fromDays, toDays }) =>
    sumWhere(toDays === undefined ? `age >= ${fromDays}` : `age BETWEEN ${fromDays} AND ${toDays}`),
  );
  const owing = await tx.execute(
    `INSERT INTO usage.arrears_day (customer_id, as_of, not_due_fen, ${AGEING.map(({ column }) => column).join(', ')}, overdue_fen,
       written_off_fen, open_bills, oldest_due_on)
     SELECT customer_id, $3, ${[sumWhere('age <= 0'), ...buckets, sumWhere('age > 0')].join(', ')}, sum(written_off_fen),
       count(*) FILTER (WHERE remaining_fen > 0), min(due_on) FILTER (WHERE remaining_fen > 0)
     FROM (
       SELECT c.customer_id, b.*, $3::date - b.due_on AS age
       FROM (
         SELECT customer_id FROM usage.customer_bill b WHERE ${isInSlice('b')}
         UNION SELECT customer_id FROM usage.arrears_record a WHERE ${isInSlice('a')}
       ) c
       CROSS JOIN LATERAL usage.bills_of(c.customer_id, $3::timestamp AT TIME ZONE 'Asia/Shanghai') b
       WHERE b.remaining_fen > 0 OR b.written_off_fen > 0
     ) open GROUP BY customer_id`,
    [from, to, asOf],
  );
  return { owing };
}

const sumWhere = (condition: string): string => `COALESCE(sum(remaining_fen) FILTER (WHERE ${condition}), 0)`;

/** The day by province and brand. With it the day is complete, and {@link ARREARS_AGEING} shows it. */
export async function totalArrears(tx: Tx, asOf: string): Promise<void> {
  await tx.execute(`DELETE FROM usage.arrears_total WHERE as_of = $1`, [asOf]);
  const columns = ['not_due_fen', ...AGEING.map(({ column }) => column), 'overdue_fen'];
  const older = AGEING.slice(1).map(({ column }) => `COALESCE(d.${column}, 0)`);
  await tx.execute(
    `INSERT INTO usage.arrears_total (as_of, region, brand, customers, owing_customers, ${columns.join(', ')}, earlier_overdue_fen,
       recovered_fen)
     SELECT $1::date, COALESCE(p.region, ''), COALESCE(p.brand, ''), count(*), count(*) FILTER (WHERE d.open_bills > 0),
       ${columns.map((column) => `COALESCE(sum(d.${column}), 0)`).join(', ')}, COALESCE(sum(e.overdue_fen), 0),
       COALESCE(sum(greatest(0, e.overdue_fen - (${older.join(' + ')})
         - greatest(0, COALESCE(d.written_off_fen, 0) - e.written_off_fen))), 0)
     FROM ${PROFILE_VIEW} p
       LEFT JOIN usage.arrears_day d ON d.customer_id = p.customer_id AND d.as_of = $1::date
       LEFT JOIN usage.arrears_day e ON e.customer_id = p.customer_id AND e.as_of = $1::date - ${RECOVERY_DAYS}
     GROUP BY 2, 3`,
    [asOf],
  );
  await tx.execute(`DELETE FROM usage.arrears_day WHERE as_of < $1::date - ${KEPT_DAYS}`, [asOf]);
}
